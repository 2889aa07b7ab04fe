// SPDX-License-Identifier: MIT
#include "tests/sim/held.hpp"

#include "crypto/multihash_digest.hpp"
#include "wire/bitswap.hpp"

#include <array>
#include <utility>

namespace mexport::sim {
namespace {

constexpr std::array<std::size_t, 12> kSizes{0,      1,      100,    1'000,  8'191,   8'192,
                                             20'000, 65'536, 65'537, 90'000, 300'000, 400'000};
constexpr auto kSha256 = static_cast<std::uint64_t>(crypto::HashCode::sha2_256);

}  // namespace

Held::Held() {
  auto blocks = std::make_shared<ipfs::BlockSet>();
  for (const auto size : kSizes) {
    base::Bytes data(size, static_cast<std::uint8_t>(size));
    base::Bytes digest;
    static_cast<void>(crypto::append_digest(kSha256, 32, data, digest));
    cids_.push_back(multiformats::Cid::v1(static_cast<std::uint64_t>(multiformats::Multicodec::raw),
                                          kSha256, digest));
    blocks->add(cids_.back().view().multihash_bytes,
                std::make_shared<const base::Bytes>(std::move(data)));
  }
  blocks_ = std::move(blocks);
}

void ReplyCheck::take(base::ByteView data) {
  const auto status = reader_.feed(data, [&](base::ByteView body) -> base::Status {
    const auto message = wire::decode_bitswap_message(body);
    if (!message) return base::fail(message.error());
    check(*message);
    return {};
  });
  if (!status) truth_.fault("a reply cannot be read: {}", status.error().message());
}

void ReplyCheck::end() {
  if (reader_.within_message()) truth_.fault("a reply ends within a message");
}

bool ReplyCheck::has(base::ByteView cid) const {
  const auto parts = multiformats::parse_cid(cid);
  return held_ != nullptr && parts && held_->blocks()->find(parts->multihash_bytes) != nullptr;
}

void ReplyCheck::check(const wire::BitswapMessage& message) {
  for (const auto& block : message.blocks) {
    if (!has(message.cid(block.cid))) truth_.fault("a block of {} bytes is not ours", block.size);
  }
  for (const auto& presence : message.presences) {
    const bool have = presence.type == static_cast<std::int32_t>(wire::BlockPresence::have);
    if (have != has(message.cid(presence.cid))) truth_.fault("a presence is not true");
  }
}

}  // namespace mexport::sim
