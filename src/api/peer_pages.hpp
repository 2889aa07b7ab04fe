// SPDX-License-Identifier: MIT
#pragma once

#include "api/peer_query.hpp"
#include "api/router.hpp"
#include "api/sources.hpp"

#include <string>

namespace mexport::api {

/// Adds what shows peers: the reference's `sample_peer_metadata`, and `/api/v1/peers`. `sources`
/// outlives the router.
void add_peer_methods(Router& router, const Sources& sources);

/// The page of a query as a JSON object. Goes through all peers, and keeps no more than a page.
std::string peers_page(monitor::PeerCursor& peers, const PeerQuery& query,
                       const base::Clock& clock);

}  // namespace mexport::api
