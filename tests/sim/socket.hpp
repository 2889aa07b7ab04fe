// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "libp2p/transport.hpp"
#include "multiformats/multiaddr.hpp"
#include "tests/sim/shard.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <system_error>

namespace mexport::sim {

/// How a link carries bytes.
struct LinkQuality {
  std::chrono::nanoseconds latency{std::chrono::milliseconds(20)};
  std::uint64_t bytes_per_second = 0;   ///< 0: as many as come
  std::size_t largest_read = 64 << 10;  ///< a read takes up to so many bytes
  std::size_t in_flight = 256 << 10;    ///< what the network takes before writes have to wait
};

/// What went one way over a connection. Outlives its sockets.
struct Flow {
  std::uint64_t written = 0;    ///< given to the sender's socket
  std::uint64_t delivered = 0;  ///< handed to the receiver
  /// Of those, bytes that the receiver has surely looked at: once it hangs up it may leave out what
  /// came in the same wake-up, and what follows damaged bytes.
  std::uint64_t heard() const { return std::min(ended ? heard_at_end : delivered, damaged_at); }

  std::uint64_t damaged_at = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t heard_at_end = 0;
  bool ended = false;  ///< the receiver hung up first
};

class Socket;
using SocketPtr = std::shared_ptr<Socket>;

/// One end of a connection. The rules are those of the driver over TCP: what is not taken at once
/// waits, up to kMaxPendingWrite; a handler is called on its shard only, and hears of the end once.
class Socket final : public std::enable_shared_from_this<Socket> {
 public:
  Socket(SimShard& shard, base::Random& random, multiformats::Multiaddr local,
         multiformats::Multiaddr remote, LinkQuality quality);

  static void join(Socket& a, Socket& b);
  /// The RawConnection over it, to be made once.
  libp2p::RawConnectionPtr raw();

  const multiformats::Multiaddr& local() const { return local_; }
  const multiformats::Multiaddr& remote() const { return remote_; }
  bool open() const { return state_ == State::open; }
  SimShard& shard() { return *shard_; }
  const std::shared_ptr<Flow>& out() const { return out_; }
  const std::shared_ptr<Flow>& in() const { return in_; }

  // Faults.
  /// The connection breaks; each end hears of it after the latency.
  void break_off();
  /// Nothing arrives here before `until`.
  void stall(base::SteadyTime until) { stalled_until_ = std::max(stalled_until_, until); }
  /// Nothing arrives at either end any more, and nobody is told.
  void vanish();
  /// The next byte that is sent from here is damaged.
  void damage() { damage_next_ = true; }

 private:
  class Raw;
  enum class State : std::uint8_t { open, failed, closing, dead };

  void start(libp2p::RawConnectionHandler& handler);
  void set_reading(bool reading);
  void write(base::ByteView bytes);
  void close();
  void abort();
  void hang_up();

  std::size_t push(base::ByteView bytes);
  void push_pending();
  void send_end();
  void reset_peer();
  void fail_later(std::error_code error);
  void schedule_pump(std::chrono::nanoseconds delay);
  void pump();
  void deliver(std::size_t size);
  void report(std::error_code error);
  void die();
  std::size_t waiting() const { return flight_.size() - taken_; }

  std::shared_ptr<SimShard> shard_;
  base::Random& random_;
  multiformats::Multiaddr local_;
  multiformats::Multiaddr remote_;
  LinkQuality quality_;
  std::weak_ptr<Socket> peer_;
  libp2p::RawConnectionHandler* handler_ = nullptr;
  State state_ = State::open;
  base::Bytes pending_;  // not yet taken by the network
  base::Bytes flight_;   // on its way to us
  std::size_t taken_ = 0;
  std::shared_ptr<Flow> out_;
  std::shared_ptr<Flow> in_;
  std::uint64_t delivered_before_ = 0;
  std::uint64_t last_delivery_ = 0;
  base::SteadyTime stalled_until_ = base::SteadyTime::min();
  std::uint64_t sent_ = 0;
  bool end_sent_ = false;
  bool reported_ = false;
  bool end_comes_ = false;
  bool reset_came_ = false;
  bool pumping_ = false;
  bool reading_ = true;
  bool vanished_ = false;
  bool damage_next_ = false;
};

}  // namespace mexport::sim
