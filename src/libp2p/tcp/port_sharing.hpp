// SPDX-License-Identifier: MIT
#pragma once

#include "multiformats/multiaddr.hpp"

#include <mutex>
#include <optional>
#include <vector>

namespace mexport::libp2p::tcp {

/// Lets dials leave from the port on which a node listens, so that peers see an address that can
/// be dialled back. Linux allows a second socket on the port of a listening one only when both have
/// SO_REUSEPORT set; the listener has it for the moment of that bind alone, since otherwise another
/// process of the same user could take the port unnoticed. One per node, thread-safe.
class PortSharing {
 public:
  void add(int listening_socket, const multiformats::TcpAddress& bound);
  void remove(int listening_socket);

  /// Binds `socket`, which is to be connected to `target`, to the address of a suitable listener.
  /// False when there is none or the system refuses; the socket is then unbound.
  bool bind(int socket, const multiformats::TcpAddress& target);

 private:
  struct Listening {
    int socket = -1;
    multiformats::TcpAddress bound;
  };

  std::mutex mutex_;
  std::vector<Listening> listening_;
};

}  // namespace mexport::libp2p::tcp
