// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace mexport::api {

/// What clients may take of the server.
struct Limits {
  std::size_t connections = 48;              ///< those beyond it get a 503
  std::size_t header_bytes = 64 << 10;       ///< of one request; more gets a 431
  std::size_t waiting_bodies = 64 << 20;     ///< bytes of all bodies that are being read
  std::chrono::milliseconds idle{120'000};   ///< between two requests of a connection
  std::chrono::milliseconds header{10'000};  ///< for the head of a request, from its first byte
  std::chrono::milliseconds body{60'000};    ///< for its body
  std::chrono::milliseconds write{30'000};   ///< until a client takes 64 KiB of an answer
  std::chrono::milliseconds linger{500};     ///< in which a refused client may read why
  std::chrono::milliseconds sign_of_life{15'000};  ///< on a stream where nothing happens
};

/// Addresses to listen on; each takes a descriptor or two.
inline constexpr std::size_t kMaxListenAddresses = 8;

}  // namespace mexport::api
