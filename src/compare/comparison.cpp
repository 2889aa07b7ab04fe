// SPDX-License-Identifier: MIT
#include "compare/comparison.hpp"

#include "compare/cid_table.hpp"
#include "compare/peer_table.hpp"
#include "compare/record_files.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mexport::compare {

namespace {

/// Text held to show it later, of all that waits.
constexpr std::size_t kMostText = 256 << 20;
constexpr std::uint64_t kProgressEvery = 1 << 20;

/// Takes the events of both records side by side.
class Comparison {
 public:
  explicit Comparison(CompareOptions options);

  void add(Side side, const Event& event, std::string_view text);
  void end(Side side);
  Report finish();

  RecordSummary& summary(Side side) { return report_.records[index_of(side)]; }

 private:
  Matcher::Listener message_listener();
  Matcher::Listener connection_listener();
  Matcher::Listener mention_listener();

  bool asked_for(std::int64_t time) const;
  bool near_asked_for(std::int64_t time) const;
  void note_time(Side side, std::int64_t time);
  void add_message(Side side, const Event& event, Item item);
  std::string example_text(Side side, std::string_view text);
  void keep_example(Side side, std::string text);
  std::uint64_t& alone(Overlap& overlap, Side side, std::int64_t time) const;
  bool outside(Side side, std::int64_t time) const;
  Overlap& connection_overlap(const Item& item) {
    return item.what == 0 ? report_.connected : report_.disconnected;
  }
  Overlap& agent_overlap(std::uint32_t peer);

  Report report_;
  PeerTable peers_;
  CidTable cids_;
  Offsets offsets_;
  std::array<Overlap, kTransports> transports_;
  std::vector<Overlap> agents_;
  std::array<std::size_t, kSides> shown_{};
  std::size_t text_held_ = 0;
  Matcher messages_;
  Matcher connections_;
  Matcher mentions_;
};

Comparison::Comparison(CompareOptions options)
    : messages_(options.window, message_listener()),
      connections_(options.window, connection_listener()),
      mentions_(options.window, mention_listener()) {
  report_.options = options;
}

Matcher::Listener Comparison::message_listener() {
  return {.both =
              [this](const Item& a, const Item& b) {
                text_held_ -= a.text.size() + b.text.size();
                const auto* told = asked_for(a.time) ? &a : asked_for(b.time) ? &b : nullptr;
                if (told == nullptr) return;
                offsets_.add(b.time - a.time);
                for (auto* overlap : {&report_.messages, &transports_[told->transport],
                                      &agent_overlap(told->peer)}) {
                  ++overlap->both;
                }
              },
          .alone =
              [this](Side side, Item item) {
                text_held_ -= item.text.size();
                if (!asked_for(item.time)) return;
                for (auto* overlap :
                     {&report_.messages, &transports_[item.transport], &agent_overlap(item.peer)}) {
                  ++alone(*overlap, side, item.time);
                }
                if (!outside(side, item.time)) keep_example(side, std::move(item.text));
              }};
}

Matcher::Listener Comparison::connection_listener() {
  return {.both =
              [this](const Item& a, const Item& b) {
                text_held_ -= a.text.size() + b.text.size();
                if (asked_for(a.time) || asked_for(b.time)) ++connection_overlap(a).both;
              },
          .alone =
              [this](Side side, Item item) {
                text_held_ -= item.text.size();
                if (!asked_for(item.time)) return;
                ++alone(connection_overlap(item), side, item.time);
                if (!outside(side, item.time)) keep_example(side, std::move(item.text));
              }};
}

Matcher::Listener Comparison::mention_listener() {
  return {.both =
              [this](const Item& a, const Item& b) {
                if (asked_for(a.time) || asked_for(b.time)) ++report_.said[a.what].both;
              },
          .alone =
              [this](Side side, const Item& item) {
                if (asked_for(item.time)) ++alone(report_.said[item.what], side, item.time);
              }};
}

bool Comparison::asked_for(std::int64_t time) const {
  const auto& options = report_.options;
  return (!options.from || time >= *options.from) && (!options.to || time < *options.to);
}

/// Also what may be the like of something asked for.
bool Comparison::near_asked_for(std::int64_t time) const {
  const auto& options = report_.options;
  return (!options.from || time >= *options.from - options.window) &&
         (!options.to || time < *options.to + options.window);
}

void Comparison::add(Side side, const Event& event, std::string_view text) {
  if (event.kind == EventKind::other) return;
  const bool asked = asked_for(event.time);
  auto& record = summary(side);
  if (asked) record.lost += event.lost;
  if (event.kind == EventKind::gap) return;
  const auto peer = asked ? peers_.seen(side, event.peer) : peers_.number_of(event.peer);
  peers_.set_agent(peer, event.agent);
  if (event.kind == EventKind::identified || !near_asked_for(event.time)) return;
  if (asked) note_time(side, event.time);
  Item item{.key = event.key,
            .time = event.time,
            .peer = peer,
            .transport = static_cast<std::uint8_t>(event.transport),
            .text = asked ? example_text(side, text) : std::string()};
  if (event.kind == EventKind::message) return add_message(side, event, std::move(item));
  if (asked) ++record.connection_events;
  item.what = event.kind == EventKind::connected ? 0 : 1;
  connections_.add(side, std::move(item));
}

void Comparison::add_message(Side side, const Event& event, Item item) {
  const bool asked = asked_for(event.time);
  if (asked) ++summary(side).messages;
  for (const auto& mention : event.mentions) {
    if (asked) cids_.add(side, mention.cid);
    mentions_.add(side, {.key = mention.key,
                         .time = event.time,
                         .peer = item.peer,
                         .what = static_cast<std::uint8_t>(mention.said)});
  }
  messages_.add(side, std::move(item));
}

void Comparison::note_time(Side side, std::int64_t time) {
  auto& record = summary(side);
  record.first = std::min(record.first.value_or(time), time);
  record.last = std::max(record.last.value_or(time), time);
}

std::string Comparison::example_text(Side side, std::string_view text) {
  const bool enough = shown_[index_of(side)] >= report_.options.examples;
  if (enough || text_held_ + text.size() > kMostText) return {};
  text_held_ += text.size();
  return std::string(text);
}

void Comparison::keep_example(Side side, std::string text) {
  auto& shown = shown_[index_of(side)];
  if (shown >= report_.options.examples) return;
  ++shown;
  report_.examples.push_back({side, std::move(text)});
}

/// Whether the other record has nothing of that time. It has been read beyond it by now.
bool Comparison::outside(Side side, std::int64_t time) const {
  const auto& spans = report_.records[index_of(other(side))];
  return !spans.first || time < *spans.first || time > *spans.last;
}

std::uint64_t& Comparison::alone(Overlap& overlap, Side side, std::int64_t time) const {
  return (outside(side, time) ? overlap.outside : overlap.only)[index_of(side)];
}

Overlap& Comparison::agent_overlap(std::uint32_t peer) {
  const auto agent = peers_.agent_of(peer);
  if (agents_.size() <= agent) agents_.resize(agent + 1);
  return agents_[agent];
}

void Comparison::end(Side side) {
  for (auto* matcher : {&messages_, &connections_, &mentions_}) matcher->end(side);
}

Report Comparison::finish() {
  for (auto* matcher : {&messages_, &connections_, &mentions_}) {
    matcher->finish();
    report_.judged_early += matcher->judged_early();
  }
  for (const auto side : {Side::a, Side::b}) {
    summary(side).late = messages_.late(side) + connections_.late(side);
  }
  report_.peers = peers_.overlap();
  report_.cids = cids_.overlap();
  report_.offsets = offsets_.quartiles();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kTransports; ++i) {
    names.emplace_back(to_string(static_cast<Transport>(i)));
  }
  report_.transports = largest_first(names, transports_, kTransports);
  report_.agents = largest_first(peers_.agents(), agents_, report_.options.agents);
  return std::move(report_);
}

