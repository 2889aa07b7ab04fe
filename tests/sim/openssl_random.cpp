// SPDX-License-Identifier: MIT
// A method, as OpenSSL 3 deprecates it: a provider of one's own would be another library.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/sim/openssl_random.hpp"

#include <openssl/rand.h>

#include <span>
#include <stdexcept>

namespace mexport::sim {
namespace {

base::SeededRandom* source = nullptr;

int fill(unsigned char* out, int size) {
  for (auto& byte : std::span(out, static_cast<std::size_t>(size))) {
    byte = static_cast<unsigned char>(source->next());
  }
  return 1;
}

int ready() {
  return 1;
}

constexpr RAND_METHOD kMethod{.seed = nullptr,
                              .bytes = fill,
                              .cleanup = nullptr,
                              .add = nullptr,
                              .pseudorand = fill,
                              .status = ready};

}  // namespace

OpenSslRandom::OpenSslRandom(std::uint64_t seed) : random_(seed) {
  source = &random_;
  if (RAND_set_rand_method(&kMethod) != 1) throw std::runtime_error("no random method");
}

OpenSslRandom::~OpenSslRandom() {
  RAND_set_rand_method(nullptr);
  source = nullptr;
}

}  // namespace mexport::sim
