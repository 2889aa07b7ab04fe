// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/runtime.hpp"
#include "crypto/aead.hpp"

#include <cstddef>
#include <vector>

namespace mexport::libp2p {

class Shard;

/// Has something to pass on before its shard goes back to sleep.
class Flushable {
 public:
  Flushable(const Flushable&) = delete;
  Flushable& operator=(const Flushable&) = delete;

  /// Runs on the shard, outside of all callbacks.
  virtual void flush() = 0;

 protected:
  Flushable() = default;
  ~Flushable() = default;

 private:
  friend class Shard;
  bool queued_ = false;
};

/// Brackets the wake-ups of a shard: everything that happens on it, happens in between.
class WakeupObserver {
 public:
  virtual ~WakeupObserver() = default;
  /// Times that are taken until on_wakeup_end() are not before `now`.
  virtual void on_wakeup_begin(base::SteadyTime now) = 0;
  virtual void on_wakeup_end() = 0;
};

/// Has frames in the shard's output buffer.
class OutputOwner {
 public:
  /// Encrypts them and passes them on, without a call to any handler; owns nothing afterwards.
  virtual void pass_on() = 0;

 protected:
  ~OutputOwner() = default;
};

/// The buffers through which all output of a shard passes, so that no connection has its own.
struct OutputBuffers {
  base::Bytes plaintext;         ///< frames of `owner`, not yet encrypted
  base::Bytes ciphertext;        ///< scratch for the time of one encryption
  OutputOwner* owner = nullptr;  ///< whose frames `plaintext` holds
};

/// What connections share that live on one thread. The driver (`tcp/`) and the simulation derive
/// from it; several nodes may live on one shard. All members but post() belong to its thread.
class Shard : public base::Runtime {
 public:
  /// Calls `item.flush()` at the end of this wake-up, once however often it is asked for.
  void flush_at_end(Flushable& item);
  /// To be called before an item is destroyed.
  void forget(Flushable& item);

  OutputBuffers& output() { return output_; }
  crypto::Aead& aead() { return aead_; }

  /// Observers are told from the next wake-up on; they outlive the shard or are removed.
  void add_observer(WakeupObserver& observer);
  void remove_observer(WakeupObserver& observer);

 protected:
  /// For the driver: before anything else in a wake-up. Idempotent within one.
  void begin_wakeup();
  /// Flushes and tells the observers. Nothing happens without a begin_wakeup() before it.
  void end_wakeup();

 private:
  void flush_all();

  std::vector<Flushable*> to_flush_;
  std::vector<WakeupObserver*> observers_;
  OutputBuffers output_;
  crypto::Aead aead_;
  bool awake_ = false;
};

}  // namespace mexport::libp2p
