// SPDX-License-Identifier: MIT
// A load for a node: connections that stay idle, or that send wantlists at a rate. Prints one line
// of JSON when all are connected (and have sent their `--each` messages) and one when it has sent
// what it should; ends when its input ends.
#include "crypto/hash.hpp"
#include "multiformats/cid.hpp"
#include "node/shard_pool.hpp"
#include "node/small_peer.hpp"
#include "wire/bitswap_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace mexport;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct LoadOptions {
  std::string target;
  std::size_t connections = 10;
  double rate = 0;  // messages per second over all connections
  std::size_t entries = 5;
  std::size_t messages = 100;  // different ones, which the connections cycle through
  std::size_t each = 0;        // messages of each connection before the rate begins
  double seconds = 10;
  std::optional<std::uint64_t>
      first_number{};  // each message asks for its own number, from here on
  bool send_dont_have = false;
  milliseconds keep_alive_after = libp2p::yamux::Options().keep_alive_after;
  libp2p::SecurityOptions security;
};

constexpr std::string_view kUsage =
    "usage: mexport-load --target MULTIADDR/p2p/PEER [--connections N] [--rate "
    "MESSAGES_PER_SECOND]\n"
    "                    [--entries N] [--messages N] [--each N] [--seconds S] "
    "[--send-dont-have]\n"
    "                    [--security noise|tls] [--numbered FIRST] [--keep-alive S]\n";

[[noreturn]] void fail(std::string_view what) {
  std::fprintf(stderr, "mexport-load: %.*s\n%.*s", static_cast<int>(what.size()), what.data(),
               static_cast<int>(kUsage.size()), kUsage.data());
  std::exit(2);
}

libp2p::SecurityProtocol parse_security(std::string_view name) {
  for (const auto protocol : {libp2p::SecurityProtocol::noise, libp2p::SecurityProtocol::tls}) {
    if (to_string(protocol) == name) return protocol;
  }
  fail("--security is noise or tls");
}

LoadOptions parse(int argc, char** argv) {
  LoadOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--send-dont-have") {
      options.send_dont_have = true;
      continue;
    }
    if (i + 1 == argc) fail("a value is missing");
    const char* value = argv[++i];
    if (name == "--target") {
      options.target = value;
    } else if (name == "--connections") {
      options.connections = std::strtoul(value, nullptr, 10);
    } else if (name == "--rate") {
      options.rate = std::strtod(value, nullptr);
    } else if (name == "--entries") {
      options.entries = std::strtoul(value, nullptr, 10);
    } else if (name == "--messages") {
      options.messages = std::strtoul(value, nullptr, 10);
    } else if (name == "--each") {
      options.each = std::strtoul(value, nullptr, 10);
    } else if (name == "--seconds") {
      options.seconds = std::strtod(value, nullptr);
    } else if (name == "--numbered") {
      options.first_number = std::strtoull(value, nullptr, 10);
    } else if (name == "--keep-alive") {
      options.keep_alive_after = std::chrono::seconds(std::strtoul(value, nullptr, 10));
    } else if (name == "--security") {
      options.security.protocols = {parse_security(value)};
    } else {
      fail("unknown option");
    }
  }
  return options;
}

node::KnownPeer parse_target(const std::string& text) {
  const auto address = multiformats::Multiaddr::from_string(text);
  if (!address || !address->peer_id()) fail("--target needs a multiaddr that ends in /p2p/PEER");
  return {.id = *address->peer_id(), .addresses = {address->without_p2p()}};
}

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Want-haves of random CIDs.
std::vector<base::Bytes> make_messages(const LoadOptions& options) {
  std::vector<base::Bytes> frames;
  base::SeededRandom random(1);
  for (std::size_t i = 0; i < options.messages; ++i) {
    wire::BitswapMessageWriter message(wire::BitswapProtocol::v1_2_0);
    for (std::size_t k = 0; k < options.entries; ++k) {
      const auto digest = crypto::sha256(base::as_bytes(std::to_string(random.next())));
      const auto cid = multiformats::Cid::v1(0x55, 0x12, digest);
      message.add_entry({.cid = cid.bytes(),
                         .priority = 1,
                         .want_type = wire::WantType::have,
                         .send_dont_have = options.send_dont_have});
    }
    frames.push_back(message.frame());
  }
  return frames;
}

