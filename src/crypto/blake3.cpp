// SPDX-License-Identifier: MIT
// After the BLAKE3 specification (BLAKE3-team/BLAKE3-specs: blake3.pdf), sections 2.1 to 2.6.
#include "crypto/blake3.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mexport::crypto {
namespace {

constexpr std::size_t kBlockSize = 64;
constexpr std::size_t kChunkSize = 1024;
constexpr std::size_t kMaxDepth = 54;  // enough for 2^64 bytes

enum Flag : std::uint32_t { kChunkStart = 1, kChunkEnd = 2, kParent = 4, kRoot = 8 };

using ChainingValue = std::array<std::uint32_t, 8>;
using Words = std::array<std::uint32_t, 16>;

constexpr ChainingValue kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::array<std::uint8_t, 16> kPermutation = {2, 6,  3,  10, 7, 0,  4,  13,
                                                       1, 11, 12, 5,  9, 14, 15, 8};

/// What one compression takes; kept unfinished for the root, which may be asked for more output.
struct Node {
  ChainingValue chaining_value;
  Words block;
  std::uint64_t counter;
  std::uint32_t block_size;
  std::uint32_t flags;
};

void mix(Words& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint32_t x,
         std::uint32_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

void run_round(Words& v, const Words& m) {
  mix(v, 0, 4, 8, 12, m[0], m[1]);
  mix(v, 1, 5, 9, 13, m[2], m[3]);
  mix(v, 2, 6, 10, 14, m[4], m[5]);
  mix(v, 3, 7, 11, 15, m[6], m[7]);
  mix(v, 0, 5, 10, 15, m[8], m[9]);
  mix(v, 1, 6, 11, 12, m[10], m[11]);
  mix(v, 2, 7, 8, 13, m[12], m[13]);
  mix(v, 3, 4, 9, 14, m[14], m[15]);
}

Words compress(const Node& node) {
  const auto& cv = node.chaining_value;
  Words v = {cv[0],
             cv[1],
             cv[2],
             cv[3],
             cv[4],
             cv[5],
             cv[6],
             cv[7],
             kInitial[0],
             kInitial[1],
             kInitial[2],
             kInitial[3],
             static_cast<std::uint32_t>(node.counter),
             static_cast<std::uint32_t>(node.counter >> 32),
             node.block_size,
             node.flags};
  auto m = node.block;
  run_round(v, m);
  for (int round = 1; round < 7; ++round) {
    Words permuted;
    for (std::size_t i = 0; i < 16; ++i) permuted[i] = m[kPermutation[i]];
    m = permuted;
    run_round(v, m);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] ^= v[i + 8];
    v[i + 8] ^= cv[i];
  }
  return v;
}

ChainingValue chaining_value_of(const Node& node) {
  const auto v = compress(node);
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};
}

Words load_block(base::ByteView bytes) {
  Words words{};
  if (bytes.size() == kBlockSize) {
    for (std::size_t i = 0; i < 16; ++i) {
      const auto* const p = bytes.data() + 4 * i;  // a pattern that compilers make one load
      words[i] = std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 |
                 std::uint32_t{p[3]} << 24;
    }
    return words;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[i / 4] |= std::uint32_t{bytes[i]} << (8 * (i % 4));
  }
  return words;
}

/// The last block of a chunk of at most kChunkSize bytes, all before it compressed.
Node chunk_node(base::ByteView chunk, std::uint64_t index) {
  Node node{kInitial, {}, index, 0, kChunkStart};
  while (chunk.size() > kBlockSize) {
    node.block = load_block(chunk.first(kBlockSize));
    node.block_size = kBlockSize;
    node.chaining_value = chaining_value_of(node);
    node.flags = 0;
    chunk = chunk.subspan(kBlockSize);
  }
  node.block = load_block(chunk);
  node.block_size = static_cast<std::uint32_t>(chunk.size());
  node.flags |= kChunkEnd;
  return node;
}

Node parent_node(const ChainingValue& left, const ChainingValue& right) {
  Node node{kInitial, {}, 0, kBlockSize, kParent};
  std::copy(left.begin(), left.end(), node.block.begin());
  std::copy(right.begin(), right.end(), node.block.begin() + 8);
  return node;
}

void write_output(Node root, base::MutableByteView out) {
  root.flags |= kRoot;
  for (root.counter = 0; !out.empty(); ++root.counter) {
    const auto words = compress(root);
    const auto size = std::min(out.size(), kBlockSize);
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
    }
    out = out.subspan(size);
  }
}

}  // namespace

void blake3(base::ByteView data, base::MutableByteView out) {
  // The roots of the finished subtrees, largest first; a chunk's index tells by its trailing one
  // bits how many of them it completes.
  std::array<ChainingValue, kMaxDepth> stack{};
  std::size_t depth = 0;
  std::uint64_t index = 0;
  for (; data.size() > kChunkSize; data = data.subspan(kChunkSize), ++index) {
    auto value = chaining_value_of(chunk_node(data.first(kChunkSize), index));
    for (auto bits = index; (bits & 1) != 0; bits >>= 1) {
      value = chaining_value_of(parent_node(stack[--depth], value));
    }
    stack[depth++] = value;
  }
  auto node = chunk_node(data, index);
  while (depth > 0) node = parent_node(stack[--depth], chaining_value_of(node));
  write_output(node, out);
}

}  // namespace mexport::crypto
