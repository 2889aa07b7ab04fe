// SPDX-License-Identifier: MIT
#include "app/signals.hpp"

#include <algorithm>
#include <pthread.h>
#include <system_error>
#include <unistd.h>

namespace mexport::app {

namespace {

using std::chrono::nanoseconds;

timespec to_timespec(nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

Signals::Signals() {
  sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

Signals::~Signals() {
  if (!ender_.joinable()) return;
  ender_.request_stop();
  pthread_kill(ender_.native_handle(), SIGHUP);  // wakes it
}

std::optional<Signal> Signals::wait_until(std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto timeout = to_timespec(std::max<nanoseconds>(left, nanoseconds(0)));
    const int signal = sigtimedwait(&set_, nullptr, &timeout);
    if (signal == SIGHUP) return Signal::reopen;
    if (signal > 0) return Signal::stop;
    if (left <= nanoseconds(0)) return std::nullopt;
  }
}

void Signals::let_next_end_process() {
  try {
    ender_ = std::jthread([this](const std::stop_token& stop) { end_process_at_signal(stop); });
  } catch (const std::system_error&) {
    return;  // no thread to be had: the stop has limits of its own
  }
}

void Signals::end_process_at_signal(const std::stop_token& stop) {
  const auto from = std::chrono::steady_clock::now() + kSameSignal;
  while (!stop.stop_requested()) {
    const int signal = sigwaitinfo(&set_, nullptr);
    const bool ends = signal == SIGTERM || signal == SIGINT;
    if (ends && std::chrono::steady_clock::now() >= from) ::_exit(128 + signal);
  }
}

void ignore_broken_pipes() {
  struct sigaction action{};
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace mexport::app
