// SPDX-License-Identifier: MIT
#pragma once

#include "api/message.hpp"

#include <cstddef>
#include <string_view>

namespace mexport::api {

/// What the server asks for answers. Its functions are called by the server's two threads.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;

  /// How long a request's body may be, in bytes. Called when its head has come.
  virtual std::size_t max_body(std::string_view method, std::string_view path) const = 0;
  /// Called by one thread at a time. What it throws becomes a 500.
  virtual Response answer(const Request& request) = 0;
  /// In place of answer(), once the server is being stopped.
  virtual Response answer_while_closing(const Request& request) = 0;
};

}  // namespace mexport::api