/// Want-haves: of a CID that is the number itself (version 1, raw, identity, 8 bytes big-endian),
/// and of others that follow from it.
base::Bytes numbered_message(std::uint64_t number, std::size_t entries) {
  wire::BitswapMessageWriter message(wire::BitswapProtocol::v1_2_0);
  const auto ask = [&](std::uint64_t hash_code, base::ByteView digest) {
    const auto cid = multiformats::Cid::v1(0x55, hash_code, digest);
    message.add_entry({.cid = cid.bytes(),
                       .priority = 1,
                       .want_type = wire::WantType::have,
                       .send_dont_have = false});
  };
  base::Bytes digits;
  for (int shift = 56; shift >= 0; shift -= 8) {
    digits.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  ask(0x00, digits);
  for (std::size_t k = 1; k < entries; ++k) {
    digits.push_back(0);
    ask(0x12, crypto::sha256(digits));
  }
  return message.frame();
}

class Load {
 public:
  explicit Load(LoadOptions options)
      : options_(std::move(options)),
        target_(parse_target(options_.target)),
        frames_(make_messages(options_)),
        pool_(1) {
    pool_.start();
  }
  ~Load() {
    pool_.shard(0).run([this] { peers_.clear(); });
  }

  bool connect() {
    // In portions, so that the listener's queue is not what is measured.
    while (peers_.size() < options_.connections) {
      pool_.shard(0).run([this] { add_peers(kAtOnce); });
      if (!wait_until_ready()) return false;
    }
    return true;
  }

  /// The first messages of each connection: what opens its stream.
  void send_each() {
    const std::uint64_t all = options_.each * peers_.size();
    while (sent_ < all) send_up_to(std::min<std::uint64_t>(all, sent_ + kAtOnce));
  }

  std::uint64_t send_at_rate() {
    const auto before = sent_;
    const auto start = steady_clock::now();
    const auto end = start + std::chrono::duration<double>(options_.seconds);
    for (auto now = start; now < end; now = steady_clock::now()) {
      const double elapsed = std::chrono::duration<double>(now - start).count();
      send_up_to(before + static_cast<std::uint64_t>(elapsed * options_.rate));
    }
    return sent_ - before;
  }

  /// On the wire, before encryption.
  std::size_t message_size() const { return frames_.front().size(); }

 private:
  static constexpr std::size_t kAtOnce = 64;
  /// What a connection's buffer takes of a large message at once.
  static constexpr std::size_t kPiece = 256 << 10;

  void send_up_to(std::uint64_t due) {
    pool_.shard(0).run([&] {
      while (sent_ < due && send_next()) ++sent_;
    });
    std::this_thread::sleep_for(milliseconds(2));
  }

  // False when its connection does not take it now; what it took is not sent again.
  bool send_next() {
    auto& peer = *peers_[sent_ % peers_.size()];
    const base::ByteView frame = next_frame();
    while (taken_ < frame.size()) {
      const auto piece = frame.subspan(taken_, std::min(kPiece, frame.size() - taken_));
      if (!peer.send(piece)) return false;
      taken_ += piece.size();
    }
    taken_ = 0;
    return true;
  }

  base::ByteView next_frame() {
    if (!options_.first_number) return frames_[sent_ / peers_.size() % frames_.size()];
    if (taken_ == 0) numbered_ = numbered_message(*options_.first_number + sent_, options_.entries);
    return numbered_;
  }

  void add_peers(std::size_t count) {
    for (std::size_t i = 0; i < count && peers_.size() < options_.connections; ++i) {
      auto peer = node::SmallPeer::create(
          {.shard = pool_.shard(0), .connection_ids = connection_ids_, .clock = clock_, .log = {}},
          swarm_options());
      if (!peer) fail("cannot make a key");
      peers_.push_back(std::move(*peer));
      peers_.back()->keep_connected(target_);
    }
  }

  libp2p::SwarmOptions swarm_options() const {
    libp2p::SwarmOptions options;
    options.agent_version = "mexport-load/0.1.0";
    options.security = options_.security;
    options.yamux.keep_alive_after = options_.keep_alive_after;
    return options;
  }

  bool wait_until_ready() {
    const auto deadline = steady_clock::now() + std::chrono::seconds(20);
    while (steady_clock::now() < deadline) {
      bool ready = true;
      pool_.shard(0).run([&] {
        ready = std::all_of(peers_.begin(), peers_.end(), [](auto& p) { return p->ready(); });
      });
      if (ready) return true;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return false;
  }

  LoadOptions options_;
  node::KnownPeer target_;
  std::vector<base::Bytes> frames_;
  base::SystemClock clock_;
  libp2p::ConnectionIds connection_ids_;
  node::ShardPool pool_;
  std::vector<std::unique_ptr<node::SmallPeer>> peers_;
  std::uint64_t sent_ = 0;
  std::size_t taken_ = 0;  // bytes of the message that is being sent
  base::Bytes numbered_;   // that message, when it has a number
};

}  // namespace

int main(int argc, char** argv) {
  const LoadOptions options = parse(argc, argv);
  raise_descriptor_limit();
  Load load(options);
  if (!load.connect()) {
    std::fprintf(stderr, "mexport-load: not all connections came up within 20 s\n");
    return 1;
  }
  load.send_each();
  std::printf("{\"connected\":%zu,\"bytes\":%zu}\n", options.connections, load.message_size());
  std::fflush(stdout);
  if (options.rate > 0) {
    std::printf("{\"sent\":%llu}\n", static_cast<unsigned long long>(load.send_at_rate()));
    std::fflush(stdout);
  }
  while (std::getchar() != EOF) {
  }
  return 0;
}
