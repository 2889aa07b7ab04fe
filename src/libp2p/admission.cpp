// SPDX-License-Identifier: MIT
#include "libp2p/admission.hpp"

#include "base/bytes.hpp"
#include "multiformats/ip_range.hpp"

#include <array>
#include <functional>

namespace mexport::libp2p {
namespace {

using multiformats::IpAddress;

std::size_t hash_of(const IpAddress& address) {
  return std::hash<std::string_view>{}(base::as_text(address.bytes)) ^ (address.v6 ? 1U : 0U);
}

IpAddress network_of(const IpAddress& address, int bits_ip4, int bits_ip6) {
  return multiformats::IpRange(address, address.v6 ? bits_ip6 : bits_ip4).network();
}

/// What counts as one address.
IpAddress address_of(const IpAddress& address) {
  const auto plain = address.unmapped();
  return network_of(plain, plain.bits(), kIp6AddressBits);
}

/// Whether one more may come from `network`.
template <class Counts>
bool has_room(const Counts& counts, const IpAddress& network, std::size_t limit) {
  if (limit == 0) return true;
  const auto found = counts.find(network);
  return found == counts.end() || found->second < limit;
}

template <class Counts>
void remove_one(Counts& counts, const IpAddress& network) {
  const auto found = counts.find(network);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

std::string_view to_string(AdmissionRefusal refusal) {
  static constexpr std::array<std::string_view, kAdmissionRefusals> kNames{"total", "per_ip",
                                                                           "per_subnet"};
  return kNames[static_cast<std::size_t>(refusal)];
}

Admission::Place::~Place() {
  if (admission_ != nullptr) admission_->give_back(address_);
}

Admission::Place::Place(Place&& other) noexcept
    : admission_(std::exchange(other.admission_, nullptr)),
      address_(std::exchange(other.address_, nullptr)) {}

Admission::Place& Admission::Place::operator=(Place&& other) noexcept {
  std::swap(admission_, other.admission_);
  std::swap(address_, other.address_);
  return *this;
}

Admission::Admission(const AdmissionLimits& limits)
    : limits_(limits), by_address_(0, &hash_of), by_subnet_(0, &hash_of) {}

IpAddress Admission::subnet_of(const IpAddress& address) const {
  return network_of(address, limits_.subnet_bits_ip4, limits_.subnet_bits_ip6);
}

std::expected<Admission::Place, AdmissionRefusal> Admission::admit(
    const std::optional<IpAddress>& from) {
  const std::lock_guard lock(mutex_);
  if (is_full()) return std::unexpected(AdmissionRefusal::total);
  if (!from || (limits_.per_address == 0 && limits_.per_subnet == 0)) {
    ++size_;
    return Place(*this, nullptr);
  }
  const auto address = address_of(*from);
  const auto subnet = subnet_of(address);
  if (!has_room(by_address_, address, limits_.per_address)) {
    return std::unexpected(AdmissionRefusal::per_ip);
  }
  if (!has_room(by_subnet_, subnet, limits_.per_subnet)) {
    return std::unexpected(AdmissionRefusal::per_subnet);
  }
  ++size_;
  if (limits_.per_subnet != 0) ++by_subnet_[subnet];
  auto& entry = *by_address_.try_emplace(address).first;
  ++entry.second;
  return Place(*this, &entry);
}

Admission::Place Admission::enter() {
  const std::lock_guard lock(mutex_);
  ++size_;
  return {*this, nullptr};
}

void Admission::give_back(const Counts::value_type* address) {
  const std::lock_guard lock(mutex_);
  --size_;
  if (address == nullptr) return;
  const auto network = address->first;
  remove_one(by_address_, network);
  if (limits_.per_subnet != 0) remove_one(by_subnet_, subnet_of(network));
}

bool Admission::full() const {
  const std::lock_guard lock(mutex_);
  return is_full();
}

std::size_t Admission::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

std::size_t Admission::remembered() const {
  const std::lock_guard lock(mutex_);
  return by_address_.size() + by_subnet_.size();
}

}  // namespace mexport::libp2p
