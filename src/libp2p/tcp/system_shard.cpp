// SPDX-License-Identifier: MIT
#include "libp2p/tcp/system_shard.hpp"

#include "libp2p/tcp/loop.hpp"

#include <memory>
#include <utility>

namespace mexport::libp2p::tcp {

SystemShard::SystemShard(std::chrono::nanoseconds rest, std::size_t max_pending_write)
    : loop_(std::make_unique<Loop>(*this, rest, max_pending_write)) {}

SystemShard::~SystemShard() {
  stop();
}

void SystemShard::start() {
  loop_->start();
}

void SystemShard::stop() {
  loop_->stop();
}

bool SystemShard::running() const {
  return loop_->running();
}

bool SystemShard::on_own_thread() const {
  return loop_->on_own_thread();
}

base::SteadyTime SystemShard::now() const {
  return loop_->now();
}

base::TimerWheel& SystemShard::timers() {
  return loop_->timers();
}

base::Random& SystemShard::random() {
  return loop_->random();
}

void SystemShard::post(std::function<void()> task) {
  loop_->post(std::move(task));
}

std::future<void> SystemShard::submit(std::function<void()> task) {
  // Shared, so that the future is also ready when the shard stops and the task is destroyed unrun.
  auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  if (!running() || on_own_thread()) {
    loop_->refresh_now();
    task();
    done->set_value();
    return ended;
  }
  loop_->post([task = std::move(task), done = std::move(done)] {
    task();
    done->set_value();
  });
  return ended;
}

void SystemShard::run(const std::function<void()>& task) {
  submit([&task] { task(); }).wait();
}

std::chrono::nanoseconds SystemShard::take_latency() {
  return loop_->take_latency();
}

}  // namespace mexport::libp2p::tcp
