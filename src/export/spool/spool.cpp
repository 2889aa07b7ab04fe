// SPDX-License-Identifier: MIT
#include "export/spool/spool.hpp"

#include "export/spool/store.hpp"

#include "storage/error.hpp"

#include <utility>

namespace mexport::exporter {
namespace {

SpoolStatistics statistics_of(const spool::Sums& sums) {
  return {.batches = sums.batches, .bytes = sums.bytes, .events = sums.events, .oldest = {}};
}

}  // namespace

class Spool::Impl {
 public:
  Impl(std::string path, const Options& options) : path_(std::move(path)), options_(options) {}

  /// Opens the file when there is none open, a new one in place of one that is broken.
  base::Status ready();
  /// Runs what works on the open file.
  template <class Work>
  auto with_store(Work work) -> decltype(work(std::declval<spool::Store&>()));

  std::optional<spool::Store> store;
  std::optional<Damage> damage;

 private:
  base::Status open();
  base::Status set_aside(std::error_code reason);

  std::string path_;
  Options options_;
  std::optional<spool::Ledger> carried_;  // of a file that was moved aside
};

base::Status Spool::Impl::ready() {
  if (store) return {};
  auto opened = open();
  if (opened || (opened.error() != storage::Error::damaged &&
                 opened.error() != storage::Error::wrong_version)) {
    return opened;
  }
  if (auto moved = set_aside(opened.error()); !moved) return moved;
  return open();
}

base::Status Spool::Impl::open() {
  auto opened = spool::Store::open(path_, options_);
  if (!opened) return base::fail(opened.error());
  if (carried_) {
    if (auto carried = opened->carry_over(*carried_); !carried) return carried;
    carried_.reset();
  }
  store.emplace(std::move(*opened));
  return {};
}

base::Status Spool::Impl::set_aside(std::error_code reason) {
  Damage found{.reason = reason, .moved_to = path_ + ".damaged", .lost = {}};
  if (store) {
    for (const auto& [key, line] : store->ledger().lines) {
      if (line.waiting.batches > 0) found.lost.emplace(key, statistics_of(line.waiting));
    }
    carried_ = store->ledger();
    store.reset();  // closes the file
  }
  auto moved = storage::move_aside(path_, found.moved_to);
  if (moved) damage = std::move(found);
  return moved;
}

template <class Work>
auto Spool::Impl::with_store(Work work) -> decltype(work(std::declval<spool::Store&>())) {
  if (auto opened = ready(); !opened) return base::fail(opened.error());
  auto result = work(*store);
  if (!result && result.error() == storage::Error::damaged) {
    if (auto moved = set_aside(result.error()); !moved) return base::fail(moved.error());
  }
  return result;
}

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::~Spool() = default;

base::Result<std::unique_ptr<Spool>> Spool::open(const std::string& path, const Options& options) {
  auto impl = std::make_unique<Impl>(path, options);
  if (auto opened = impl->ready(); !opened) return base::fail(opened.error());
  return std::unique_ptr<Spool>(new Spool(std::move(impl)));
}

base::Result<std::vector<SpooledBody>> Spool::append(std::span<SpooledBody> bodies) {
  return impl_->with_store([&](spool::Store& store) { return store.append(bodies); });
}

base::Result<std::vector<SpooledBody>> Spool::oldest(std::string_view routing_key,
                                                     std::int64_t after_id, std::size_t max_bodies,
                                                     std::size_t max_bytes) {
  return impl_->with_store([&](spool::Store& store) {
    return store.oldest(routing_key, after_id, max_bodies, max_bytes);
  });
}

base::Status Spool::pass(std::string_view routing_key, const SpoolCursor& cursor) {
  return impl_->with_store([&](spool::Store& store) { return store.pass(routing_key, cursor); });
}

std::optional<SpoolCursor> Spool::cursor(std::string_view routing_key) const {
  if (!impl_->store) return std::nullopt;
  const auto& lines = impl_->store->ledger().lines;
  const auto found = lines.find(routing_key);
  if (found == lines.end() || found->second.route.cursor == SpoolCursor{}) return std::nullopt;
  return found->second.route.cursor;
}

SpoolStatistics Spool::statistics() const {
  SpoolStatistics all;
  for (const auto& [key, one] : by_routing_key()) {
    all.batches += one.batches;
    all.bytes += one.bytes;
    all.events += one.events;
    if (one.oldest && (!all.oldest || *one.oldest < *all.oldest)) all.oldest = one.oldest;
  }
  return all;
}

std::map<std::string, SpoolStatistics> Spool::by_routing_key() const {
  std::map<std::string, SpoolStatistics> all;
  if (!impl_->store) return all;
  for (const auto& [key, line] : impl_->store->ledger().lines) {
    auto& one = all.emplace(key, statistics_of(line.waiting)).first->second;
    if (one.batches == 0) continue;
    // A time that cannot be read is left out; whoever reads bodies is told of the error.
    if (const auto made = impl_->store->oldest_time(line)) one.oldest = *made;
  }
  return all;
}

std::optional<Spool::Damage> Spool::take_damage() {
  return std::exchange(impl_->damage, std::nullopt);
}

}  // namespace mexport::exporter
