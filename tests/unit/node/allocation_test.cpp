// SPDX-License-Identifier: MIT
// Counts what the way of a message allocates, from encrypted bytes to compressed ones. In a program
// of its own, since it replaces operator new.
#include "export/export_stage.hpp"
#include "export/gzip_writer.hpp"
#include "node/node_shard.hpp"
#include "tests/unit/libp2p/fakes.hpp"
#include "wire/bitswap_writer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>
#include <string>

namespace {

std::size_t allocations = 0;  // by the one thread that there is

void* allocate(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace mexport::node {
namespace {

using libp2p::test::addr;
using libp2p::test::FakeNetwork;
using libp2p::test::FakeRawConnection;
using libp2p::test::FakeShard;
using libp2p::test::FakeTransport;
using libp2p::test::TestNode;

constexpr std::array<std::string_view, 1> kBitswap{"/ipfs/bitswap/1.2.0"};

/// A peer's stream of wantlists: nothing comes back on it.
class Silent final : public libp2p::StreamHandler {
 public:
  void on_data(libp2p::Stream& stream, base::ByteView data) override {
    stream.consume(data.size());
  }
  void on_remote_close(libp2p::Stream&) override {}
  void on_reset(libp2p::Stream&, libp2p::StreamCode) override {}
};

/// All that a program has between socket and file, on one thread.
class AllocationTest : public ::testing::Test {
 protected:
  static constexpr int kWarmUp = 2000;
  static constexpr int kMessages = 2000;
  /// Of the message as it goes from the shard to the export thread: its CIDs and its entries.
  static constexpr std::size_t kOfMessage = 2;
  /// Itself, its text, its index, the pointer that sinks share.
  static constexpr std::size_t kOfBatch = 4;

  AllocationTest() {
    network.listen(listen_addr, shard,
                   [this](libp2p::RawConnectionPtr raw) { node.swarm().accept(std::move(raw)); });
    stage.add(queue);
  }

  libp2p::Stream& open_stream() {
    libp2p::Connection* connection = peer.dial(identity.peer_id(), {listen_addr}).value();
    libp2p::OpenStreamOptions options;
    options.protocols = kBitswap;
    options.handler = std::make_unique<Silent>();
    options.form = libp2p::multistream::Form::lazy;
    libp2p::Stream* stream = nullptr;
    shard.run([&] { stream = connection->open_stream(std::move(options)).value(); });
    return *stream;
  }

  static base::Bytes frame(std::size_t entries, int number) {
    wire::BitswapMessageWriter message(wire::BitswapProtocol::v1_2_0);
    for (std::size_t i = 0; i < entries; ++i) {
      std::array<std::uint8_t, 36> cid{1, 0x55, 0x12, 0x20};
      cid[4] = static_cast<std::uint8_t>(number % 100);
      cid[5] = static_cast<std::uint8_t>(i);
      message.add_entry({.cid = cid, .priority = 1, .want_type = wire::WantType::have});
    }
    return message.frame();
  }

  /// What the node's side makes of one message.
  std::size_t allocations_of(libp2p::Stream& stream, base::ByteView message) {
    const auto& [theirs, ours] = ends();
    theirs->stuck = true;  // so that the bytes stop here
    shard.wake_up([&] { ASSERT_TRUE(stream.write(message)); });
    auto ciphertext = std::exchange(theirs->waiting, {});
    theirs->stuck = false;
    ours->stuck = true;  // what the node sends now and then (window updates) goes on its way later
    ours->waiting.reserve(1024);
    const std::function<void()> arrive = [&handler = *ours->handler, &ciphertext] {
      handler.on_bytes(ciphertext);
    };
    const std::size_t before = allocations;
    shard.wake_up(arrive);
    stage.run(shard.now() + std::chrono::seconds(1), false);
    const std::size_t made = allocations - before;
    FakeRawConnection::unstick(ours);
    return made;
  }

  void expect_only_what_events_hold(std::size_t entries) {
    libp2p::Stream& stream = open_stream();
    std::size_t counted = 0;
    std::size_t batches_before = 0;
    for (int i = 0; i < kWarmUp + kMessages; ++i) {
      if (i == kWarmUp) batches_before = batches;
      const auto made = allocations_of(stream, frame(entries, i));
      if (i >= kWarmUp) counted += made;
      shard.settle();
    }
    EXPECT_EQ(stage.counters().events[0].value(), kWarmUp + kMessages);
    EXPECT_GT(compressed, 0U);
    const std::size_t begun = batches - batches_before + 1;
    EXPECT_LE(counted, kOfMessage * kMessages + kOfBatch * begun);
    EXPECT_GE(counted, kOfMessage * kMessages) << "the counting is broken";
  }

  const std::array<FakeNetwork::EndPtr, 2>& ends() {
    ends_ = {network.ends.at(0), network.ends.at(1)};
    return ends_;
  }

  void compress(const exporter::BatchPtr& batch) {
    out.clear();
    gzip.write(batch->lines, out);
    compressed += out.size();
    ++batches;
  }

  FakeNetwork network;
  FakeShard shard;
  libp2p::test::FakeClock clock;
  const multiformats::Multiaddr listen_addr = addr("/ip4/10.0.0.1/tcp/4001");
  libp2p::PeerIdentity identity = libp2p::PeerIdentity::generate().value();
  libp2p::NodeSecurity security = libp2p::NodeSecurity::create(identity, clock).value();
  libp2p::PeerDirectory directory;
  libp2p::ConnectionIds ids;
  libp2p::Admission admission{{}};

  exporter::GzipWriter gzip;
  base::Bytes out;
  std::size_t compressed = 0;
  std::size_t batches = 0;
  exporter::ExportStage stage{{}, clock, [this](const exporter::BatchPtr& b) { compress(b); }};
  monitor::WakeUp wake_up;
  monitor::ObservationQueue queue{{}, wake_up};
  LongMessages long_messages{{&queue}};

  NodeShard node{{.shard = shard,
                  .transport = std::make_unique<FakeTransport>(network, shard, listen_addr),
                  .sink = &queue,
                  .identity = identity,
                  .security = security,
                  .directory = directory,
                  .connection_ids = ids,
                  .clock = clock,
                  .admission = admission,
                  .long_messages = long_messages,
                  .log = {}},
                 {},
                 {}};
  TestNode peer{network, shard, "/ip4/10.0.0.2/tcp/4001"};

 private:
  std::array<FakeNetwork::EndPtr, 2> ends_;
};

TEST_F(AllocationTest, AMessageAllocatesWhatItsEventHolds) {
  expect_only_what_events_hold(5);
}

TEST_F(AllocationTest, MoreEntriesDoNotAllocateMore) {
  expect_only_what_events_hold(50);
}

}  // namespace
}  // namespace mexport::node
