// SPDX-License-Identifier: MIT
#include "tests/sim/trace_check.hpp"

#include "export/trace_cat.hpp"
#include "export/trace_line.hpp"
#include "export/trace_verify.hpp"
#include "multiformats/cid.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::sim {
namespace {

/// What follows `key` in the line, up to one of `ends`.
std::string_view value_of(std::string_view line, std::string_view key, std::string_view ends) {
  const auto at = line.find(key);
  if (at == std::string_view::npos) return {};
  const auto value = line.substr(at + key.size());
  return value.substr(0, value.find_first_of(ends));
}

std::uint64_t number_of(std::string_view line, std::string_view key) {
  return exporter::parse_number(value_of(line, key, ",}")).value_or(0);
}

/// What the traces say of one run.
struct RecordedRun {
  std::map<std::uint64_t, std::uint64_t> messages;    // number in Truth, by sequence
  std::map<std::uint64_t, std::uint64_t> last_index;  // by connection
  std::map<std::uint64_t, bool> connections;          // false once disconnected
  std::uint64_t lost_messages = 0;
};

class Reader {
 public:
  explicit Reader(Truth& truth) : truth_(truth) {}

  void take(std::string_view line) {
    truth_.fingerprint().add(line);
    check_discretion(line);
    const auto event = exporter::parse_trace_line(line);
    if (!event) return truth_.fault("a line is no event: {}", line);
    if (event->kind == "run_info") {
      run_ = &runs_[std::string(value_of(event->body, "\"run_id\":\"", "\""))];
    } else if (run_ == nullptr) {
      truth_.fault("an event before run_info");
    } else if (event->kind == "bitswap_message") {
      take_message(*event);
    } else if (event->kind == "connection_event") {
      take_connection(*event);
    } else if (event->kind == "gap" &&
               event->body.find("\"bitswap_message\"") != std::string_view::npos) {
      run_->lost_messages += number_of(event->body, "\"count\":");
    }
  }

  const std::map<std::string, RecordedRun>& runs() const { return runs_; }

 private:
  void check_discretion(std::string_view line) {
    for (const auto* const begin : {"/ip4/", "/ip6/", "12D3KooW"}) {
      for (auto at = line.find(begin); at != std::string_view::npos;
           at = line.find(begin, at + 1)) {
        const auto from = line.substr(*begin == '/' ? at + 5 : at);
        const std::string word(from.substr(0, from.find_first_of("/\"")));
        if (truth_.discretion().secrets.contains(word)) {
          truth_.fault("{} stands in a record: {}", word, line.substr(0, 300));
        }
      }
    }
  }

  void take_message(const exporter::TraceLine& event) {
    const auto text = value_of(event.body, R"("wantlist_entries":[{"Cid":{"/":")", "\"");
    const auto cid = multiformats::Cid::from_string(text);
    const auto number = cid ? Truth::number_of(*cid) : std::nullopt;
    if (!number || *number >= truth_.messages().size()) {
      return truth_.fault("a recorded message was never sent: {}", text);
    }
    run_->messages[event.sequence.value_or(0)] = *number;
    const auto& peer = truth_.stream(truth_.message(*number).stream).peer;
    if (truth_.discretion().privacy->shown(peer).to_string() != event.peer) {
      truth_.fault("message {} was recorded with another peer", *number);
    }
    if (!recorded_.insert(*number).second) truth_.fault("message {} was recorded twice", *number);
    const auto connection = number_of(event.ext, "\"conn\":");
    const auto index = number_of(event.ext, "\"message_index\":");
    const auto [last, first] = run_->last_index.try_emplace(connection, index);
    if (!first && std::exchange(last->second, index) >= index) {
      truth_.fault("message {} of connection {} comes after a later one", index, connection);
    }
    if (const auto ended = run_->connections.find(connection);
        ended != run_->connections.end() && !ended->second) {
      truth_.fault("message {} was recorded after its connection's end", *number);
    }
  }

  void take_connection(const exporter::TraceLine& event) {
    const auto connection = number_of(event.ext, "\"conn\":");
    const bool opens = number_of(event.body, "\"connection_event_type\":") == 0;
    const auto [known, first] = run_->connections.try_emplace(connection, opens);
    if (first) return;
    if (opens || !known->second) truth_.fault("connection {} opens or ends twice", connection);
    known->second = false;
  }

  Truth& truth_;
  std::map<std::string, RecordedRun> runs_;
  RecordedRun* run_ = nullptr;
  std::set<std::uint64_t> recorded_;
};

void check_run(const HeardRun& heard, const RecordedRun& recorded, Truth& truth,
               std::chrono::nanoseconds crash_loss) {
  std::set<std::uint64_t> found;
  for (const auto& [sequence, number] : recorded.messages) found.insert(number);
  std::uint64_t missing = 0;
  std::size_t known = 0;
  for (const auto& fact : heard.facts) {
    if (fact.kind != monitor::EventKind::bitswap_message) continue;
    known += found.contains(fact.message) ? 1 : 0;
    const bool late = heard.crashed_at && fact.at > *heard.crashed_at - crash_loss;
    if (!late && !found.contains(fact.message)) ++missing;
  }
  if (known != found.size()) truth.fault("messages were recorded in a run that did not hear them");
  // A clean stop counts what its last gap could not tell; that is checked against the counters.
  if (heard.crashed_at && missing > recorded.lost_messages) {
    truth.fault("{} messages are missing in run {}, whose gaps tell of {}", missing, heard.run_id,
                recorded.lost_messages);
  }
}

}  // namespace

void check_traces(exporter::Disk& disk, const std::string& directory, Truth& truth,
                  std::chrono::nanoseconds crash_loss) {
  const std::array paths{directory};
  const auto report = exporter::verify_traces(disk, paths);
  if (!report) return truth.fault("the traces cannot be read: {}", report.error().message());
  for (const auto& problem : report->problems) truth.fault("{}", problem);

  Reader reader(truth);
  const auto read = exporter::cat_traces(
      disk, paths, {},
      [&](std::string_view line) {
        reader.take(line);
        return true;
      },
      [&](const std::string& path, std::string_view what) { truth.fault("{}: {}", path, what); });
  if (!read) truth.fault("the traces cannot be read: {}", read.error().message());
  for (const auto& heard : truth.runs()) {
    const auto recorded = reader.runs().find(heard.run_id);
    check_run(heard, recorded == reader.runs().end() ? RecordedRun{} : recorded->second, truth,
              crash_loss);
  }
}

}  // namespace mexport::sim
