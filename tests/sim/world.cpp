// SPDX-License-Identifier: MIT
#include "tests/sim/world.hpp"

#include "tests/sim/identity.hpp"
#include "tests/sim/trace_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mexport::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t kMonitorIdentity = 1'000'000;
constexpr std::size_t kPeerShards = 4;
/// Until each time-out has passed: of the keep-alive, of identify, of dials.
constexpr seconds kCalm{180};
/// What a process may keep of what went through it: the buffers of each shard, and tables whose
/// size follows no peer (agent versions, addresses that failed).
constexpr std::int64_t kKeptBytesPerShard = 3 << 20;
constexpr std::int64_t kKeptBytes = 512 << 10;
constexpr std::int64_t kKeptBlocks = 400;

/// CIDs that the probe asks for; no message has them.
constexpr std::uint64_t kFirstProbed = 1'000'000'000;

/// So many hosts are in subnets that may be excluded.
constexpr std::size_t kExcludedHosts = 2;
constexpr std::array kExcludedRanges{"20.0.0.0/23", "2a01:1::/32", "2a01:2::/32"};

multiformats::Multiaddr address(std::string_view text) {
  return multiformats::Multiaddr::from_string(text).value();
}

}  // namespace

World::World(std::uint64_t seed)
    : seed_(seed),
      plan_(Plan::of(seed)),
      openssl_(seed),
      random_(seed ^ 0x5eed),
      probe_random_(seed ^ 0x9a0b),
      network_(scheduler_, random_.next()),
      disk_(random_.next()),
      truth_(scheduler_.fingerprint()),
      identity_(identity_of(kMonitorIdentity)),
      monitor_{identity_.peer_id(),
               {address("/ip4/5.0.0.1/tcp/4001"), address("/ip6/2a00::1/tcp/4001")}} {
  network_.set_quality([this](base::Random& random) { return quality(random); });
  network_.set_dial_faults(plan_.dial_faults);
  truth_.set_discretion(choose_discretion());
  for (std::size_t i = 0; i < kPeerShards; ++i) {
    shards_.push_back(std::make_shared<SimShard>(scheduler_, random_.next(), Owner::world));
  }
}

World::~World() {
  process_.reset();
  intruders_.clear();
  peers_.clear();
  scheduler_.clear();
}

LinkQuality World::quality(base::Random& random) const {
  LinkQuality quality;
  quality.latency = milliseconds(1 + random.below(random.below(4) == 0 ? 400 : 60));
  if (random.below(1000) < plan_.fragmented) quality.largest_read = 1 + random.below(600);
  if (random.below(1000) < plan_.slow) {
    quality.bytes_per_second = 4'000 + random.below(200'000);
    quality.in_flight = 2'000 + random.below(60'000);
  }
  return quality;
}

nanoseconds World::somewhen(nanoseconds within) {
  return nanoseconds(random_.below(static_cast<std::uint64_t>(within.count()) + 1));
}

bool World::is_ip6(std::size_t peer) const {
  return base::SeededRandom(seed_ + peer).below(1000) < plan_.ip6;
}

std::string World::ip_of(std::size_t peer) const {
  const auto host = peer / plan_.peers_per_host;
  if (is_ip6(peer)) return fmt::format("2a01:{:x}::{:x}", host + 1, peer + 1);
  return fmt::format("20.{}.{}.1", host / 200, host % 200);
}

std::uint64_t World::identity_number(std::size_t peer) const {
  // Several peers with one identity are one peer with several connections.
  return peer % plan_.identities;
}

bool World::excluded(std::size_t peer) const {
  const bool near = peer / plan_.peers_per_host < kExcludedHosts;
  return identity_number(peer) < plan_.privacy.excluded_identities ||
         (near && plan_.privacy.excluded_subnets);
}

Discretion World::choose_discretion() const {
  monitor::Privacy::Options options{.addresses = plan_.privacy.addresses};
  if (plan_.privacy.keyed) options.peer_key.emplace();
  for (std::uint64_t i = 0; i < plan_.privacy.excluded_identities; ++i) {
    options.excluded_peers.push_back(identity_of(i).peer_id());
  }
  if (plan_.privacy.excluded_subnets) {
    for (const auto* const range : kExcludedRanges) {
      options.excluded_subnets.push_back(multiformats::IpRange::from_cidr(range).value());
    }
  }
  const bool hidden = options.addresses != monitor::AddressDetail::full;
  Discretion discretion{.privacy = std::make_shared<const monitor::Privacy>(options),
                        .per_address = hidden ? 0 : plan_.monitor.admission.per_address};
  for (const auto& peer : options.excluded_peers) {
    discretion.excluded.insert(discretion.privacy->shown(peer));
    discretion.secrets.insert(peer.to_string());
  }
  for (std::size_t i = 0; i < plan_.peers; ++i) {
    const auto id = identity_of(identity_number(i)).peer_id().to_string();
    if (plan_.privacy.keyed) discretion.secrets.insert(id);
    const bool near = i / plan_.peers_per_host < kExcludedHosts && plan_.privacy.excluded_subnets;
    if (near || hidden) discretion.secrets.insert(ip_of(i));
  }
  return discretion;
}

