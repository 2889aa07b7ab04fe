// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Whose memory is whose: the program counts what operator new gives, by who was at work then.
namespace mexport::sim {

enum class Owner : std::uint8_t { world, monitor };

/// What an owner holds now, whoever is at work.
struct Footprint {
  std::int64_t blocks = 0;
  std::int64_t bytes = 0;
};
Footprint footprint(Owner owner);

/// Sets who is at work.
class OwnerScope {
 public:
  explicit OwnerScope(Owner owner);
  ~OwnerScope();
  OwnerScope(const OwnerScope&) = delete;
  OwnerScope& operator=(const OwnerScope&) = delete;

 private:
  Owner before_;
};

}  // namespace mexport::sim
