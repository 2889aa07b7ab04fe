// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "libp2p/tcp/socket.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <sys/epoll.h>

namespace mexport::libp2p::tcp {

/// Hears when its descriptor is ready.
class Watcher {
 public:
  /// A broken or closed connection counts as both, and is told whatever was waited for.
  virtual void on_ready(bool readable, bool writable) = 0;

 protected:
  ~Watcher() = default;
};

/// What a watcher waits for.
enum class Interest : std::uint8_t { none, read, write, read_and_write };

/// Waits for descriptors (epoll, level-triggered): one is registered once, and costs no further
/// call to the system until its interest changes. A watcher that leaves data unread is told again
/// at the next wait(), after the others. Belongs to one thread, but for wake().
class Poller {
 public:
  /// So many are told by one wait().
  static constexpr std::size_t kMaxReady = 64;

  /// Throws std::system_error when the system has no descriptor for it.
  Poller();

  /// Until forget(). Both stay valid until then. Fails with the system's error.
  base::Status watch(int fd, Interest interest, Watcher& watcher);
  void change(int fd, Interest interest, Watcher& watcher);
  /// To be called before `fd` is closed; the watcher hears nothing from then on. Fails with the
  /// system's error, and then only closing `fd` ends the watching.
  base::Status forget(int fd, const Watcher& watcher);

  /// Waits until something is ready, wake() was called or `until` has come (rounded up to
  /// milliseconds), and tells the watchers. Tells whether wake() was called.
  bool wait(base::SteadyTime until);

  /// Leaves everything that is ready waiting until `until`, so that one wait() finds more of it.
  /// Tells whether wake() was called, which ends it early.
  bool rest(base::SteadyTime until);

  /// How many watchers the last wait() told; none since a rest().
  std::size_t told() const { return told_; }

  /// Ends the wait that is under way, or the next one. Thread-safe.
  void wake();

 private:
  void take_wake_up();

  Descriptor epoll_;
  Descriptor wake_up_;
  std::array<epoll_event, kMaxReady> ready_{};  // data.ptr: the watcher; nullptr for wake_up_
  std::size_t next_ = 0;                        // of ready_, to be told
  std::size_t count_ = 0;
  std::size_t told_ = 0;
};

}  // namespace mexport::libp2p::tcp
