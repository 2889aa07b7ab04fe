// SPDX-License-Identifier: MIT
// Messages through the export thread's stage and the AMQP sink to a broker that runs already.
// Run: build/release/amqp_bench ADDRESS burst|paced|replay SECONDS
//   burst  as many as go, 4,096 at a time: CPU of this process and events confirmed
//   paced  one a second: from being heard to being confirmed
//   replay 30 MB/s of bodies to the spool while there is no broker, then what is there and as much
//          live to the broker, until all is confirmed
// Prints one line of JSON. A queue of at most 1,000 bodies is bound, so that the broker has
// somewhere to put them; nobody reads it.
#include "base/random.hpp"
#include "export/amqp/amqp_sink.hpp"
#include "export/export_stage.hpp"
#include "monitor/observation_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using namespace mexport;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kEntries = 5;
constexpr const char* kMonitorName = "bench";
constexpr int kBurst = 4096;
/// What may wait for the sink before more is made: far below its limit.
constexpr std::size_t kBacklog = 8 << 20;
/// Of `replay`, before compression.
constexpr double kReplayBytesPerSecond = 30e6;
constexpr milliseconds kReplayStep{10};
/// Where nobody listens.
constexpr std::uint16_t kNoBroker = 1;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double elapsed(steady_clock::time_point since) {
  return std::chrono::duration<double>(steady_clock::now() - since).count();
}

struct Context final : exporter::SinkContext {
  monitor::RunInfo run_info() const override {
    monitor::RunInfo info;
    info.run_id = "bench";
    return info;
  }
  void tell_gaps(std::string_view, std::vector<exporter::SinkGap>) const override {}
};

/// Messages of five entries with CIDs that do not repeat.
class Source {
 public:
  Source() {
    connection_->id = 1;
    connection_->peer_text = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";
    connection_->remote = "/ip4/203.0.113.17/tcp/41234";
    addresses_ =
        std::make_shared<const monitor::AddressList>(monitor::AddressList{connection_->remote});
  }

  monitor::BitswapMessageReceived next() {
    monitor::BitswapMessageReceived fact;
    fact.connection = connection_;
    fact.received_at = steady_clock::now();
    fact.connected_addresses = addresses_;
    fact.size = 250;
    for (std::uint64_t i = 0; i < kEntries; ++i) {
      wire::WantlistEntry entry;
      entry.cid = {static_cast<std::uint32_t>(fact.message.cids.size()), 36};
      entry.priority = 2147483647 - static_cast<std::int32_t>(i);
      entry.want_type = 1;
      entry.send_dont_have = true;
      base::append(fact.message.cids, base::Bytes{0x01, 0x55, 0x12, 0x20});
      for (int word = 0; word < 4; ++word) {
        for (auto bits = random_.next(), n = std::uint64_t{0}; n < 8; ++n, bits >>= 8) {
          fact.message.cids.push_back(static_cast<std::uint8_t>(bits));
        }
      }
      fact.message.wantlist.push_back(entry);
    }
    return fact;
  }

 private:
  base::SeededRandom random_{1};
  std::shared_ptr<monitor::ConnectionFacts> connection_ =
      std::make_shared<monitor::ConnectionFacts>();
  monitor::AddressListPtr addresses_;
};

/// The broker's queue, for as long as this exists.
class BoundQueue {
 public:
  explicit BoundQueue(const exporter::amqp::Address& address) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    auto* socket = amqp_tcp_socket_new(state_);
    amqp_set_rpc_timeout(state_, &patience);
    amqp_socket_open_noblock(socket, address.host.c_str(), address.port, &patience);
    amqp_login(state_, address.vhost.c_str(), 1, 131'072, 0, AMQP_SASL_METHOD_PLAIN,
               address.user.c_str(), address.password.reveal().c_str());
    amqp_channel_open(state_, 1);
    amqp_table_entry_t limit{};
    limit.key = amqp_cstring_bytes("x-max-length");
    limit.value.kind = AMQP_FIELD_KIND_I32;
    limit.value.value.i32 = 1000;
    const auto* made = amqp_queue_declare(state_, 1, amqp_empty_bytes, 0, 0, 1, 1, {1, &limit});
    if (made == nullptr) return;
    const auto exchange = std::string(exporter::amqp::kExchange);
    const auto key = exporter::amqp::routing_key(kMonitorName, monitor::EventKind::bitswap_message);
    bound_ = amqp_queue_bind(state_, 1, made->queue, amqp_cstring_bytes(exchange.c_str()),
                             amqp_cstring_bytes(key.c_str()), amqp_empty_table) != nullptr;
  }
  ~BoundQueue() { amqp_destroy_connection(state_); }
  BoundQueue(const BoundQueue&) = delete;
  BoundQueue& operator=(const BoundQueue&) = delete;

  bool bound() const { return bound_; }

 private:
  amqp_connection_state_t state_ = amqp_new_connection();
  bool bound_ = false;
};

