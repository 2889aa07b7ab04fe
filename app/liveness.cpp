// SPDX-License-Identifier: MIT
#include "app/liveness.hpp"

namespace mexport::app {

bool Liveness::look(base::SteadyTime now) {
  const bool shards = shards_answered();
  return heart_beats(now) && shards;
}

bool Liveness::shards_answered() {
  if (answers_ && *answers_ < parts_.shards) return false;
  answers_ = std::make_shared<std::atomic<std::size_t>>(0);
  for (std::size_t i = 0; i < parts_.shards; ++i) {
    parts_.post(i, [answers = answers_] { ++*answers; });
  }
  return true;
}

bool Liveness::heart_beats(base::SteadyTime now) {
  if (const auto beats = parts_.heartbeats(); beats != beats_) {
    beats_ = beats;
    beat_at_ = now;
  }
  return now - beat_at_ <= kHeartbeatPatience;
}

}  // namespace mexport::app
