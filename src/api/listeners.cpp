// SPDX-License-Identifier: MIT
#include "api/listeners.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace mexport::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kPortTries = 16;

std::expected<std::vector<asio::ip::address>, error_code> resolve(asio::io_context& context,
                                                                  const std::string& host) {
  using asio::ip::address_v4;
  using asio::ip::address_v6;
  // Not asked of a resolver: some know one family alone, or none without a network.
  if (host == "localhost")
    return std::vector<asio::ip::address>{address_v4::loopback(), address_v6::loopback()};
  if (host.empty()) return std::vector<asio::ip::address>{address_v4::any(), address_v6::any()};
  error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) return std::vector{literal};
  tcp::resolver resolver(context);
  std::vector<asio::ip::address> found;
  for (const auto& entry : resolver.resolve(host, "", tcp::resolver::passive, error)) {
    found.push_back(entry.endpoint().address());
  }
  if (error) return std::unexpected(error);
  return found;
}

error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

/// A machine without this family.
bool lacks_family(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

error_code bind_on_one_port(asio::io_context& context, const std::vector<asio::ip::address>& hosts,
                            std::uint16_t port, Acceptors& bound) {
  error_code lacking;
  for (const auto& host : hosts) {
    tcp::acceptor acceptor(context);
    const auto error = bind(acceptor, {host, port});
    if (host.is_v6() && hosts.size() > 1 && lacks_family(error)) {
      lacking = error;
      continue;
    }
    if (error) return error;
    port = acceptor.local_endpoint().port();
    bound.push_back(std::move(acceptor));
  }
  return bound.empty() ? lacking : error_code();
}

std::expected<Acceptors, error_code> bind_address(asio::io_context& context,
                                                  const ListenAddress& address) {
  const auto hosts = resolve(context, address.host);
  if (!hosts) return std::unexpected(hosts.error());
  for (int tries = 1;; ++tries) {
    Acceptors bound;
    const auto error = bind_on_one_port(context, *hosts, address.port, bound);
    if (!error) return bound;
    // A port that is free in one family may be taken in the other.
    const bool again = address.port == 0 && error == asio::error::address_in_use;
    if (!again || tries == kPortTries) return std::unexpected(error);
  }
}

}  // namespace

std::expected<Acceptors, std::string> bind_all(asio::io_context& context,
                                               const std::vector<ListenAddress>& addresses) {
  Acceptors all;
  for (const auto& address : addresses) {
    auto bound = bind_address(context, address);
    if (!bound) {
      return std::unexpected(fmt::format("cannot serve the API on {}: {}", address.to_string(),
                                         bound.error().message()));
    }
    std::move(bound->begin(), bound->end(), std::back_inserter(all));
  }
  return all;
}

std::string endpoint_text(const tcp::endpoint& endpoint) {
  const auto host = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", host, endpoint.port())
                                    : fmt::format("{}:{}", host, endpoint.port());
}

}  // namespace mexport::api
