// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace mexport::abuse {

/// The nth of the addresses from which attackers come, each of its own in 127.0.0.0/8, so that the
/// node's limits per address stay as they are. 0 is 127.0.0.1.
struct Source {
  std::uint32_t number = 0;

  /// For the connection `index` of many: 32 from each address.
  static Source of(std::size_t index) { return {1 + static_cast<std::uint32_t>(index / 32)}; }
};

/// A blocking TCP socket towards the node. One thread.
class Socket {
 public:
  /// Throws std::runtime_error when it cannot connect.
  explicit Socket(std::uint16_t port, Source source = {});
  /// One that the node has dialled.
  static Socket adopt(int fd);
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;

  int fd() const { return fd_; }
  /// False once the node has closed it, or has not read for long.
  bool send(base::ByteView bytes);
  /// What has come within the time; empty: nothing, or the end. Tell them apart by ended().
  base::Bytes receive(std::chrono::milliseconds within);
  /// Reads what lies there, without a look at it. Never waits. False once the node has closed it.
  bool discard();
  /// Whether the node closes it within the time; what comes before is discarded.
  bool ends_within(std::chrono::milliseconds time);
  bool ended() const { return ended_; }
  /// Closes with RST.
  void abort();

 private:
  explicit Socket(int fd);

  int fd_ = -1;
  bool ended_ = false;
};

}  // namespace mexport::abuse
