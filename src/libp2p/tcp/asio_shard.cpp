// SPDX-License-Identifier: MIT
#include "libp2p/tcp/asio_shard.hpp"

#include "libp2p/tcp/loop.hpp"

#include <future>
#include <memory>
#include <utility>

namespace mexport::libp2p::tcp {

AsioShard::AsioShard(std::uint64_t seed) : loop_(std::make_unique<Loop>(*this, seed)) {}

AsioShard::~AsioShard() {
  stop();
}

void AsioShard::start() {
  loop_->start();
}

void AsioShard::stop() {
  loop_->stop();
}

bool AsioShard::running() const {
  return loop_->running();
}

bool AsioShard::on_own_thread() const {
  return loop_->on_own_thread();
}

base::SteadyTime AsioShard::now() const {
  return loop_->now();
}

base::TimerWheel& AsioShard::timers() {
  return loop_->timers();
}

base::Random& AsioShard::random() {
  return loop_->random();
}

void AsioShard::post(std::function<void()> task) {
  loop_->post(std::move(task));
}

void AsioShard::run(const std::function<void()>& task) {
  if (!running() || on_own_thread()) {
    loop_->refresh_now();
    return task();
  }
  // Shared, so that the wait also ends when the shard stops and the task is destroyed unrun.
  auto done = std::make_shared<std::promise<void>>();
  const auto ended = done->get_future();
  loop_->post([&task, done = std::move(done)] {
    task();
    done->set_value();
  });
  ended.wait();
}

std::chrono::nanoseconds AsioShard::take_latency() {
  return loop_->take_latency();
}

}  // namespace mexport::libp2p::tcp
