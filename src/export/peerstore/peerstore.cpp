// SPDX-License-Identifier: MIT
#include "export/peerstore/peerstore.hpp"

#include "storage/error.hpp"

#include <utility>

namespace mexport::exporter {

Peerstore::Peerstore(Options options, base::Logger log)
    : options_(std::move(options)), log_(std::move(log)) {
  if (const auto opened = ready(); !opened) note(opened.error());
}

base::Status Peerstore::ready() {
  if (table_) return {};
  auto opened = open();
  if (opened || (opened.error() != storage::Error::damaged &&
                 opened.error() != storage::Error::wrong_version)) {
    return opened;
  }
  if (auto moved = set_aside(opened.error()); !moved) return moved;
  return open();
}

base::Status Peerstore::open() {
  bool emptied = false;
  auto table = PeerTable::open(options_.path, options_.privacy, emptied);
  if (!table) return base::fail(table.error());
  if (emptied) log_.warn("{} was emptied: privacy settings have changed", options_.path);
  table_.emplace(std::move(*table));
  return {};
}

base::Status Peerstore::set_aside(std::error_code reason) {
  table_.reset();  // closes the file
  const auto to = options_.path + ".damaged";
  auto moved = storage::move_aside(options_.path, to);
  if (moved) {
    log_.warn("{} cannot be used ({}): it is {} now", options_.path, reason.message(), to);
  }
  return moved;
}

template <class Work>
auto Peerstore::with_table(Work work) -> decltype(work(std::declval<PeerTable&>())) {
  if (auto opened = ready(); !opened) {
    note(opened.error());
    return base::fail(opened.error());
  }
  auto result = work(*table_);
  if (result) {
    if (std::exchange(failing_, false)) log_.info("{} is written again", options_.path);
    return result;
  }
  note(result.error());
  if (result.error() == storage::Error::damaged) {
    if (auto moved = set_aside(result.error()); !moved) note(moved.error());
  }
  return result;
}

void Peerstore::note(std::error_code error) {
  ++errors_;
  if (std::exchange(failing_, true)) return;
  log_.error("cannot keep peers in {}: {}", options_.path, error.message());
}

base::Status Peerstore::update(std::span<const PeerSighting> sightings, base::WallTime now) {
  const std::lock_guard lock(mutex_);
  return with_table(
      [&](PeerTable& table) { return table.update(sightings, now, options_.limits); });
}

std::optional<KnownPeer> Peerstore::find(std::string_view peer) {
  const std::lock_guard lock(mutex_);
  auto found = with_table([&](PeerTable& table) { return table.find(peer); });
  return found ? std::move(*found) : std::nullopt;
}

std::vector<KnownPeer> Peerstore::list(std::int64_t after, std::int64_t through,
                                       std::size_t count) {
  const std::lock_guard lock(mutex_);
  return with_table([&](PeerTable& table) { return table.list(after, through, count); })
      .value_or(std::vector<KnownPeer>{});
}

std::int64_t Peerstore::last_id() const {
  const std::lock_guard lock(mutex_);
  return table_ ? table_->last_id() : 0;
}

Peerstore::Statistics Peerstore::statistics() {
  const std::lock_guard lock(mutex_);
  Statistics statistics{.errors = errors_};
  if (!table_) return statistics;
  statistics.peers = table_->peers();
  statistics.bytes = table_->bytes().value_or(0);
  return statistics;
}

}  // namespace mexport::exporter