PeerOptions World::options_of(std::size_t peer) {
  PeerOptions options{.identity = identity_number(peer),
                      .host = (is_ip6(peer) ? "/ip6/" : "/ip4/") + ip_of(peer)};
  if (peer < plan_.listening_peers && peer < plan_.identities) {
    options.listen = address(fmt::format("{}/tcp/{}", options.host, 4001 + peer));
  }
  options.mean_pause = plan_.mean_pause;
  options.streams = 1 + random_.below(3);
  options.protocol =
      static_cast<wire::BitswapProtocol>(random_.below(10) < 7 ? 0 : random_.below(4));
  options.reads_answers = random_.below(8) != 0;
  options.big_messages = plan_.big_messages;
  const auto security = random_.below(1000);
  if (security < plan_.tls_only) {
    options.security = {libp2p::SecurityProtocol::tls};
  } else if (security < plan_.tls_only + plan_.tls_first) {
    std::ranges::reverse(options.security);
  }
  options.excluded = excluded(peer);
  return options;
}

void World::make_peers() {
  for (std::size_t i = 0; i < plan_.peers; ++i) {
    auto options = options_of(i);
    if (options.listen) {
      kept_.push_back({identity_of(options.identity).peer_id(), {*options.listen}});
    }
    peers_.push_back(
        std::make_unique<SimPeer>(SimPeer::Parts{.shard = *shards_[i % kPeerShards],
                                                 .network = network_,
                                                 .truth = truth_,
                                                 .clock = clock_,
                                                 .monitor = monitor_,
                                                 .held = plan_.serves ? &held_ : nullptr},
                                  std::move(options), random_.next()));
  }
  for (std::size_t i = 0; i < plan_.intruders; ++i) {
    intruders_.push_back(std::make_unique<Intruder>(
        *shards_[i % kPeerShards], network_, fmt::format("/ip4/30.0.{}.1", i), random_.next()));
  }
}

bool World::start_monitor() {
  auto options = plan_.monitor;
  options.keep = kept_;
  options.privacy = truth_.discretion().privacy;
  if (plan_.serves) options.blocks = held_.blocks();
  options.pipeline.privacy = options.privacy;
  const auto seed = random_.next();
  const OwnerScope scope(Owner::monitor);
  process_ = std::make_unique<MonitorProcess>(MonitorParts{.scheduler = scheduler_,
                                                           .clock = clock_,
                                                           .network = network_,
                                                           .disk = disk_,
                                                           .truth = truth_,
                                                           .identity = identity_},
                                              std::move(options), seed);
  if (process_->start(monitor_.addresses)) return true;
  process_.reset();
  return false;
}

void World::measure() {
  scheduler_.run_until(scheduler_.now() + seconds(3));
  base_ = footprint(Owner::monitor);
  base_timers_ = process_->armed_timers();
}

void World::invite() {
  for (const auto& peer : peers_) {
    scheduler_.after(somewhen(plan_.duration / 4), [peer = peer.get()] { peer->join(); });
    scheduler_.at(until_ - somewhen(plan_.duration / 4), [peer = peer.get()] { peer->leave(); });
  }
  for (const auto& intruder : intruders_) {
    scheduler_.after(somewhen(plan_.duration / 2),
                     [this, one = intruder.get()] { one->join(monitor_.addresses.front()); });
    scheduler_.at(until_ - somewhen(plan_.duration / 4), [one = intruder.get()] { one->leave(); });
  }
}

void World::often(milliseconds mean, void (World::*what)()) {
  if (mean.count() == 0) return;
  scheduler_.after(somewhen(2 * mean), [this, mean, what] {
    if (!busy_) return;
    (this->*what)();
    often(mean, what);
  });
}

void World::fault_link() {
  const auto open = network_.open_sockets();
  if (open.empty()) return;
  auto& socket = *open[random_.below(open.size())];
  switch (random_.below(5)) {
    case 0:
      return socket.break_off();
    case 1:
      return socket.vanish();
    case 2:
      return socket.damage();
    default:
      return socket.stall(scheduler_.now() + somewhen(seconds(random_.below(4) == 0 ? 60 : 5)));
  }
}

void World::fault_disk() {
  const bool full = random_.below(2) == 0;
  if (full) {
    disk_.set_full(true);
  } else {
    disk_.set_failing(static_cast<std::uint32_t>(100 + random_.below(901)));
  }
  scheduler_.after(somewhen(seconds(15)), [this] {
    disk_.set_full(false);
    disk_.set_failing(0);
  });
}

void World::step_clock() {
  const auto size = random_.below(3) == 0 ? nanoseconds(std::chrono::hours(30)) : seconds(20);
  const auto by = somewhen(size);
  clock_.step(random_.below(2) == 0 ? by : -by);
}

