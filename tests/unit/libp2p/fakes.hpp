// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/peer_identity.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/swarm.hpp"
#include "libp2p/transport.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// A network and a shard for tests of what stands between sockets and services: one thread, a clock
/// that moves only when told to, connections that are queues of bytes.
namespace mexport::libp2p::test {

using namespace std::chrono_literals;

/// The wall clock of the tests.
class FakeClock final : public base::Clock {
 public:
  base::SteadyTime now() const override { return {}; }
  base::WallTime wall_now() const override { return wall; }

  base::WallTime wall{std::chrono::seconds(1'800'000'000)};
};

class FakeShard final : public Shard {
 public:
  base::SteadyTime now() const override { return now_; }
  base::TimerWheel& timers() override { return timers_; }
  base::Random& random() override { return random_; }
  void post(std::function<void()> task) override { posted_.push_back(std::move(task)); }

  /// Runs what is posted, until nothing more is.
  void settle() {
    while (!posted_.empty()) {
      auto task = std::move(posted_.front());
      posted_.pop_front();
      wake_up(task);
    }
  }
  /// Lets time pass: all timers run, each at its time.
  void advance(std::chrono::nanoseconds time) {
    const auto end = now_ + time;
    settle();
    for (auto next = timers_.next_expiry(); next && *next <= end; next = timers_.next_expiry()) {
      now_ = std::max(now_, *next);
      wake_up([this] { timers_.advance(now_); });
      settle();
    }
    now_ = end;
  }
  /// Something that happens on the shard.
  void wake_up(const std::function<void()>& task) {
    begin_wakeup();
    task();
    end_wakeup();
  }
  void run(const std::function<void()>& task) {
    wake_up(task);
    settle();
  }

 private:
  base::SteadyTime now_{1h};
  base::TimerWheel timers_{now_};
  base::SeededRandom random_{7};
  std::deque<std::function<void()>> posted_;
};

/// One end of a connection. Bytes reach the other end with a later task of its shard.
class FakeRawConnection final : public RawConnection {
 public:
  struct End {
    FakeShard& shard;
    multiformats::Multiaddr local;
    multiformats::Multiaddr remote;
    std::weak_ptr<End> peer{};
    RawConnectionHandler* handler = nullptr;
    base::Bytes inbox{};
    bool inbox_ended = false;  // the peer has closed
    std::error_code inbox_error{};
    bool open = true;
    bool reading = true;
    bool stuck = false;  // the peer does not read: writes wait
    base::Bytes waiting{};
    std::size_t chunk = SIZE_MAX;  // what is delivered at a time
    std::uint64_t bytes_sent = 0;
    std::uint64_t writes = 0;

    void deliver() {
      while (handler != nullptr && reading && !inbox.empty()) {
        const auto size = std::min(chunk, inbox.size());
        base::Bytes piece(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(size));
        inbox.erase(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(size));
        handler->on_bytes(piece);
      }
      if (handler == nullptr || !inbox_ended || !(reading || inbox_error)) return;
      open = false;
      std::exchange(handler, nullptr)->on_closed(inbox_error);
    }
  };

  explicit FakeRawConnection(std::shared_ptr<End> end) : end_(std::move(end)) {}

  void start(RawConnectionHandler& handler) override {
    end_->handler = &handler;
    wake(end_);
  }
  void set_reading(bool reading) override {
    end_->reading = reading;
    if (reading) wake(end_);
  }
  void write(base::ByteView bytes) override {
    if (!end_->open) return;
    ++end_->writes;
    if (end_->stuck) return base::append(end_->waiting, bytes);
    end_->bytes_sent += bytes.size();
    if (const auto peer = end_->peer.lock()) {
      base::append(peer->inbox, bytes);
      wake(peer);
    }
  }
  std::size_t pending_write() const override { return end_->waiting.size(); }
  void close() override { hang_up({}); }
  void abort() override { hang_up(std::make_error_code(std::errc::connection_reset)); }
  multiformats::Multiaddr local() const override { return end_->local; }
  multiformats::Multiaddr remote() const override { return end_->remote; }
  std::string_view transport() const override { return "memory"; }

  static void wake(const std::shared_ptr<End>& end) {
    end->shard.post([end] { end->deliver(); });
  }
  /// Lets a stuck end's bytes go.
  static void unstick(const std::shared_ptr<End>& end) {
    end->stuck = false;
    if (const auto peer = end->peer.lock()) {
      base::append(peer->inbox, std::exchange(end->waiting, {}));
      wake(peer);
    }
    end->shard.post([end] {
      if (end->handler != nullptr) end->handler->on_drained();
    });
  }

 private:
  void release() override {
    if (end_->open) abort();
    delete this;
  }
  void hang_up(std::error_code error) {
    end_->handler = nullptr;
    if (!std::exchange(end_->open, false)) return;
    if (const auto peer = end_->peer.lock()) {
      peer->inbox_ended = true;
      peer->inbox_error = error;
      wake(peer);
    }
  }

  std::shared_ptr<End> end_;
};

/// Where listeners are found by their address, and dials meet them.
class FakeNetwork {
 public:
  using Accept = std::function<void(RawConnectionPtr)>;
  using EndPtr = std::shared_ptr<FakeRawConnection::End>;

  void listen(const multiformats::Multiaddr& address, FakeShard& shard, Accept accept) {
    listeners_[address.to_string()] = {&shard, std::move(accept)};
  }
  void silence(const multiformats::Multiaddr& address) { listeners_.erase(address.to_string()); }

  /// Both ends of a new connection, the dialler's first. They stay in `ends`.
  std::pair<EndPtr, EndPtr> connect(FakeShard& from, FakeShard& to,
                                    const multiformats::Multiaddr& local,
                                    const multiformats::Multiaddr& remote) {
    auto a = std::make_shared<FakeRawConnection::End>(
        FakeRawConnection::End{.shard = from, .local = local, .remote = remote});
    auto b = std::make_shared<FakeRawConnection::End>(
        FakeRawConnection::End{.shard = to, .local = remote, .remote = local});
    a->peer = b;
    b->peer = a;
    a->chunk = b->chunk = chunk;
    ends.push_back(a);
    ends.push_back(b);
    return {a, b};
  }

  struct Listening {
    FakeShard* shard = nullptr;
    Accept accept;
  };
  const Listening* find(const multiformats::Multiaddr& address) const {
    const auto found = listeners_.find(address.to_string());
    return found == listeners_.end() ? nullptr : &found->second;
  }

  std::size_t chunk = SIZE_MAX;
  std::vector<EndPtr> ends;
  std::vector<std::string> dialled;   // each attempt's address
  std::set<std::string> black_holes;  // addresses that never answer
  std::error_code out_of_room;        // no dial gets a socket

 private:
  std::map<std::string, Listening> listeners_;
};

inline RawConnectionPtr raw_of(const FakeNetwork::EndPtr& end) {
  return RawConnectionPtr(new FakeRawConnection(end));
}

class FakeTransport final : public Transport {
 public:
  FakeTransport(FakeNetwork& network, FakeShard& shard, multiformats::Multiaddr local)
      : network_(network), shard_(shard), local_(std::move(local)) {}

  bool can_dial(const multiformats::Multiaddr& address) const override {
    return address.tcp_address().has_value();
  }
  std::unique_ptr<PendingDial> dial(const multiformats::Multiaddr& address,
                                    DialCallback callback) override {
    network_.dialled.push_back(address.to_string());
    auto shared = std::make_shared<DialCallback>(std::move(callback));
    if (!network_.black_holes.contains(address.to_string())) {
      shard_.post([this, address, shared] { meet(address, *shared); });
    }
    return std::make_unique<Pending>(shared);
  }

 private:
  class Pending final : public PendingDial {
   public:
    explicit Pending(std::shared_ptr<DialCallback> callback) : callback_(std::move(callback)) {}
    ~Pending() override { *callback_ = nullptr; }

   private:
    std::shared_ptr<DialCallback> callback_;
  };

  void meet(const multiformats::Multiaddr& address, DialCallback& callback) {
    const auto call = std::exchange(callback, nullptr);
    if (!call) return;
    if (network_.out_of_room) return call(base::fail(network_.out_of_room));
    const auto* listening = network_.find(address);
    if (listening == nullptr) {
      return call(base::fail(std::make_error_code(std::errc::connection_refused)));
    }
    const auto [mine, theirs] = network_.connect(shard_, *listening->shard, local_, address);
    auto accepted = std::make_shared<RawConnectionPtr>(raw_of(theirs));
    listening->shard->post(
        [accept = listening->accept, accepted] { accept(std::move(*accepted)); });
    call(raw_of(mine));
  }

  FakeNetwork& network_;
  FakeShard& shard_;
  multiformats::Multiaddr local_;
};

/// Keeps what a swarm tells.
class RecordingEvents final : public SwarmEvents {
 public:
  struct Ended {
    std::uint64_t id = 0;
    CloseInfo info;
    ConnectionStats stats;
  };

  void on_connected(Connection& connection) override {
    connected.push_back(&connection);
    if (when_connected) when_connected(connection);
  }
  void on_disconnected(Connection& connection, const CloseInfo& info) override {
    std::erase(connected, &connection);
    disconnected.push_back({connection.id(), info, connection.stats()});
    if (when_disconnected) when_disconnected(connection);
  }
  void on_identified(Connection& connection, IdentifyResult result) override {
    identified.push_back(std::move(result));
    if (when_identified) when_identified(connection);
  }

  std::vector<Connection*> connected;
  std::vector<Ended> disconnected;
  std::vector<IdentifyResult> identified;
  std::function<void(Connection&)> when_connected;
  std::function<void(Connection&)> when_disconnected;
  std::function<void(Connection&)> when_identified;
};

inline multiformats::Multiaddr addr(std::string_view text) {
  return multiformats::Multiaddr::from_string(text).value();
}

/// A whole node on one shard, listening at `address`.
struct TestNode {
  TestNode(FakeNetwork& network, FakeShard& on, std::string_view address, SwarmOptions options = {},
           const std::vector<std::string>& muxers = {"/yamux/1.0.0"},
           Admission* admission = nullptr)
      : shard(on),
        listen_addr(addr(address)),
        identity(PeerIdentity::generate().value()),
        security(NodeSecurity::create(identity, clock, muxers).value()),
        transport(network, on, listen_addr) {
    if (options.agent_version.empty()) options.agent_version = "test/1";
    swarm = std::make_unique<Swarm>(SwarmParts{.shard = shard,
                                               .identity = identity,
                                               .security = security,
                                               .directory = directory,
                                               .ids = ids,
                                               .clock = clock,
                                               .events = events,
                                               .log = {},
                                               .admission = admission},
                                    std::move(options));
    swarm->add_transport(transport);
    network.listen(listen_addr, shard,
                   [this](RawConnectionPtr raw) { swarm->accept(std::move(raw)); });
  }
  ~TestNode() { swarm.reset(); }
  TestNode(const TestNode&) = delete;
  TestNode& operator=(const TestNode&) = delete;

  const multiformats::PeerId& id() const { return identity.peer_id(); }
  /// Dials `other`, lets everything settle, and gives the connection or the error.
  base::Result<Connection*> connect(const TestNode& other) {
    return dial(other.id(), {other.listen_addr});
  }
  base::Result<Connection*> dial(const multiformats::PeerId& peer,
                                 std::vector<multiformats::Multiaddr> addresses) {
    base::Result<Connection*> result =
        base::fail(std::make_error_code(std::errc::operation_in_progress));
    shard.run([&] {
      swarm->dial(peer, addresses, [&](base::Result<Connection*> answer) { result = answer; });
    });
    return result;
  }

  FakeShard& shard;
  multiformats::Multiaddr listen_addr;
  PeerIdentity identity;
  FakeClock clock;
  NodeSecurity security;
  FakeTransport transport;
  PeerDirectory directory;
  ConnectionIds ids;
  RecordingEvents events;
  std::unique_ptr<Swarm> swarm;
};

}  // namespace mexport::libp2p::test
