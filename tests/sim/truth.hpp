// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "monitor/observation.hpp"
#include "monitor/privacy.hpp"
#include "multiformats/cid.hpp"
#include "multiformats/peer_id.hpp"
#include "tests/sim/scheduler.hpp"
#include "tests/sim/socket.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mexport::sim {

/// A stream that a peer opened for its messages.
struct SentStream {
  multiformats::PeerId peer;
  std::uint32_t written = 0;   ///< messages
  std::uint32_t recorded = 0;  ///< of those, heard by the monitor
  bool refused = false;        ///< the monitor reset it
  bool tls_only = false;       ///< its peer has nothing else
  bool excluded = false;       ///< its messages are counted and not recorded
};

/// A message as its sender knows it. The CID of its first entry names it.
struct SentMessage {
  std::size_t stream = 0;
  std::uint32_t index = 0;            ///< in the stream
  std::shared_ptr<const Flow> way{};  ///< null until all of it has been given to the connection
  std::uint64_t end = 0;              ///< where it ends there
  bool heard = false;
};

/// What may be known of the peers from the record.
struct Discretion {
  std::shared_ptr<const monitor::Privacy> privacy = std::make_shared<const monitor::Privacy>();
  std::set<multiformats::PeerId> excluded{};  ///< as they would be shown
  /// Peer ids and IP addresses that may stand nowhere.
  std::unordered_set<std::string> secrets{};
  std::size_t per_address = 0;  ///< connections that come from one may be open; 0: not known
};

/// A fact that the monitor's shards handed to the export path.
struct HeardFact {
  monitor::EventKind kind = monitor::EventKind::bitswap_message;
  base::SteadyTime at;
  std::uint64_t connection = 0;
  std::uint64_t message = 0;  ///< SentMessage's number; of Bitswap messages only
};

/// One life of the monitor's process, as seen from its shards.
struct HeardRun {
  std::string run_id{};
  std::vector<HeardFact> facts{};
  std::array<std::uint64_t, monitor::kEventKinds> count{};
  std::optional<base::SteadyTime> crashed_at{};
};

/// What really happened, to hold against what the monitor says. Collects what contradicts it.
class Truth {
 public:
  explicit Truth(Fingerprint& fingerprint) : fingerprint_(fingerprint) {}

  void set_discretion(Discretion discretion) { discretion_ = std::move(discretion); }
  const Discretion& discretion() const { return discretion_; }
  /// The monitor says that so many messages were not recorded; in several parts.
  void count_excluded(std::uint64_t messages) { excluded_ += messages; }

  std::size_t add_stream(SentStream stream);
  SentStream& stream(std::size_t index) { return streams_[index]; }
  /// Numbers the next message of a stream.
  std::uint64_t add_message(std::size_t stream);
  /// The one that was numbered last was not sent.
  void take_back_message();
  SentMessage& message(std::uint64_t number) { return messages_[number]; }
  const std::vector<SentMessage>& messages() const { return messages_; }

  static multiformats::Cid cid_of(std::uint64_t number);
  static std::optional<std::uint64_t> number_of(const multiformats::Cid& cid);

  void begin_run(std::string run_id) { runs_.push_back({.run_id = std::move(run_id)}); }
  HeardRun& run() { return runs_.back(); }
  const std::vector<HeardRun>& runs() const { return runs_; }
  void hear(const monitor::Fact& fact);

  /// Each message that came through whole must have been heard, or counted when excluded.
  void check_heard();

  template <class... Args>
  void fault(fmt::format_string<Args...> format, Args&&... args) {
    if (++fault_count_ <= kMaxFaults) {
      faults_.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
  }
  std::uint64_t fault_count() const { return fault_count_; }
  const std::vector<std::string>& faults() const { return faults_; }
  Fingerprint& fingerprint() { return fingerprint_; }

 private:
  static constexpr std::size_t kMaxFaults = 20;

  void hear_message(const monitor::BitswapMessageReceived& received, HeardFact& fact);
  void hear_connection(const monitor::Fact& fact, std::uint64_t id);
  void check_shown(const monitor::ConnectionFacts& connection);
  void count_address(const monitor::Fact& fact);

  Fingerprint& fingerprint_;
  std::vector<SentStream> streams_;
  std::vector<SentMessage> messages_;
  std::vector<HeardRun> runs_;
  std::map<std::uint64_t, bool> open_;  // connections of this run; false once they have ended
  std::size_t open_run_ = 0;
  std::map<std::string, std::size_t> open_from_;  // connections of this run, by remote address
  Discretion discretion_;
  std::uint64_t excluded_ = 0;
  std::vector<std::string> faults_;
  std::uint64_t fault_count_ = 0;
};

}  // namespace mexport::sim
