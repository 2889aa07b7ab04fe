// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "multiformats/cid.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::app::probe {

/// Bytes of a list of CIDs.
inline constexpr std::size_t kMaxCidList = 1 << 20;

/// CIDs in the order in which they come, each once, as many as a node takes of one request
/// (api::kMaxFollowedCids).
class CidList {
 public:
  /// The error says which is none, or that there are too many.
  std::expected<void, std::string> add(std::string_view text);
  /// One CID a line, between blanks; empty lines and those that begin with # are passed over.
  std::expected<void, std::string> add_lines(std::string_view text);

  const std::vector<multiformats::Cid>& cids() const { return cids_; }

 private:
  std::vector<multiformats::Cid> cids_;
};

/// Those of the command line and of the lists that it names; at least one.
std::expected<CidList, std::string> cids_of(const ProbeOptions& options);

/// The body of `POST /api/v1/probe`.
std::string body_of(const ProbeOptions& options, const CidList& cids);

}  // namespace mexport::app::probe
