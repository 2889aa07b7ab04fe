// SPDX-License-Identifier: MIT
#include "libp2p/tcp/poller.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace mexport::libp2p::tcp {
namespace {

constexpr std::uint32_t kBroken = EPOLLERR | EPOLLHUP;

std::uint32_t events_of(Interest interest) {
  switch (interest) {
    case Interest::none:
      return 0;
    case Interest::read:
      return EPOLLIN;
    case Interest::write:
      return EPOLLOUT;
    case Interest::read_and_write:
      break;
  }
  return EPOLLIN | EPOLLOUT;
}

epoll_event event_of(Interest interest, Watcher* watcher) {
  epoll_event event{};
  event.events = events_of(interest);
  event.data.ptr = watcher;
  return event;
}

int milliseconds_until(base::SteadyTime until) {
  const auto left = until - std::chrono::steady_clock::now();
  return static_cast<int>(
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count(), 0));
}

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_up_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  auto event = event_of(Interest::read, nullptr);
  if (epoll_.get() < 0 || wake_up_.get() < 0 ||
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_up_.get(), &event) != 0) {
    throw std::system_error(last_error(), "epoll");
  }
}

base::Status Poller::watch(int fd, Interest interest, Watcher& watcher) {
  auto event = event_of(interest, &watcher);
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return base::fail(last_error());
  return {};
}

void Poller::change(int fd, Interest interest, Watcher& watcher) {
  auto event = event_of(interest, &watcher);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

base::Status Poller::forget(int fd, const Watcher& watcher) {
  for (std::size_t i = next_; i < count_; ++i) {
    if (ready_[i].data.ptr == &watcher) ready_[i].events = 0;
  }
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr) != 0) return base::fail(last_error());
  return {};
}

bool Poller::wait(base::SteadyTime until) {
  const int count = ::epoll_wait(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()),
                                 milliseconds_until(until));
  bool woken = false;
  count_ = static_cast<std::size_t>(std::max(count, 0));
  told_ = count_;
  for (next_ = 0; next_ < count_;) {
    const epoll_event event = ready_[next_++];
    if (event.events == 0) continue;  // forgotten
    if (event.data.ptr == nullptr) {
      take_wake_up();
      woken = true;
      continue;
    }
    const bool broken = (event.events & kBroken) != 0;
    static_cast<Watcher*>(event.data.ptr)
        ->on_ready(broken || (event.events & EPOLLIN) != 0,
                   broken || (event.events & EPOLLOUT) != 0);
  }
  count_ = next_ = 0;
  return woken;
}

bool Poller::rest(base::SteadyTime until) {
  told_ = 0;
  const auto left = std::chrono::nanoseconds(until - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd woken{wake_up_.get(), POLLIN, 0};
  const timespec limit{0, static_cast<long>(std::min<std::int64_t>(left.count(), 999'999'999))};
  if (::ppoll(&woken, 1, &limit, nullptr) <= 0) return false;
  take_wake_up();
  return true;
}

void Poller::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the wait ends too.
  [[maybe_unused]] const auto written = ::write(wake_up_.get(), &one, sizeof one);
}

void Poller::take_wake_up() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_up_.get(), &count, sizeof count);
}

}  // namespace mexport::libp2p::tcp