void World::hold_up() {
  if (process_) process_->hold_up(scheduler_.now() + somewhen(seconds(5)));
}

void World::probe() {
  if (!process_) return;
  const OwnerScope scope(Owner::world);
  monitor::Ask ask{.request = probes_.size() + 1,
                   .kind = static_cast<monitor::AskKind>(probe_random_.below(3)),
                   .cids = {},
                   .cancel_after = seconds(probe_random_.below(20))};
  const auto cids = probe_random_.below(4) == 0 ? probe_random_.below(1000) : 1;
  for (std::uint64_t i = 0; i < cids; ++i) {
    ask.cids.push_back(Truth::cid_of(kFirstProbed + probe_random_.below(1'000'000)));
  }
  const auto check = std::make_shared<ProbeCheck>(std::move(ask), scheduler_, truth_);
  probes_.push_back(check);
  process_->ask(check->ask(), check);
  if (probe_random_.below(8) != 0) return;
  scheduler_.after(milliseconds(probe_random_.below(10'000)), [check] { check->abandon(); });
}

void World::stop_monitor() {
  process_->stop();
  process_->check_accounts();
  process_.reset();
}

void World::crash() {
  if (!process_) return;
  const bool power = random_.below(2) == 0;
  process_->crash(power);
  process_.reset();
  if (power) disk_.lose_power();
  come_back();
}

void World::restart() {
  if (!process_) return;
  stop_monitor();
  come_back();
}

void World::come_back() {
  scheduler_.after(somewhen(seconds(10)), [this] {
    if (!process_ && !start_monitor()) come_back();
  });
}

void World::calm_down() {
  scheduler_.run_until(until_);
  busy_ = false;
  disk_.set_full(false);
  disk_.set_failing(0);
  scheduler_.run_until(scheduler_.now() + kCalm);
}

void World::check_quiet() {
  // Peers that are kept and gone may be being dialled, with a timer or two for each.
  const auto kept = kept_.size();
  process_->check_no_connections(base_timers_ + 2 * kept);
  const auto now = footprint(Owner::monitor);
  const auto shards = static_cast<std::int64_t>(plan_.monitor.shards);
  const auto refused = static_cast<std::int64_t>(process_->refused_networks());
  const auto blocks = kKeptBlocks + 30 * static_cast<std::int64_t>(kept) + 2 * refused;
  if (now.blocks - base_.blocks > blocks) {
    truth_.fault("{} blocks of memory are left, {} were held at the start", now.blocks,
                 base_.blocks);
  }
  if (now.bytes - base_.bytes > kKeptBytes + shards * kKeptBytesPerShard) {
    truth_.fault("{} bytes of memory are left, {} were held at the start", now.bytes, base_.bytes);
  }
}

/// What is finished fits; what is being written comes on top.
void World::check_retained() {
  const auto limit = plan_.monitor.traces.retention.max_bytes;
  if (!limit) return;
  if (const auto size = disk_.finished_bytes(); size > *limit) {
    truth_.fault("{} bytes of finished traces are kept, {} may be", size, *limit);
  }
}

Outcome World::run() {
  make_peers();
  if (!start_monitor()) truth_.fault("the monitor does not start");
  measure();
  until_ = scheduler_.now() + plan_.duration;
  invite();
  often(plan_.mean_link_fault, &World::fault_link);
  often(plan_.mean_disk_fault, &World::fault_disk);
  often(plan_.mean_clock_step, &World::step_clock);
  often(plan_.mean_hold_up, &World::hold_up);
  often(plan_.mean_probe, &World::probe);
  for (std::uint32_t i = 0; i < plan_.crashes; ++i) {
    scheduler_.after(somewhen(plan_.duration), [this] { crash(); });
  }
  for (std::uint32_t i = 0; i < plan_.restarts; ++i) {
    scheduler_.after(somewhen(plan_.duration), [this] { restart(); });
  }
  calm_down();
  check_quiet();
  check_retained();
  stop_monitor();
  for (const auto& probe : probes_) probe->check_done();
  truth_.check_heard();
  disk_.restore_removed();
  // What a crash may take: what was not flushed, the turns of two threads, and their hold-ups.
  const auto unusual = plan_.mean_disk_fault.count() + plan_.mean_hold_up.count() > 0;
  check_traces(disk_, plan_.monitor.traces.directory, truth_, seconds(unusual ? 60 : 2));

  Outcome outcome{.faults = truth_.faults(),
                  .fault_count = truth_.fault_count(),
                  .fingerprint = scheduler_.fingerprint().value(),
                  .events = scheduler_.events(),
                  .messages_sent = truth_.messages().size()};
  for (const auto& probe : probes_) outcome.asked += probe->peers();
  for (const auto& run : truth_.runs()) {
    outcome.messages_heard +=
        run.count[static_cast<std::size_t>(monitor::EventKind::bitswap_message)];
    outcome.connections +=
        run.count[static_cast<std::size_t>(monitor::EventKind::connection_event)];
  }
  return outcome;
}

}  // namespace mexport::sim
