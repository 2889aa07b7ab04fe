// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "crypto/aead.hpp"
#include "libp2p/node_security.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/stream.hpp"
#include "multiformats/ip.hpp"
#include "multiformats/peer_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mexport::libp2p {

enum class SecurityProtocol : std::uint8_t { noise, tls };
inline constexpr std::size_t kSecurityProtocols = 2;

/// "noise" and "tls", as events and counters name them; static storage.
std::string_view to_string(SecurityProtocol protocol);
/// "/noise" and "/tls/1.0.0", as multistream names them; static storage.
std::string_view protocol_id(SecurityProtocol protocol);

/// What a listener makes of a peer that proposes TLS first.
enum class SecurityPreference : std::uint8_t {
  noise,    ///< it is asked for Noise; one that has only TLS gets in at its next try
  offered,  ///< it gets TLS
};

struct SecurityOptions {
  SecurityPreference prefer = SecurityPreference::noise;
  /// What is spoken, as dialler proposed in this order. Noise comes first: its handshake costs
  /// half.
  std::vector<SecurityProtocol> protocols{SecurityProtocol::noise, SecurityProtocol::tls};
};

/// Which protocols secure the connections of a node on one shard.
class SecurityPolicy {
 public:
  /// `node` and `aead` outlive the policy and all that comes from it; `aead` is the shard's.
  SecurityPolicy(const NodeSecurity& node, crypto::Aead& aead, SecurityOptions options);

  /// A dialler's, as multistream takes them; valid as long as the policy.
  std::span<const std::string_view> proposals() const { return ids_; }
  /// nullopt when it is not spoken.
  std::optional<SecurityProtocol> find(std::string_view id) const;
  /// Whether a listener answers a proposal from `remote` with `na` although it speaks the protocol,
  /// so as to be asked for one that it prefers. Once it does not, it does not for a while.
  bool puts_off(SecurityProtocol protocol, const std::optional<multiformats::IpAddress>& remote,
                base::SteadyTime now) const;
  /// A peer at `remote` has been put off and had nothing else to propose: its next try is not.
  void remember(const multiformats::IpAddress& remote, base::SteadyTime now) const;

  /// `expected` empty: any peer will do.
  std::unique_ptr<SecurityHandshake> start(SecurityProtocol protocol, Direction direction,
                                           const multiformats::PeerId& expected) const;

 private:
  bool speaks(SecurityProtocol protocol) const;

  const NodeSecurity& node_;
  crypto::Aead& aead_;
  SecurityOptions options_;
  std::vector<std::string_view> ids_;
};

}  // namespace mexport::libp2p