class Bench {
 public:
  explicit Bench(std::vector<exporter::amqp::Address> brokers,
                 std::optional<std::string> spool = std::nullopt) {
    exporter::amqp::AmqpOptions options;
    options.brokers = std::move(brokers);
    options.monitor_name = kMonitorName;
    options.link.connection_name = "mexport bench";
    options.spool_path = std::move(spool);
    sink_ = std::move(*exporter::amqp::AmqpSink::create(options, clock_, random_, {}));
    stage_.add(queue_);
  }

  bool begin() { return sink_->start(context_).has_value(); }
  bool start() {
    if (!begin()) return false;
    for (int i = 0; i < 500 && !state().connected; ++i) {
      std::this_thread::sleep_for(milliseconds(20));
    }
    return state().connected;
  }
  void stop() {
    stage_.flush();
    sink_->stop(steady_clock::now() + std::chrono::seconds(5));
  }

  /// Hears so many messages and encodes what is due.
  void hear(int count) {
    queue_.begin_batch(clock_.now());
    for (int i = 0; i < count; ++i) queue_.submit(source_.next());
    queue_.end_batch();
    encode(true);
  }
  void encode(bool all) { stage_.run(clock_.now(), all); }
  /// What making the messages costs, which is no part of exporting them.
  double cost_of_source() {
    const auto before = cpu_seconds();
    for (int i = 0; i < kBurst; ++i) (void)source_.next();
    return (cpu_seconds() - before) / kBurst;
  }

  exporter::SinkStatistics statistics() const { return sink_->statistics(); }
  exporter::DeliveryStatistics state() const { return *statistics().delivery; }
  std::uint64_t confirmed() const { return statistics().written[0]; }

 private:
  base::SystemClock clock_;
  base::SeededRandom random_{2};
  Context context_;
  Source source_;
  std::unique_ptr<exporter::amqp::AmqpSink> sink_;
  monitor::WakeUp wake_up_;
  monitor::ObservationQueue queue_{{}, wake_up_};
  exporter::ExportStage stage_{
      {}, clock_, [this](exporter::BatchPtr batch) { sink_->submit(std::move(batch)); }};
};

void burst(Bench& bench, double seconds) {
  const auto source = bench.cost_of_source();
  const auto start = steady_clock::now();
  const auto cpu = cpu_seconds();
  std::uint64_t heard = 0;
  while (elapsed(start) < seconds) {
    if (bench.statistics().queued_bytes > kBacklog) {
      std::this_thread::sleep_for(milliseconds(1));
      continue;
    }
    bench.hear(kBurst);
    heard += kBurst;
  }
  const auto took = elapsed(start);
  const auto confirmed = bench.confirmed();
  bench.stop();
  const auto each = (cpu_seconds() - cpu) / static_cast<double>(heard) - source;
  const auto statistics = bench.statistics();
  fmt::print(R"({{"cpu_us":{:.3f},"confirmed_per_second":{:.0f},"heard":{},"confirmed":{},)"
             R"("bytes":{},"returned":{}}})"
             "\n",
             each * 1e6, static_cast<double>(confirmed) / took, heard, statistics.written[0],
             statistics.bytes_out, statistics.delivery->batches_returned);
}

void paced(Bench& bench, double seconds) {
  std::vector<double> latencies;
  while (static_cast<double>(latencies.size()) < seconds) {
    const auto before = bench.confirmed();
    const auto heard = steady_clock::now();
    const auto tell = heard + std::chrono::seconds(1);
    bench.hear(1);
    while (bench.confirmed() == before && steady_clock::now() < tell) {
      std::this_thread::sleep_for(milliseconds(1));
      bench.encode(false);
    }
    latencies.push_back(elapsed(heard));
    std::this_thread::sleep_until(tell);
  }
  bench.stop();
  std::ranges::sort(latencies);
  fmt::print(R"({{"p50_ms":{:.1f},"p99_ms":{:.1f}}})"
             "\n",
             latencies[latencies.size() / 2] * 1e3, latencies[latencies.size() * 99 / 100] * 1e3);
}

