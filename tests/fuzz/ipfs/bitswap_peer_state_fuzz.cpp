// SPDX-License-Identifier: MIT
#include "ipfs/bitswap/peer_state.hpp"
#include "multiformats/cid.hpp"
#include "tests/unit/ipfs/fake_opener.hpp"
#include "tests/unit/ipfs/test_runtime.hpp"
#include "wire/length_delimited.hpp"

#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace {

using namespace mexport;

/// What a peer's wants come to, told in the plainest way.
struct Model {
  std::map<base::Bytes, ipfs::Ledger::Want> wants;
  std::set<base::Bytes> answers;

  static bool ignored(base::ByteView cid) {
    return cid.size() > ipfs::kMaxAnsweredCidSize ||
           multiformats::parse_cid(cid)->multihash.is(multiformats::HashCode::identity);
  }

  void take(const wire::BitswapMessage& message) {
    if (message.full) *this = {};
    for (const auto& entry : message.wantlist) {
      const base::Bytes cid = base::to_bytes(message.cid(entry.cid));
      if (entry.cancel || ignored(cid)) continue;
      auto& want = wants.try_emplace(cid, ipfs::Ledger::Want{wire::WantType::have}).first->second;
      if (entry.want_type != 1) want.type = wire::WantType::block;
      want.send_dont_have |= entry.send_dont_have;
      if (entry.send_dont_have) answers.insert(cid);
    }
    for (const auto& entry : message.wantlist) {
      if (!entry.cancel) continue;
      wants.erase(base::to_bytes(message.cid(entry.cid)));
      answers.erase(base::to_bytes(message.cid(entry.cid)));
    }
  }
};

void require(bool holds) {
  if (!holds) std::abort();
}

void compare(const ipfs::PeerState& state, const ipfs::BitswapShared& shared, const Model& model) {
  require(state.ledger().size() == model.wants.size());
  require(state.pending_answers() == model.answers.size());
  for (const auto& [cid, want] : model.wants) {
    require(state.ledger().find(shared.hasher(cid)) == want);
  }
}

}  // namespace

// A stream of messages leaves ledger and answers as the model has them. Inputs stay below the
// bounds, where the two would part.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 8192) return 0;
  ipfs::TestRuntime runtime;
  ipfs::BitswapShared shared(runtime, {});
  {
    auto owned = std::make_unique<ipfs::FakeOpener>();
    const auto& opener = *owned;
    ipfs::PeerState state(shared, std::move(owned));
    Model model;
    wire::LengthDelimitedReader reader(wire::kMaxBitswapMessageSize);
    const auto status = reader.feed({data, size}, [&](base::ByteView body) -> base::Status {
      const auto message = wire::decode_bitswap_message(body);
      if (!message) return base::fail(message.error());
      state.take_wantlist(*message, wire::BitswapProtocol::v1_2_0);
      model.take(*message);
      return {};
    });
    static_cast<void>(status);  // the prefix up to an error counts as well
    compare(state, shared, model);
    state.close();
    require(opener.held == 0);
  }
  require(runtime.timers().armed_count() == 0);
  require(shared.counters.live_wants.value() == 0);
  return 0;
}
