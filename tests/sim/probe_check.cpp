// SPDX-License-Identifier: MIT
#include "tests/sim/probe_check.hpp"

#include "monitor/peer_ask.hpp"
#include "tests/sim/accounting.hpp"

#include <chrono>

namespace mexport::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What a shard may lag behind, with its turns.
constexpr milliseconds kLag{200};

}  // namespace

void ProbeCheck::on_peer(monitor::PeerReport&& report) {
  const OwnerScope scope(Owner::world);
  if (done_) truth_.fault("{} is reported after the end of a request", report.peer);
  if (!peers_.insert(report.peer).second) truth_.fault("{} is asked twice", report.peer);
  const auto& discretion = truth_.discretion();
  const auto peer = multiformats::PeerId::from_string(report.peer);
  if (peer && discretion.excluded.contains(*peer)) {
    truth_.fault("{} is asked although it is excluded", report.peer);
  }
  using enum monitor::AskKind;
  if (ask_.kind != cancel) check_sent(report.peer, report.want);
  if (ask_.kind != want) check_sent(report.peer, report.cancel);
  if (ask_.kind != want_cancel || !report.cancel.error.empty()) return;
  if (scheduler_.now() < began_ + ask_.cancel_after) {
    truth_.fault("the CANCEL to {} came too early", report.peer);
  }
}

void ProbeCheck::check_sent(const std::string& peer, const monitor::SendReport& sent) {
  if (sent.took > monitor::AskPatience().timeout + kLag) {
    truth_.fault("a message to {} took {} ms", peer,
                 std::chrono::duration_cast<milliseconds>(sent.took).count());
  }
  if (sent.before == base::WallTime{}) truth_.fault("a message to {} has no time", peer);
}

void ProbeCheck::on_done(bool /*stopped*/) {
  if (done_) truth_.fault("a request ends twice");
  done_ = true;
}

void ProbeCheck::check_done() const {
  if (!done_) truth_.fault("a request to {} peers never ends", peers_.size());
}

}  // namespace mexport::sim
