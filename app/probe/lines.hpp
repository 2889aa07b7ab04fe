// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/asking.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a node says to a request of its discovery probe (docs/http.md, `POST /api/v1/probe`), as
/// read from its lines. Texts are as the node wrote them: any characters.
namespace mexport::app::probe {

/// What a peer said of one CID.
struct Said {
  std::string peer;
  std::string cid;
  monitor::AnswerKind answer = monitor::AnswerKind::have;
  std::uint64_t after_ms = 0;  ///< since its WANT
};

/// A peer that a message did not get out to.
struct Failed {
  std::string peer;
  std::string error;
};

struct Summary {
  struct Cid {
    std::string cid;
    std::uint64_t have = 0;
    std::uint64_t dont_have = 0;
    std::uint64_t blocks = 0;
    std::optional<std::uint64_t> first_ms;  ///< of a HAVE or a block
  };
  std::uint64_t request = 0;
  bool stopped = false;  ///< the node was stopped before the request was done
  std::uint64_t asked = 0;
  std::uint64_t failed = 0;
  std::uint64_t silent = 0;
  std::vector<Cid> cids;  ///< at most api::kMaxFollowedCids
};

using Line = std::variant<Said, Failed, Summary>;

/// One line without its end; nullopt for all that is none of these. Members that it does not know
/// are passed over.
std::optional<Line> parse_line(std::string_view line);

}  // namespace mexport::app::probe
