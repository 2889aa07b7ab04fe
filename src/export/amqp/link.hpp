// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/amqp/address.hpp"
#include "export/amqp/flow.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace mexport::exporter::amqp {

inline constexpr std::string_view kExchange = "ipfs.passive_monitoring";

struct TlsOptions {
  std::string ca_file{};           ///< PEM; empty: those of the system
  std::string certificate_file{};  ///< PEM, of the client; empty: none
  std::string key_file{};          ///< its key, PEM without a pass phrase
  bool verify_host = true;         ///< off: any certificate of the CAs is good
};

struct LinkOptions {
  std::string connection_name{};  ///< as the broker shows it
  std::string version{};          ///< of this program
  std::chrono::seconds heartbeat{10};
  std::chrono::milliseconds time_out{10'000};  ///< of each step of connecting, and of closing
  bool persistent = false;                     ///< delivery mode 2
  TlsOptions tls{};
};

/// What a link tells, in the order in which the broker said it. Called by poll() alone.
class LinkEvents {
 public:
  virtual ~LinkEvents() = default;
  virtual void on_ack(std::uint64_t tag, bool multiple) = 0;
  virtual void on_nack(std::uint64_t tag, bool multiple) = 0;
  /// A publishing that nothing is bound for; its acknowledgement follows.
  virtual void on_return(std::string_view routing_key, std::string_view run_id,
                         std::uint64_t first) = 0;
  virtual void on_blocked(bool blocked, std::string_view reason) = 0;
};

/// Why a link could not be made or is gone, for people. Without secrets; what the broker said of it
/// is cut and printable.
struct LinkError {
  std::string what;
};

/// A connection to a broker with one channel, on which the exchange is declared and publishings are
/// confirmed. Of one thread at a time, except where noted. After an error it is of no more use.
class Link {
 public:
  template <class T>
  using Result = std::expected<T, LinkError>;

  /// Blocks: for as long as names take to be looked up, then up to the time-out for each step.
  static Result<std::unique_ptr<Link>> open(const Address& address, const LinkOptions& options);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Whether so many bytes can be written without waiting for the broker to read. What is larger
  /// than the socket's buffer may be written once that is empty.
  bool writable(std::size_t bytes) const;
  /// Returns the delivery's tag, for the confirm. Mandatory.
  Result<std::uint64_t> publish(const Outgoing& outgoing);
  /// Reads what has come, and for `patience` waits for it. Keeps heartbeats, and notices when the
  /// broker doesn't.
  Result<void> poll(std::chrono::milliseconds patience, LinkEvents& events);

  /// Says good-bye, for at most so long.
  void close(std::chrono::milliseconds patience);
  /// Makes a call that blocks fail at once. From any thread, while the link exists.
  void abort() noexcept;

 private:
  class Impl;
  explicit Link(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mexport::exporter::amqp
