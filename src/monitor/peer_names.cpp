// SPDX-License-Identifier: MIT
#include "monitor/peer_names.hpp"

#include "crypto/hash.hpp"
#include "multiformats/cid.hpp"
#include "multiformats/multibase.hpp"

namespace mexport::monitor {
namespace {

using multiformats::PeerId;

/// No multihash begins like this, so that no peer's keyed id shows it.
constexpr std::string_view kKeyIdInput = "mexport privacy key id";
constexpr std::size_t kKeyIdSize = 8;
constexpr std::uint8_t kCidVersion = 1;

}  // namespace

std::string PeerNames::key_id() const {
  if (!key_) return {};
  const auto digest = crypto::hmac_sha256(key_->view(), {base::as_bytes(kKeyIdInput)});
  return base::to_hex(digest.view().first(kKeyIdSize));
}

PeerId PeerNames::shown(const PeerId& peer) const {
  return key_ && !peer.empty() ? keyed_id(peer.bytes()) : peer;
}

std::string PeerNames::shown_text(std::string_view text) const {
  if (!key_) return std::string(text);
  const auto peer = PeerId::from_string(text);
  return (peer ? keyed_id(peer->bytes()) : keyed_id(base::as_bytes(text))).to_string();
}

std::string PeerNames::shown_in_name(std::string_view name) const {
  if (!key_) return std::string(name);
  std::string out;
  for (std::size_t at = 0; at <= name.size();) {
    const auto label = name.substr(at, name.find('.', at) - at);
    if (at > 0) out.push_back('.');
    out.append(shown_label(label));
    at += label.size() + 1;
  }
  return out;
}

PeerId PeerNames::keyed_id(base::ByteView bytes) const {
  return PeerId::from_sha256(crypto::hmac_sha256(key_->view(), {bytes}).view());
}

std::string PeerNames::shown_label(std::string_view label) const {
  const auto peer = PeerId::from_string(label);
  if (!peer) return std::string(label);
  base::Bytes cid{kCidVersion, static_cast<std::uint8_t>(multiformats::Multicodec::libp2p_key)};
  base::append(cid, keyed_id(peer->bytes()).bytes());
  return encode_multibase(multiformats::Multibase::base36, cid);
}

}  // namespace mexport::monitor
