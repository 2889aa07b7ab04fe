// SPDX-License-Identifier: MIT
#pragma once

#include "crypto/aead.hpp"
#include "libp2p/noise/static_identity.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/stream.hpp"
#include "multiformats/peer_id.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace mexport::libp2p {

/// One way to secure a connection.
struct SecurityProtocol {
  std::string_view id;  ///< "/noise"; static storage
  /// `expected` empty: any peer will do.
  std::function<std::unique_ptr<SecurityHandshake>(Direction, const multiformats::PeerId& expected)>
      make;
};

/// What a node offers as dialler, preferred first, and takes as listener; anything else is answered
/// `na`. Peers that prefer another protocol then propose one of these (design: an idle connection
/// costs almost nothing). Immutable, belongs to a shard.
class SecurityPolicy {
 public:
  explicit SecurityPolicy(std::vector<SecurityProtocol> protocols);

  /// As multistream's Dialer takes it; valid as long as the policy.
  const std::vector<std::string_view>& proposals() const { return ids_; }
  bool has(std::string_view id) const { return find(id) != nullptr; }
  /// nullptr when the protocol is not spoken.
  const SecurityProtocol* find(std::string_view id) const;

 private:
  std::vector<SecurityProtocol> protocols_;
  std::vector<std::string_view> ids_;
};

/// Noise alone. `identity` and `aead` outlive the policy and all that comes from it.
SecurityPolicy noise_only(const noise::StaticIdentity& identity, crypto::Aead& aead);

}  // namespace mexport::libp2p
