// SPDX-License-Identifier: MIT
#include "tests/sim/accounting.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

namespace mexport::sim {
namespace {

/// Stands before each block.
struct alignas(std::max_align_t) Header {
  std::size_t size;
  Owner owner;
};

// The simulation has one thread.
constinit Owner at_work = Owner::world;
constinit std::array<Footprint, 2> held{};

Footprint& held_by(Owner owner) {
  return held[static_cast<std::size_t>(owner)];
}

void* take(std::size_t size) {
  void* raw = std::malloc(sizeof(Header) + size);
  if (raw == nullptr) throw std::bad_alloc();
  auto* header = new (raw) Header{size, at_work};
  auto& sum = held_by(at_work);
  ++sum.blocks;
  sum.bytes += static_cast<std::int64_t>(size);
  return header + 1;
}

void give_back(void* block) noexcept {
  if (block == nullptr) return;
  auto* header = static_cast<Header*>(block) - 1;
  auto& sum = held_by(header->owner);
  --sum.blocks;
  sum.bytes -= static_cast<std::int64_t>(header->size);
  std::free(header);
}

}  // namespace

Footprint footprint(Owner owner) {
  return held_by(owner);
}

OwnerScope::OwnerScope(Owner owner) : before_(std::exchange(at_work, owner)) {}
OwnerScope::~OwnerScope() {
  at_work = before_;
}

}  // namespace mexport::sim

void* operator new(std::size_t size) {
  return mexport::sim::take(size);
}
void* operator new[](std::size_t size) {
  return mexport::sim::take(size);
}
void operator delete(void* block) noexcept {
  mexport::sim::give_back(block);
}
void operator delete[](void* block) noexcept {
  mexport::sim::give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  mexport::sim::give_back(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  mexport::sim::give_back(block);
}
