// SPDX-License-Identifier: MIT
#pragma once

#include "api/event_feed.hpp"
#include "api/request_handler.hpp"
#include "api/router.hpp"
#include "api/sources.hpp"
#include "api/status_page.hpp"

#include <string>

namespace mexport::api {

/// The whole API, without sockets: the reference's methods and ours.
class Api final : public RequestHandler {
 public:
  /// `token`: what clients from elsewhere have to show; not empty. `feed` outlives the API.
  Api(std::string token, Sources sources, EventFeed& feed);

  std::size_t max_body(std::string_view method, std::string_view path) const override;
  Response answer(const Request& request) override;
  Response answer_while_closing(const Request& request) override;

  const Router& router() const { return router_; }

 private:
  std::string token_;
  Sources sources_;
  StatusPage status_;
  Router router_;
};

}  // namespace mexport::api
