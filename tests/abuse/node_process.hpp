// SPDX-License-Identifier: MIT
#pragma once

#include "node/node_options.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mexport::abuse {

inline constexpr std::string_view kSelf = "{self}";

/// How a node is started.
struct NodeSetup {
  std::string listen = "/ip4/127.0.0.1/tcp/0";
  std::string config = R"({"Bootstrap": []})";
  std::vector<std::string> options{};  ///< of `mexport run`; kSelf in them is the node's peer id
};

/// A `mexport run` of its own on loopback, in a directory of its own that is gone with it. Throws
/// std::runtime_error when the program does not do what any test needs. One thread.
class NodeProcess {
 public:
  /// Returns when the node is ready. The program is the one that the environment names (MEXPORT).
  explicit NodeProcess(const NodeSetup& setup = {});
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  std::uint16_t port() const { return port_; }
  /// Where it listens and who it is.
  const node::KnownPeer& address() const { return address_; }
  /// The same as text.
  std::string peer_id() const { return address_.id.to_string(); }

  /// Bytes resident now, and the most since reset_peak().
  std::size_t memory() const { return status("VmRSS:"); }
  std::size_t peak_memory() const { return status("VmHWM:"); }
  void reset_peak() const;

  bool running() const;
  /// SIGTERM, and what the process ended with; -1 when a signal ended it.
  int stop();
  /// The counters of the end-of-run log line, after stop(). Those that are zero are missing.
  std::map<std::string, std::uint64_t> counters() const;
  std::string log() const;

  /// `mexport trace verify`: empty when all is well.
  std::string verify_trace() const;
  /// The lines of `mexport trace cat` of one kind.
  std::vector<std::string> events(std::string_view kind) const;
  std::filesystem::path trace_directory() const { return root_ / "traces"; }

 private:
  std::size_t status(std::string_view field) const;
  std::string make_identity() const;
  void wait_ready();
  void take_address(std::string_view line);

  std::filesystem::path root_;
  std::string program_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::uint16_t port_ = 0;
  node::KnownPeer address_;
};

}  // namespace mexport::abuse
