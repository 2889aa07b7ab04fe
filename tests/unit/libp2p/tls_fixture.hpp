// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/tls/certificate.hpp"
#include "libp2p/tls/handshake.hpp"
#include "libp2p/tls/openssl_ptr.hpp"
#include "tests/unit/libp2p/security_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace mexport::libp2p::tls {

using test::CollectingSink;
using test::feed;
using test::run;
using namespace std::chrono_literals;

/// A wall clock that is set by hand.
class SetClock final : public base::Clock {
 public:
  base::SteadyTime now() const override { return {}; }
  base::WallTime wall_now() const override { return wall; }

  base::WallTime wall{std::chrono::seconds(1'800'000'000)};
};

/// A node of the tests: identity key, certificate, Aead.
struct Party {
  explicit Party(crypto::KeyType type = crypto::KeyType::ed25519,
                 std::vector<std::string> muxers = {"/yamux/1.0.0"})
      : identity(crypto::PrivateKey::generate(type).value()),
        context(Context::create(identity, clock, std::move(muxers)).value()) {}

  std::unique_ptr<Handshake> handshake(Direction direction,
                                       const multiformats::PeerId& expected = {}) {
    return std::make_unique<Handshake>(direction, context, aead, expected);
  }

  SetClock clock;
  crypto::Aead aead;
  PeerIdentity identity;
  Context context;
};

/// The lines "name words…" of a file of vectors.
inline std::map<std::string, std::vector<std::string>> read_vectors(const std::string& name) {
  std::map<std::string, std::vector<std::string>> found;
  std::ifstream file(std::string(MEXPORT_VECTORS) + "/tls/" + name);
  EXPECT_TRUE(file.is_open()) << name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string key;
    words >> key;
    for (std::string word; words >> word;) found[key].push_back(word);
  }
  return found;
}

inline base::Bytes hex(const std::string& text) {
  base::Bytes bytes;
  EXPECT_TRUE(base::from_hex(text, bytes));
  return bytes;
}

/// How a certificate of the tests is made; by default it is a good one.
struct CertificateRecipe {
  std::string leaf = "P-256";  ///< a curve, "ED25519" or "RSA"
  std::string digest = "SHA256";
  std::chrono::seconds from = -1h;  ///< after SetClock's time
  std::chrono::seconds to = 1h;
  int identities = 1;  ///< libp2p extensions
  bool critical_identity = false;
  std::string other_extension{};   ///< its object id; critical
  bool foreign_signature = false;  ///< self-signature by another key
  bool foreign_identity = false;   ///< the identity key has signed another certificate's key
  std::size_t ballast = 0;         ///< bytes of one more extension, which may be ignored
};

struct MadeCertificate {
  CertificatePtr certificate;
  KeyPtr key;
  base::Bytes der;
};

MadeCertificate make_test_certificate(const PeerIdentity& identity,
                                      const CertificateRecipe& recipe = {});

}  // namespace mexport::libp2p::tls