/// Hears so many messages a second, for so long or until `done`; returns how many.
std::uint64_t hear_steadily(Bench& bench, double rate, double seconds,
                            const std::function<bool()>& done) {
  const auto start = steady_clock::now();
  std::uint64_t heard = 0;
  while (elapsed(start) < seconds && !done()) {
    std::this_thread::sleep_for(kReplayStep);
    const auto due = static_cast<std::uint64_t>(elapsed(start) * rate) - heard;
    bench.hear(static_cast<int>(due));
    heard += due;
  }
  return heard;
}

std::uint64_t lost(const Bench& bench) {
  std::uint64_t events = 0;
  for (const auto& reasons : bench.statistics().lost) {
    for (const auto count : reasons) events += count;
  }
  return events;
}

/// `size`: bytes of a message in a body.
bool replay(const std::vector<exporter::amqp::Address>& brokers, double seconds, double size) {
  std::string folder = (std::filesystem::temp_directory_path() / "mexport-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return false;
  const auto spool = folder + "/spool.sqlite";
  const double rate = kReplayBytesPerSecond / size;
  auto nowhere = brokers;
  for (auto& broker : nowhere) broker.port = kNoBroker;

  std::uint64_t heard = 0;
  std::uint64_t missing = 0;
  {
    Bench away(nowhere, spool);
    if (!away.begin()) return false;
    heard = hear_steadily(away, rate, seconds, [] { return false; });
    away.stop();
    missing = lost(away);
  }
  Bench back(brokers, spool);
  if (!back.start()) return false;
  const auto start = steady_clock::now();
  const auto live = hear_steadily(back, rate, 20 * seconds, [&] {
    return elapsed(start) > 1 && back.confirmed() >= heard - missing &&
           back.state().spooled_batches == 0;
  });
  const auto took = elapsed(start);
  back.stop();
  missing += lost(back);
  fmt::print(
      R"({{"spooled_mb":{:.0f},"replay_seconds":{:.1f},"replayed_mb_per_second":{:.1f},)"
      R"("live_mb_per_second":{:.1f},"lost":{},"confirmed":{},"heard":{}}})"
      "\n",
      static_cast<double>(heard) * size / 1e6, took, static_cast<double>(heard) * size / 1e6 / took,
      static_cast<double>(live) * size / 1e6 / took, missing, back.confirmed(), heard + live);
  std::filesystem::remove_all(folder);
  return true;
}

/// The mean bytes of a message in a body, as a few are published.
double message_size(Bench& bench) {
  bench.hear(kBurst);
  for (int i = 0; i < 500 && bench.confirmed() < kBurst; ++i) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  return static_cast<double>(bench.state().uncompressed_bytes) / kBurst;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string_view> given(arguments, arguments + count);
  double seconds = 0;
  const bool usable =
      given.size() == 4 && (given[2] == "burst" || given[2] == "paced" || given[2] == "replay") &&
      std::from_chars(given[3].data(), given[3].data() + given[3].size(), seconds).ec ==
          std::errc() &&
      seconds >= 0.1;
  auto brokers = exporter::amqp::parse_addresses(given.size() == 4 ? given[1] : "");
  if (!usable || !brokers || brokers->empty()) {
    fmt::print(stderr, "usage: amqp_bench ADDRESS burst|paced|replay SECONDS\n");
    return 2;
  }
  const auto address = brokers->front();
  Bench bench(*brokers);
  const bool started = bench.start();  // declares the exchange
  const BoundQueue queue(address);
  if (!started || !queue.bound()) {
    fmt::print(stderr, "no connection or no queue: {}\n", bench.state().last_error);
    return 1;
  }
  if (given[2] == "replay") {
    const auto size = message_size(bench);
    bench.stop();
    return replay(*brokers, seconds, size) ? 0 : 1;
  }
  given[2] == "burst" ? burst(bench, seconds) : paced(bench, seconds);
  return 0;
}