/// One record on its way into the comparison.
struct Source {
  Side side;
  RecordReader reader;
  std::int64_t at = std::numeric_limits<std::int64_t>::min();  ///< how far it has been read
  bool ended = false;
};

/// Gives one event of the source to the comparison.
base::Status step(Source& source, Comparison& comparison) {
  const auto event = source.reader.next();
  if (!event) return base::fail(event.error());
  if (*event == nullptr) {
    source.ended = true;
    source.at = std::numeric_limits<std::int64_t>::max();
    comparison.end(source.side);
    return {};
  }
  source.at = std::max(source.at, (*event)->time);
  comparison.add(source.side, **event, source.reader.text());
  return {};
}

}  // namespace

base::Result<Report> compare_records(exporter::Disk& disk,
                                     const std::array<std::string, kSides>& paths,
                                     const CompareOptions& options,
                                     const ProblemCallback& on_problem,
                                     const ProgressCallback& on_progress) {
  Comparison comparison(options);
  std::array<std::vector<std::string>, kSides> files;
  for (const auto side : {Side::a, Side::b}) {
    auto found = record_files(disk, paths[index_of(side)]);
    if (!found) return base::fail(found.error());
    comparison.summary(side).path = paths[index_of(side)];
    comparison.summary(side).files = found->size();
    files[index_of(side)] = std::move(*found);
  }
  Source a{Side::a, RecordReader(disk, std::move(files[0]), on_problem)};
  Source b{Side::b, RecordReader(disk, std::move(files[1]), on_problem)};
  for (std::uint64_t count = 1; !a.ended || !b.ended; ++count) {
    auto& behind = b.ended || (!a.ended && a.at <= b.at) ? a : b;
    if (auto status = step(behind, comparison); !status) return base::fail(status.error());
    if (on_progress && count % kProgressEvery == 0) on_progress(count);
  }
  for (const auto* source : {&a, &b}) {
    comparison.summary(source->side).forms = source->reader.forms();
    comparison.summary(source->side).problems = source->reader.problems();
  }
  return comparison.finish();
}

}  // namespace mexport::compare
