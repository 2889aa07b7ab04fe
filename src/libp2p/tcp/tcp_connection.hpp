// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/tcp/loop.hpp"
#include "libp2p/tcp/socket.hpp"
#include "libp2p/transport.hpp"
#include "multiformats/multiaddr.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstdint>
#include <memory>

namespace mexport::libp2p::tcp {

/// A connected socket. Has no read buffer: it waits for readability, reads into the shard's scratch
/// buffer and hands that on; a write buffer only while the kernel's is full. Counted by its owner,
/// by the loop while it closes and by its own calls, all on one thread.
class TcpConnection final : public RawConnection, private Watcher {
 public:
  /// Takes over a connected, non-blocking socket.
  static RawConnectionPtr adopt(Loop& loop, Descriptor socket);

  void start(RawConnectionHandler& handler) override;
  void set_reading(bool reading) override;
  void write(base::ByteView bytes) override;
  std::size_t pending_write() const override { return pending_.size() - sent_; }
  void close() override;
  void abort() override;
  multiformats::Multiaddr local() const override;
  multiformats::Multiaddr remote() const override;
  std::string_view transport() const override { return "tcp"; }

 private:
  using Pointer = boost::intrusive_ptr<TcpConnection>;
  enum class State : std::uint8_t {
    open,
    failed,     ///< the handler will hear so
    closing,    ///< what waits is being sent
    lingering,  ///< everything is sent; waits for the peer's end, so that it gets to read it
    closed,
  };

  TcpConnection(Loop& loop, Descriptor socket);
  ~TcpConnection() override = default;
  void release() override;
  void on_ready(bool readable, bool writable) override;
  friend void intrusive_ptr_add_ref(TcpConnection* connection) { ++connection->references_; }
  friend void intrusive_ptr_release(TcpConnection* connection) {
    if (--connection->references_ == 0) delete connection;
  }

  void watch();
  void change_interest();
  Interest interest() const;
  void on_readable();
  /// Whether it is worth waiting for more.
  bool read_once(bool& more);
  void wait_writable(bool wait);
  void on_writable();
  std::size_t send_now(base::ByteView bytes);
  void drop_pending();
  void fail_later(std::error_code error);
  void report(std::error_code error);
  void linger();
  void close_socket();

  Loop& loop_;
  Descriptor socket_;
  RawConnectionHandler* handler_ = nullptr;
  base::Bytes pending_;
  std::size_t sent_ = 0;                   // bytes at the front of pending_ that are gone already
  std::unique_ptr<base::Timer> deadline_;  // once it closes
  multiformats::TcpAddress local_;
  multiformats::TcpAddress remote_;
  std::uint32_t references_ = 0;
  State state_ = State::open;
  bool watched_ = false;
  bool reading_ = true;
  bool writing_ = false;  // waits for the kernel to take more
};

}  // namespace mexport::libp2p::tcp
