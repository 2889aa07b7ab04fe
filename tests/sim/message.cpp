// SPDX-License-Identifier: MIT
#include "tests/sim/message.hpp"

#include "multiformats/cid.hpp"
#include "tests/sim/truth.hpp"
#include "wire/bitswap_writer.hpp"

#include <array>

namespace mexport::sim {
namespace {

/// Few contents are wanted by many.
multiformats::Cid some_cid(base::Random& random, const Held* held) {
  std::array<std::uint8_t, 32> digest{};
  digest[0] = static_cast<std::uint8_t>(random.below(256));
  digest[1] = static_cast<std::uint8_t>(random.below(16));
  if (held != nullptr && digest[1] == 0) return held->cids()[digest[0] % held->cids().size()];
  return multiformats::Cid::v1(static_cast<std::uint64_t>(multiformats::Multicodec::dag_pb),
                               static_cast<std::uint64_t>(multiformats::HashCode::sha2_256),
                               digest);
}

wire::OutgoingEntry entry(base::Random& random, base::ByteView cid) {
  if (random.below(4) == 0) return {.cid = cid, .cancel = true};
  return {.cid = cid,
          .priority = static_cast<std::int32_t>(random.below(1U << 31)),
          .want_type = random.below(2) == 0 ? wire::WantType::block : wire::WantType::have,
          .send_dont_have = random.below(4) == 0};
}

void add_block(base::Random& random, wire::BitswapMessageWriter& message, std::size_t size) {
  constexpr std::array<std::uint8_t, 4> kRawSha256{0x01, 0x55, 0x12, 0x20};
  base::Bytes data(size, static_cast<std::uint8_t>(random.next()));
  message.add_block({.prefix = kRawSha256, .data = data});
}

}  // namespace

base::Bytes make_message(base::Random& random, std::uint64_t number, wire::BitswapProtocol protocol,
                         bool big, const Held* held) {
  wire::BitswapMessageWriter message(protocol);
  message.add_entry(entry(random, Truth::cid_of(number).bytes()));
  const auto entries = big ? random.below(3'000) : random.below(8);
  for (std::uint64_t i = 0; i < entries; ++i) {
    message.add_entry(entry(random, some_cid(random, held).bytes()));
  }
  message.set_full(random.below(10) == 0);
  if (random.below(10) == 0) {
    message.add_presence(some_cid(random, nullptr).bytes(), wire::BlockPresence::dont_have);
  }
  if (big) {
    add_block(random, message, random.below(600 << 10));
  } else if (random.below(20) == 0) {
    add_block(random, message, random.below(4 << 10));
  }
  return message.frame();
}

}  // namespace mexport::sim
