// SPDX-License-Identifier: MIT
#pragma once

#include "api/access.hpp"
#include "api/message.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::api {

/// Who answers what. Paths that nobody has, other methods, and paths that are nearly right are
/// answered as the reference's router does it (github.com/julienschmidt/httprouter v1.3.0:
/// router.go, ServeHTTP): 404, 405 with Allow, OPTIONS, redirects.
class Router {
 public:
  using Handler = std::function<Response(const Request&)>;

  struct Route {
    std::string method;
    std::string path;
    Guard guard = Guard::open;
    std::size_t max_body = 0;  ///< bytes of a request's body that are accepted
    Handler handler;
  };

  void add(Route route) { routes_.push_back(std::move(route)); }
  const std::vector<Route>& routes() const { return routes_; }

  /// nullptr when there is none for exactly this method and path.
  const Route* find(std::string_view method, std::string_view path) const;
  /// The answer to a request that find() has no route for.
  Response answer_without_route(const Request& request) const;

 private:
  std::string allowed_methods(std::string_view path) const;
  /// The path of this method that was meant; "" when there is none.
  std::string meant_path(std::string_view method, std::string_view path) const;

  std::vector<Route> routes_;
};

/// `404 page not found` and the like: a line of plain text that no browser takes for anything else.
Response plain_error(unsigned status, std::string_view text);
/// The standard text of a status: "Not Found".
std::string_view status_text(unsigned status);

}  // namespace mexport::api
