// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/amqp/flow.hpp"
#include "export/gap_log.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace mexport::sim::sink {

/// What truly became of each body, and what must not have. Bodies are numbered in the order in
/// which they were made; processes of the monitor from 1.
class Ledger {
 public:
  struct Entry {
    exporter::SpooledBody body;
    base::SteadyTime made{};
    std::uint64_t seen = 0;     ///< how often the consumer got it
    int confirmed_in = 0;       ///< the process that knows it
    int lost_in = 0;            ///< the process that counted it
    int sent_in = 0;            ///< the last process that sent it
    bool evicted = false;       ///< the store had no room for it
    std::uint64_t lost_at = 0;  ///< in `publishings`
    bool returned = false;      ///< ever
    bool refused = false;       ///< ever
    bool unrecorded = false;    ///< made when a kill may lose it
    bool named = false;         ///< the headers of a body that arrived say that it is missing
  };

  void made(const exporter::SpooledBody& body, base::SteadyTime now);
  /// The number of an entry that the sink speaks of.
  std::size_t find(const std::string& key, const std::string& run_id, std::uint64_t first);
  Entry& entry(std::size_t number) { return entries_[number]; }

  /// The sink sends it, in so many-th place.
  void published(std::size_t number, int process);
  std::uint64_t publishings() const { return publishings_; }
  /// The consumer gets it.
  void delivered(std::size_t number, const exporter::amqp::Outgoing& as_sent,
                 std::uint64_t publishing, int process);
  void confirmed(std::size_t number, int process);
  void lost(const exporter::SinkGap& gap, int process);
  /// The process is killed: what was made since `safe_before` may be gone, and what the store had
  /// no room for while it was on its way.
  void killed(base::SteadyTime safe_before, int process);

  /// After the end: whether all are accounted for.
  void close();
  void fault(std::string text);

  std::size_t size() const { return entries_.size(); }
  std::uint64_t duplicates() const { return duplicates_; }
  std::uint64_t losses() const { return losses_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::string describe(const Entry& entry) const;
  void check_order(std::size_t number);
  void note_named(const exporter::amqp::MissingRange& missing, const std::string& key);
  bool told_since(const Entry& entry, std::size_t number) const;

  std::vector<Entry> entries_;
  std::map<std::tuple<std::string, std::string, std::uint64_t>, std::size_t> numbers_;
  std::map<std::string, std::size_t> newest_seen_;  // by routing key
  std::vector<std::size_t> lost_;

  /// Of a routing key, a run that recorded and a process that sends.
  struct Part {
    std::size_t last_lost = 0;
    std::uint64_t lost_at = 0;             ///< in `publishings_`, the last time
    std::set<std::size_t> on_their_way{};  ///< sent since, and not arrived: one of them may tell
    bool told = false;  ///< behind all that, something arrived that was sent later

    void arrived(std::size_t number, std::uint64_t publishing);
  };
  using PartKey = std::tuple<std::string, std::string, int>;
  std::map<PartKey, Part> parts_;
  std::uint64_t publishings_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t losses_ = 0;
  std::vector<std::string> faults_;
};

}  // namespace mexport::sim::sink
