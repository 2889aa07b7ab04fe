// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/timer_wheel.hpp"
#include "libp2p/multistream/dialer.hpp"
#include "libp2p/multistream/listener.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/security_policy.hpp"
#include "libp2p/shard.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/transport.hpp"
#include "libp2p/upgrade_options.hpp"
#include "multiformats/peer_id.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

namespace mexport::libp2p {

inline constexpr std::string_view kYamuxProtocol = "/yamux/1.0.0";

/// What a raw connection has become: secured, and both sides will speak yamux.
struct Upgraded {
  RawConnectionPtr raw;
  Direction direction = Direction::inbound;
  SecurityProtocol security = SecurityProtocol::noise;
  SecuredConnection secured;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  base::Bytes plaintext;   ///< came already for the muxer
  base::Bytes ciphertext;  ///< came behind that, for the channel
};
using UpgradeOutcome = std::expected<Upgraded, UpgradeFailure>;

class Upgrade;

/// Owns an upgrade and destroys it some time after its only call.
class UpgradeOwner {
 public:
  virtual void on_upgrade_done(Upgrade& upgrade, UpgradeOutcome outcome) = 0;

 protected:
  ~UpgradeOwner() = default;
};

/// The way of one raw connection through multistream, security and muxer. Holds all that only the
/// handshake needs, and is freed when it ends (design: handshake and steady state are different
/// objects). One shard.
class Upgrade final : private RawConnectionHandler, private PlaintextSink {
 public:
  /// What the upgrades of a swarm share; outlives them.
  struct Context {
    Shard& shard;
    const SecurityPolicy& security;
    const multiformats::PeerId& local_peer;
    const UpgradeOptions& options;
  };

  /// `expected` empty: any peer will do.
  Upgrade(const Context& context, UpgradeOwner& owner, RawConnectionPtr raw, Direction direction,
          const multiformats::PeerId& expected);
  ~Upgrade() override;
  Upgrade(const Upgrade&) = delete;
  Upgrade& operator=(const Upgrade&) = delete;

  /// Begins; the owner hears the end later, not from within.
  void start();
  /// Ends it; the owner hears so from within, unless it was done already.
  void fail(UpgradeFailure failure);
  /// Ends it without a word.
  void cancel();

  Direction direction() const { return direction_; }
  /// What secures it, from the moment when both sides have agreed on it.
  std::optional<SecurityProtocol> security() const { return security_; }
  /// Whether the peer was asked for another protocol than the one that it proposed.
  bool put_off() const { return put_off_; }

 private:
  enum class Stage : std::uint8_t { security, handshake, muxer, done };

  void on_bytes(base::MutableByteView bytes) override;
  void on_closed(std::error_code error) override;
  void on_drained() override {}
  base::Status on_plaintext(base::ByteView plaintext) override;
  void on_timer();

  base::Status advance(base::MutableByteView& in);
  base::Status negotiate_security(base::MutableByteView& in);
  bool takes(std::string_view security_id);
  void remember_refusal(UpgradeFailure failure);
  base::Status shake_hands(base::MutableByteView& in);
  void begin_muxer_negotiation();
  void start_negotiation(std::span<const std::string_view> proposals, base::Bytes& out);
  base::Result<multistream::Progress> negotiate(base::ByteView in, base::Bytes& out,
                                                const multistream::KnownProtocol& known);
  UpgradeFailure failure_of(std::error_code error) const;
  void send();
  void complete(base::ByteView rest);

  const Context& context_;
  UpgradeOwner& owner_;
  RawConnectionPtr raw_;
  multiformats::PeerId expected_;
  Direction direction_;
  Stage stage_ = Stage::security;
  bool muxer_agreed_ = false;
  bool heard_ = false;
  bool put_off_ = false;
  std::optional<SecurityProtocol> security_;
  std::optional<multistream::Dialer> dialer_;  // outbound
  multistream::Listener listener_;             // inbound
  std::unique_ptr<SecurityHandshake> handshake_;
  std::unique_ptr<SecuredConnection> secured_;  // after the handshake
  base::Bytes out_;                             // to be written when the input has been handled
  base::Bytes plaintext_;                       // for the muxer
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  base::SteadyTime started_at_;
  base::Timer timer_;
};

}  // namespace mexport::libp2p
