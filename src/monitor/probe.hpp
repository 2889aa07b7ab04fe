// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "monitor/asking.hpp"
#include "monitor/host.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mexport::monitor {

/// What requests may ask of the discovery probe (docs/limits.md).
struct ProbeLimits {
  std::size_t requests = 8;           ///< at a time
  std::size_t cids = 4096;            ///< of one request
  std::size_t cid_bytes = 256 << 10;  ///< of all CIDs of one request
  std::chrono::seconds cancel_after = std::chrono::hours(24);
};

/// One request of the probe, running or done. Thread-safe.
class ProbeRequest final : public AskListener {
 public:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;

  /// `running` counts it until it is done. With `keeps`, answers are kept for take_answers(), up to
  /// kMaxKept that nobody has taken.
  ProbeRequest(Ask ask, base::WallTime started, Count running, bool keeps);
  ProbeRequest(const ProbeRequest&) = delete;
  ProbeRequest& operator=(const ProbeRequest&) = delete;

  const Ask& ask() const { return ask_; }
  base::WallTime started() const { return started_; }

  /// Nobody waits for it any more.
  void abandon() { abandoned_ = true; }
  /// Called once it is done, from a thread of the host or, when it is done already, from within.
  void on_end(std::function<void()> wake);
  /// Called, from threads of the host, whenever there is an answer or a failure, and at the end.
  void on_news(std::function<void()> wake);
  static constexpr std::size_t kMaxKept = 65'536;

  enum class State : std::uint8_t { running, done, stopped };
  State state() const;
  /// What has come since the last call, in the order of its coming.
  std::vector<PeerReport> take();
  std::vector<PeerAnswer> take_answers();

  /// What was said of one CID; a peer may say more than one thing.
  struct CidCounts {
    std::uint64_t have = 0;
    std::uint64_t dont_have = 0;
    std::uint64_t blocks = 0;
    std::optional<std::chrono::nanoseconds> first;  ///< HAVE or block, after that peer's WANT
  };
  struct Counts {
    std::uint64_t asked = 0;      ///< peers
    std::uint64_t failed = 0;     ///< of them: a message was not out
    std::uint64_t silent = 0;     ///< of them: have said nothing so far
    std::vector<CidCounts> cids;  ///< in the order of Ask::cids
  };
  /// Also of answers that came after the end.
  Counts counts() const;

  bool abandoned() const override { return abandoned_; }
  void on_peer(PeerReport&& report) override;
  void on_answer(PeerAnswer&& answer) override;
  void on_done(bool stopped) override;

 private:
  const Ask ask_;
  const base::WallTime started_;
  const Count running_;
  const bool keeps_;
  std::map<base::Bytes, std::size_t> index_;  // of ask_.cids
  std::atomic<bool> abandoned_{false};
  mutable std::mutex mutex_;  // guards what follows
  State state_ = State::running;
  std::vector<PeerReport> reports_;
  std::vector<PeerAnswer> answers_;
  std::function<void()> wake_;  // at the end
  std::function<void()> news_;
  std::uint64_t asked_ = 0;
  std::uint64_t failed_ = 0;
  std::unordered_set<std::string> answered_;  // peers
  std::vector<CidCounts> cids_;
};
std::string_view to_string(ProbeRequest::State state);

/// The discovery probe: what clients ask of peers, within limits. Thread-safe.
class Probe {
 public:
  enum class Refusal : std::uint8_t {
    too_many_cids,
    cancel_too_late,
    too_many_requests,
    closing,  ///< the host asks nobody any more
  };

  /// `host` and `clock` outlive it.
  Probe(Host& host, const base::Clock& clock, ProbeLimits limits = {})
      : host_(host), clock_(clock), limits_(limits) {}

  const ProbeLimits& limits() const { return limits_; }
  enum class Answers : std::uint8_t { counted, kept };
  /// CIDs that occur more than once are asked for once.
  std::expected<std::shared_ptr<ProbeRequest>, Refusal> start(Ask ask,
                                                              Answers answers = Answers::counted);

  /// Those that run, and the last few that are done, oldest first.
  std::vector<std::shared_ptr<const ProbeRequest>> requests() const;
  static constexpr std::size_t kRemembered = 32;

 private:
  std::optional<Refusal> check(const Ask& ask) const;
  void remember(std::shared_ptr<ProbeRequest> request);

  Host& host_;
  const base::Clock& clock_;
  const ProbeLimits limits_;
  std::atomic<std::uint64_t> last_{0};
  const ProbeRequest::Count running_ = std::make_shared<std::atomic<std::size_t>>(0);
  mutable std::mutex mutex_;  // guards what follows
  std::deque<std::shared_ptr<ProbeRequest>> requests_;
};

}  // namespace mexport::monitor
