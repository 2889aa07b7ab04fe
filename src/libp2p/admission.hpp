// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/ip.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mexport::libp2p {

/// IPv6 addresses are given out by the network, not singly: these bits of one count as an address.
inline constexpr int kIp6AddressBits = 64;

/// How many connections a node may have, over all its shards. 0: no limit.
struct AdmissionLimits {
  std::size_t connections = 100'000;  ///< of both directions, handshakes of accepted ones included
  std::size_t per_address = 64;       ///< from one IPv4 address or IPv6 /64; accepted ones
  std::size_t per_subnet = 0;         ///< from one subnet; accepted ones
  int subnet_bits_ip4 = 24;           ///< 0 to 32
  int subnet_bits_ip6 = 48;           ///< 0 to kIp6AddressBits
};

/// Which limit kept a connection out.
enum class AdmissionRefusal : std::uint8_t { total, per_ip, per_subnet };
inline constexpr std::size_t kAdmissionRefusals = 3;

/// The enumerator's name; static storage.
std::string_view to_string(AdmissionRefusal refusal);

/// Who gets in: counts the connections of a node, and those accepted from each address and subnet.
/// Remembers what has a connection now and nothing else. Touched when a connection comes and goes.
/// Thread-safe, exact; one object per node, shared by its shards, outlives all places.
class Admission {
  using Counts = std::unordered_map<multiformats::IpAddress, std::uint32_t,
                                    std::size_t (*)(const multiformats::IpAddress&)>;

 public:
  /// The place of one connection; given back with the object.
  class Place {
   public:
    Place() = default;
    ~Place();
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;

   private:
    friend class Admission;
    Place(Admission& admission, const Counts::value_type* address)
        : admission_(&admission), address_(address) {}

    Admission* admission_ = nullptr;
    const Counts::value_type* address_ = nullptr;  // in by_address_; null when not counted there
  };

  explicit Admission(const AdmissionLimits& limits);
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  /// For a connection that was accepted; without an address only the total counts.
  std::expected<Place, AdmissionRefusal> admit(const std::optional<multiformats::IpAddress>& from);
  /// For a connection of our own making: counted, never refused. Who dials asks full() before.
  Place enter();

  bool full() const;
  std::size_t size() const;
  /// Addresses and subnets that are remembered.
  std::size_t remembered() const;

 private:
  bool is_full() const { return limits_.connections != 0 && size_ >= limits_.connections; }
  multiformats::IpAddress subnet_of(const multiformats::IpAddress& address) const;
  void give_back(const Counts::value_type* address);

  const AdmissionLimits limits_;
  mutable std::mutex mutex_;
  std::size_t size_ = 0;
  Counts by_address_;  // nodes stay where they are: places point to them
  Counts by_subnet_;
};

}  // namespace mexport::libp2p
