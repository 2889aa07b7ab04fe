// SPDX-License-Identifier: MIT
#pragma once

#include "api/listen_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <expected>
#include <string>
#include <vector>

namespace mexport::api {

using Acceptors = std::vector<boost::asio::ip::tcp::acceptor>;

/// Binds every address that a name stands for, all of them to one port when a free one is asked
/// for. IPv6 may be missing on a machine as long as one address is bound. The error is a line that
/// names the address.
std::expected<Acceptors, std::string> bind_all(boost::asio::io_context& context,
                                               const std::vector<ListenAddress>& addresses);

/// "127.0.0.1:8432", "[::1]:8432".
std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace mexport::api
