// SPDX-License-Identifier: MIT
#include "libp2p/peer_directory.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p {

/// All but `version` is guarded by the stripe's mutex. `version` grows with each new snapshot, so
/// that a reader that has seen it needs no lock.
struct PeerDirectory::Entry {
  explicit Entry(const multiformats::PeerId& id) : peer(id) {}

  const multiformats::PeerId peer;
  std::atomic<std::uint32_t> version{0};
  std::vector<std::uint64_t> connections;  // in step with snapshot->addresses, then unlisted
  std::vector<std::string> unlisted;       // addresses beyond kMaxListedAddresses
  PeerSnapshotPtr snapshot;

  void add(std::uint64_t connection, std::string address);
  void remove(std::uint64_t connection);

  void publish(PeerSnapshot next) {
    snapshot = std::make_shared<const PeerSnapshot>(std::move(next));
    version.fetch_add(1, std::memory_order_release);
  }
};

void PeerDirectory::Entry::add(std::uint64_t connection, std::string address) {
  auto next = snapshot ? *snapshot : PeerSnapshot();
  connections.push_back(connection);
  next.connections = connections.size();
  if (connections.size() > kMaxListedAddresses) {
    unlisted.push_back(std::move(address));
  } else {
    auto addresses = next.addresses ? *next.addresses : std::vector<std::string>();
    addresses.push_back(std::move(address));
    next.addresses = std::make_shared<const std::vector<std::string>>(std::move(addresses));
  }
  publish(std::move(next));
}

void PeerDirectory::Entry::remove(std::uint64_t connection) {
  auto next = *snapshot;
  const auto at = std::ranges::find(connections, connection) - connections.begin();
  connections.erase(connections.begin() + at);
  next.connections = connections.size();
  const auto listed = std::ssize(*next.addresses);
  if (at >= listed) {
    unlisted.erase(unlisted.begin() + (at - listed));
  } else {
    auto addresses = *next.addresses;
    addresses.erase(addresses.begin() + at);
    if (!unlisted.empty()) {
      addresses.push_back(std::move(unlisted.front()));
      unlisted.erase(unlisted.begin());
    }
    next.addresses = std::make_shared<const std::vector<std::string>>(std::move(addresses));
  }
  publish(std::move(next));
}

PeerDirectory::PeerDirectory() : stripes_(std::make_unique<std::array<Stripe, kParts>>()) {}
PeerDirectory::~PeerDirectory() = default;

PeerDirectory::Stripe& PeerDirectory::stripe_of(const multiformats::PeerId& peer) const {
  return (*stripes_)[std::hash<multiformats::PeerId>{}(peer) % kParts];
}

PeerDirectory::Handle PeerDirectory::open(const multiformats::PeerId& peer,
                                          std::uint64_t connection_id, std::string address) {
  Handle handle;
  handle.directory_ = this;
  handle.connection_id_ = connection_id;

  Stripe& stripe = stripe_of(peer);
  const std::lock_guard lock(stripe.mutex);
  auto& entry = stripe.entries[peer];
  if (!entry) entry = std::make_shared<Entry>(peer);
  entry->add(connection_id, std::move(address));
  handle.entry_ = entry;
  return handle;
}

std::size_t PeerDirectory::connection_count(const multiformats::PeerId& peer) const {
  const Stripe& stripe = stripe_of(peer);
  const std::lock_guard lock(stripe.mutex);
  const auto found = stripe.entries.find(peer);
  return found == stripe.entries.end() ? 0 : found->second->connections.size();
}

std::size_t PeerDirectory::peer_count() const {
  std::size_t count = 0;
  for (const Stripe& stripe : *stripes_) {
    const std::lock_guard lock(stripe.mutex);
    count += stripe.entries.size();
  }
  return count;
}

