// SPDX-License-Identifier: MIT
#include "libp2p/security_fault.hpp"
#include "libp2p/tls/error.hpp"
#include "libp2p/tls/handshake.hpp"
#include "tests/unit/libp2p/openssl_peer.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <gtest/gtest.h>

namespace mexport::libp2p::tls {
namespace {

TEST(TlsHandshake, TheOtherSideHearsWhyByAnAlert) {
  Party a;
  Party b;
  Party c;
  const auto client = a.handshake(Direction::outbound, c.identity.peer_id());
  const auto server = b.handshake(Direction::inbound);
  base::Bytes to_b;
  base::Bytes to_a;
  ASSERT_TRUE(client->start(to_b));
  ASSERT_TRUE(feed(*server, to_b, to_a, 10'000));
  EXPECT_FALSE(feed(*client, to_a, to_b, 10'000));
  ASSERT_FALSE(to_b.empty());
  EXPECT_EQ(feed(*server, to_b, to_a, 10'000).error(), SecurityFault::refused);
}

TEST(TlsHandshake, CertificatesAreJudgedByOurClock) {
  Party a;
  Party b;
  b.clock.wall -= std::chrono::days(2);
  const auto client = a.handshake(Direction::outbound);
  const auto server = b.handshake(Direction::inbound);
  EXPECT_EQ(run(*client, *server).error(), Error::not_valid_now);
}

struct MuxerCase {
  std::vector<std::string> client;
  std::vector<std::string> server;
  std::string chosen;
};

TEST(TlsHandshake, MuxerIsTheFirstOfTheClientThatBothHave) {
  const MuxerCase cases[] = {
      {{"/yamux/1.0.0"}, {"/yamux/1.0.0"}, "/yamux/1.0.0"},
      {{"/a", "/b", "/c"}, {"/c", "/b"}, "/b"},
      {{"/a"}, {"/b"}, ""},
      {{}, {"/yamux/1.0.0"}, ""},
      {{"/yamux/1.0.0"}, {}, ""},
  };
  for (const auto& c : cases) {
    Party a(crypto::KeyType::ed25519, c.client);
    Party b(crypto::KeyType::ed25519, c.server);
    const auto client = a.handshake(Direction::outbound);
    const auto server = b.handshake(Direction::inbound);
    ASSERT_TRUE(run(*client, *server));
    EXPECT_EQ(client->take_result().early_muxer, c.chosen);
    EXPECT_EQ(server->take_result().early_muxer, c.chosen);
  }
}

TEST(TlsHandshake, WhatCannotBeAHelloIsRefusedAtOnce) {
  Party b;
  const std::pair<const char*, Error> cases[] = {
      {"474554202f", Error::bad_record},            // HTTP
      {"1303030005", Error::bad_record},            // no such type
      {"1602000005", Error::bad_record},            // no such version
      {"1703030001aa", Error::bad_record},          // data
      {"160301000502000001aa", Error::bad_record},  // ServerHello
      {"1603010003010000", Error::bad_record},      // less than a message's header
      {"1603013ffc", Error::handshake_too_large},   // 16 KiB in one record
      {"160301000401004001", Error::handshake_too_large},
  };
  for (const auto& [text, error] : cases) {
    base::Bytes out;
    const auto server = b.handshake(Direction::inbound);
    EXPECT_EQ(server->receive(hex(text), out).error(), error) << text;
  }
}

TEST(TlsHandshake, AnEndlessOneIsCutOff) {
  Party b;
  const auto server = b.handshake(Direction::inbound);
  // A hello of almost all that is allowed, in the smallest of records.
  base::Bytes out;
  ASSERT_TRUE(server->receive(hex("1603010004"
                                  "01003ff0"),
                              out));
  std::size_t sent = 9;
  base::Result<std::size_t> status = 0;
  while (status && sent < 10 * kMaxHandshakeBytes) {
    status = server->receive(hex("160301000100"), out);
    sent += 6;
  }
  ASSERT_FALSE(status);
  EXPECT_LE(sent, kMaxHandshakeBytes + 6);
}

/// Our side against OpenSSL's own.
class TlsAgainstOpenSsl : public testing::Test {
 protected:
  /// The first error of ours; nullopt when both are done.
  std::optional<std::error_code> shake(Handshake& ours, OpenSslPeer& theirs) {
    base::Bytes out;
    if (const auto started = ours.start(out); !started) return started.error();
    for (int turn = 0; turn < 4 && !(ours.done() && theirs.done()); ++turn) {
      theirs.take_in(std::exchange(out, {}));
      their_failure_ = !theirs.shake();
      auto in = theirs.take_out();
      while (!in.empty() && !ours.done()) {
        const auto taken = ours.receive(in, out);
        if (!taken) return taken.error();
        in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(*taken));
      }
      rest_ = std::move(in);
    }
    theirs.take_in(out);
    theirs.shake();
    return std::nullopt;
  }
  static OpenSslPeer::Options with(const MadeCertificate& certificate) {
    OpenSslPeer::Options options;
    options.certificate = &certificate;
    return options;
  }

  Party us_;
  PeerIdentity them_ = PeerIdentity::generate().value();
  MadeCertificate certificate_ = make_test_certificate(them_);
  bool their_failure_ = false;
  base::Bytes rest_;
};

TEST_F(TlsAgainstOpenSsl, DataGoesBothWaysInBothRolesByBothSuites) {
  for (const auto ours : {Direction::outbound, Direction::inbound}) {
    for (const auto* suite : {"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}) {
      auto options = with(certificate_);
      options.cipher_suites = suite;
      OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                       options);
      const auto handshake = us_.handshake(ours, them_.peer_id());
      ASSERT_FALSE(shake(*handshake, peer)) << suite;
      const auto secured = handshake->take_result();
      EXPECT_EQ(secured.peer, them_.peer_id());
      EXPECT_EQ(secured.early_muxer, "/yamux/1.0.0");
      EXPECT_EQ(peer.chosen_protocol(), "/yamux/1.0.0");
      CollectingSink sink;
      auto in = std::exchange(rest_, {});  // its tickets, when it is the server
      base::append(in, peer.written("hello"));
      ASSERT_TRUE(secured.channel->receive(in, sink));
      EXPECT_EQ(base::as_text(sink.bytes), "hello");
      base::Bytes out;
      secured.channel->send(base::Bytes(40'000, 'x'), out);
      EXPECT_EQ(peer.read(out), std::string(40'000, 'x'));
    }
  }
}

TEST_F(TlsAgainstOpenSsl, KeyUpdatesAndTheEndAreUnderstoodOnBothSides) {
  OpenSslPeer peer(Direction::outbound, with(certificate_));
  const auto handshake = us_.handshake(Direction::inbound);
  ASSERT_FALSE(shake(*handshake, peer));
  const auto secured = handshake->take_result();
  CollectingSink sink;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(SSL_key_update(peer.session(), SSL_KEY_UPDATE_REQUESTED), 1);
    auto in = peer.written("ping");
    ASSERT_TRUE(secured.channel->receive(in, sink));
    base::Bytes out;
    secured.channel->send(base::as_bytes("pong"), out);
    EXPECT_EQ(peer.read(out), "pong");
  }
  EXPECT_EQ(base::as_text(sink.bytes), "pingpingping");
  base::Bytes out;
  secured.channel->close(out);
  EXPECT_EQ(peer.read(out), std::nullopt);
  EXPECT_EQ(SSL_get_shutdown(peer.session()), SSL_RECEIVED_SHUTDOWN);
  SSL_shutdown(peer.session());
  auto in = peer.take_out();
  EXPECT_EQ(secured.channel->receive(in, sink).error(), SecurityFault::closed);
}

TEST_F(TlsAgainstOpenSsl, AHelloIsRetriedWithAnotherGroup) {
  for (const auto ours : {Direction::outbound, Direction::inbound}) {
    auto options = with(certificate_);
    options.groups = ours == Direction::outbound ? "P-256" : "P-384:P-256";
    OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                     options);
    const auto handshake = us_.handshake(ours);
    EXPECT_FALSE(shake(*handshake, peer));
    EXPECT_TRUE(handshake->done());
  }
}

TEST_F(TlsAgainstOpenSsl, APeerWithoutACertificateIsRefused) {
  OpenSslPeer client(Direction::outbound, {});
  const auto server = us_.handshake(Direction::inbound);
  EXPECT_EQ(shake(*server, client), SecurityFault::bad_identity);
}

TEST_F(TlsAgainstOpenSsl, AChainOfTwoIsRefused) {
  for (const auto ours : {Direction::outbound, Direction::inbound}) {
    auto options = with(certificate_);
    options.chain_of_two = true;
    OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                     options);
    const auto handshake = us_.handshake(ours);
    EXPECT_EQ(shake(*handshake, peer), Error::certificate_count);
  }
}

TEST_F(TlsAgainstOpenSsl, BadCertificatesAreRefusedInBothRoles) {
  CertificateRecipe recipe;
  recipe.foreign_identity = true;
  const auto bad = make_test_certificate(them_, recipe);
  for (const auto ours : {Direction::outbound, Direction::inbound}) {
    OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                     with(bad));
    const auto handshake = us_.handshake(ours);
    EXPECT_EQ(shake(*handshake, peer), Error::bad_signature);
  }
}

TEST_F(TlsAgainstOpenSsl, CertificatesThatAreTooLargeAreRefusedInBothRoles) {
  const std::pair<std::size_t, Error> cases[] = {
      {kMaxCertificateSize, Error::handshake_failed},
      {15 * kMaxCertificateSize, Error::handshake_too_large},
  };
  for (const auto& [ballast, expected] : cases) {
    CertificateRecipe recipe;
    recipe.ballast = ballast;
    const auto large = make_test_certificate(them_, recipe);
    for (const auto ours : {Direction::outbound, Direction::inbound}) {
      OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                       with(large));
      const auto handshake = us_.handshake(ours);
      EXPECT_EQ(shake(*handshake, peer), expected) << ballast;
    }
  }
}

TEST_F(TlsAgainstOpenSsl, LeafKeysOfAllKindsSign) {
  for (const auto* leaf : {"P-256", "P-384", "P-521", "RSA", "ED25519"}) {
    CertificateRecipe recipe;
    recipe.leaf = leaf;
    const auto made = make_test_certificate(them_, recipe);
    OpenSslPeer peer(Direction::outbound, with(made));
    const auto handshake = us_.handshake(Direction::inbound);
    EXPECT_FALSE(shake(*handshake, peer)) << leaf;
    EXPECT_TRUE(handshake->done()) << leaf;
  }
}

TEST_F(TlsAgainstOpenSsl, OlderVersionsAreRefused) {
  for (const auto ours : {Direction::outbound, Direction::inbound}) {
    auto options = with(certificate_);
    options.max_version = TLS1_2_VERSION;
    OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                     options);
    const auto handshake = us_.handshake(ours);
    EXPECT_TRUE(shake(*handshake, peer).has_value() || their_failure_);
    EXPECT_FALSE(handshake->done());
  }
}

TEST_F(TlsAgainstOpenSsl, SuitesWithoutOurHashAreRefused) {
  auto options = with(certificate_);
  options.cipher_suites = "TLS_AES_256_GCM_SHA384";
  OpenSslPeer peer(Direction::outbound, options);
  const auto handshake = us_.handshake(Direction::inbound);
  EXPECT_EQ(shake(*handshake, peer), Error::handshake_failed);
}

TEST_F(TlsAgainstOpenSsl, WithoutAMuxerInAlpnItIsNegotiatedLater) {
  using List = std::vector<std::string>;
  for (const auto& alpn : {List{"libp2p"}, List{}, List{"h2"}}) {
    for (const auto ours : {Direction::outbound, Direction::inbound}) {
      auto options = with(certificate_);
      options.alpn = alpn;
      OpenSslPeer peer(ours == Direction::outbound ? Direction::inbound : Direction::outbound,
                       options);
      const auto handshake = us_.handshake(ours);
      ASSERT_FALSE(shake(*handshake, peer));
      EXPECT_EQ(handshake->take_result().early_muxer, "");
    }
  }
}

}  // namespace
}  // namespace mexport::libp2p::tls
