// SPDX-License-Identifier: MIT
#include "monitor/probe.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mexport::monitor {
namespace {

/// Leaves the first of each, in their order. Who is asked for an identity CID, which holds its own
/// data, ignores it, or goes: a server before boxo 0.38 (boxo: bitswap/server/internal/decision).
void keep_to_be_asked(std::vector<multiformats::Cid>& cids) {
  std::set<base::Bytes> seen;
  std::erase_if(cids, [&](const multiformats::Cid& cid) {
    const auto bytes = cid.bytes();
    return multiformats::is_identity_cid(bytes) || !seen.insert(base::to_bytes(bytes)).second;
  });
}

}  // namespace

std::string_view to_string(ProbeRequest::State state) {
  switch (state) {
    case ProbeRequest::State::running:
      return "running";
    case ProbeRequest::State::done:
      return "done";
    case ProbeRequest::State::stopped:
      break;
  }
  return "stopped";
}

ProbeRequest::ProbeRequest(Ask ask, base::WallTime started, Count running, bool keeps)
    : ask_(std::move(ask)),
      started_(started),
      running_(std::move(running)),
      keeps_(keeps),
      cids_(ask_.cids.size()) {
  ++*running_;
  for (std::size_t i = 0; i < ask_.cids.size(); ++i) {
    index_.emplace(base::to_bytes(ask_.cids[i].bytes()), i);
  }
}

void ProbeRequest::on_end(std::function<void()> wake) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::running) {
      wake_ = std::move(wake);
      return;
    }
  }
  wake();
}

void ProbeRequest::on_news(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  news_ = std::move(wake);
}

ProbeRequest::State ProbeRequest::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::vector<PeerReport> ProbeRequest::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reports_, {});
}

std::vector<PeerAnswer> ProbeRequest::take_answers() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

ProbeRequest::Counts ProbeRequest::counts() const {
  const std::lock_guard lock(mutex_);
  return {.asked = asked_,
          .failed = failed_,
          .silent = asked_ - std::min<std::uint64_t>(asked_, answered_.size()),
          .cids = cids_};
}

void ProbeRequest::on_peer(PeerReport&& report) {
  const std::lock_guard lock(mutex_);
  ++asked_;
  const bool failed = !report.want.error.empty() || !report.cancel.error.empty();
  if (failed) ++failed_;
  reports_.push_back(std::move(report));
  if (failed && news_) news_();
}

void ProbeRequest::on_answer(PeerAnswer&& answer) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(base::to_bytes(answer.cid.bytes()));
  if (found == index_.end()) return;
  auto& counts = cids_[found->second];
  if (answer.kind == AnswerKind::dont_have) {
    ++counts.dont_have;
  } else {
    ++(answer.kind == AnswerKind::have ? counts.have : counts.blocks);
    if (!counts.first || answer.after < *counts.first) counts.first = answer.after;
  }
  answered_.insert(answer.peer);
  if (!keeps_ || state_ != State::running || answers_.size() == kMaxKept) return;
  answers_.push_back(std::move(answer));
  if (news_) news_();
}

void ProbeRequest::on_done(bool stopped) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    state_ = stopped ? State::stopped : State::done;
    --*running_;
    wake = std::exchange(wake_, nullptr);
    if (news_) std::exchange(news_, nullptr)();
  }
  if (wake) wake();
}

std::optional<Probe::Refusal> Probe::check(const Ask& ask) const {
  if (ask.cids.size() > limits_.cids) return Refusal::too_many_cids;
  std::size_t bytes = 0;
  for (const auto& cid : ask.cids) bytes += cid.bytes().size();
  if (bytes > limits_.cid_bytes) return Refusal::too_many_cids;
  if (ask.cancel_after > limits_.cancel_after) return Refusal::cancel_too_late;
  if (*running_ >= limits_.requests) return Refusal::too_many_requests;
  return std::nullopt;
}

std::expected<std::shared_ptr<ProbeRequest>, Probe::Refusal> Probe::start(Ask ask,
                                                                          Answers answers) {
  keep_to_be_asked(ask.cids);
  if (const auto refusal = check(ask)) return std::unexpected(*refusal);
  ask.request = ++last_;
  auto request = std::make_shared<ProbeRequest>(std::move(ask), clock_.wall_now(), running_,
                                                answers == Answers::kept);
  if (!host_.ask(request->ask(), request)) {
    request->on_done(true);
    return std::unexpected(Refusal::closing);
  }
  remember(request);
  return request;
}

void Probe::remember(std::shared_ptr<ProbeRequest> request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  if (requests_.size() <= kRemembered) return;
  const auto done = std::ranges::find_if(
      requests_, [](const auto& one) { return one->state() != ProbeRequest::State::running; });
  if (done != requests_.end()) requests_.erase(done);
}

std::vector<std::shared_ptr<const ProbeRequest>> Probe::requests() const {
  const std::lock_guard lock(mutex_);
  return {requests_.begin(), requests_.end()};
}

}  // namespace mexport::monitor