void PeerDirectory::visit(const std::function<void(const PeerSnapshot&)>& visit) const {
  std::vector<PeerSnapshotPtr> snapshots;
  for (const Stripe& stripe : *stripes_) {
    snapshots.clear();
    {
      const std::lock_guard lock(stripe.mutex);
      snapshots.reserve(stripe.entries.size());
      for (const auto& [peer, entry] : stripe.entries) snapshots.push_back(entry->snapshot);
    }
    for (const auto& snapshot : snapshots) visit(*snapshot);
  }
}

std::vector<PeerDirectory::Listed> PeerDirectory::part(std::size_t index) const {
  const Stripe& stripe = (*stripes_)[index];
  std::vector<Listed> listed;
  const std::lock_guard lock(stripe.mutex);
  listed.reserve(stripe.entries.size());
  for (const auto& [peer, entry] : stripe.entries) {
    listed.push_back({peer, entry->snapshot, entry->connections});
  }
  return listed;
}

std::shared_ptr<const std::string> PeerDirectory::intern(std::string_view text) {
  const std::lock_guard lock(agents_.mutex);
  auto& texts = agents_.texts;
  if (texts.size() >= agents_.sweep_at) {
    std::erase_if(texts, [](const auto& item) { return item.second.expired(); });
    agents_.sweep_at = std::max<std::size_t>(64, texts.size() * 2);
  }
  auto& known = texts[std::string(text)];
  auto shared = known.lock();
  if (!shared) known = shared = std::make_shared<const std::string>(text);
  return shared;
}

PeerDirectory::Handle::~Handle() {
  close();
}

PeerDirectory::Handle::Handle(Handle&& other) noexcept
    : directory_(std::exchange(other.directory_, nullptr)),
      entry_(std::move(other.entry_)),
      snapshot_(std::move(other.snapshot_)),
      connection_id_(other.connection_id_),
      version_(other.version_) {}

PeerDirectory::Handle& PeerDirectory::Handle::operator=(Handle&& other) noexcept {
  if (this == &other) return *this;
  close();
  directory_ = std::exchange(other.directory_, nullptr);
  entry_ = std::move(other.entry_);
  snapshot_ = std::move(other.snapshot_);
  connection_id_ = other.connection_id_;
  version_ = other.version_;
  return *this;
}

const PeerSnapshotPtr& PeerDirectory::Handle::snapshot() {
  // Once closed, what was seen last stays.
  if (!entry_ || entry_->version.load(std::memory_order_acquire) == version_) return snapshot_;
  const std::lock_guard lock(directory_->stripe_of(entry_->peer).mutex);
  version_ = entry_->version.load(std::memory_order_relaxed);
  snapshot_ = entry_->snapshot;
  return snapshot_;
}

void PeerDirectory::Handle::set_agent_version(std::string_view agent) {
  if (!entry_) return;
  auto interned = directory_->intern(agent);
  const std::lock_guard lock(directory_->stripe_of(entry_->peer).mutex);
  if (entry_->snapshot->agent_version == interned) return;
  auto next = *entry_->snapshot;
  next.agent_version = std::move(interned);
  entry_->publish(std::move(next));
}

void PeerDirectory::Handle::set_protocols(
    std::shared_ptr<const std::vector<std::string>> protocols) {
  if (!entry_) return;
  const std::lock_guard lock(directory_->stripe_of(entry_->peer).mutex);
  if (entry_->snapshot->protocols == protocols) return;
  auto next = *entry_->snapshot;
  next.protocols = std::move(protocols);
  entry_->publish(std::move(next));
}

std::size_t PeerDirectory::Handle::close() {
  if (!entry_) return 0;
  snapshot();
  const auto entry = std::exchange(entry_, nullptr);
  Stripe& stripe = directory_->stripe_of(entry->peer);
  const std::lock_guard lock(stripe.mutex);
  entry->remove(connection_id_);
  const auto left = entry->connections.size();
  if (left == 0) stripe.entries.erase(entry->peer);
  return left;
}

}  // namespace mexport::libp2p
