// SPDX-License-Identifier: MIT
#include "api/probe_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <limits>
#include <utility>

namespace mexport::api {
namespace {

namespace json = boost::json;

using Status = std::expected<void, std::string>;

/// How long answers are waited for.
constexpr std::chrono::seconds kDefaultWait{10};

Status read_cids(const json::value& value, monitor::Ask& ask) {
  if (!value.is_array()) return std::unexpected("cids is no list");
  const auto& list = value.get_array();
  if (list.size() > kMaxFollowedCids) {
    return std::unexpected(fmt::format("{} CIDs, {} are allowed", list.size(), kMaxFollowedCids));
  }
  for (const auto& item : list) {
    const auto* link = item.is_object() ? item.get_object().if_contains("/") : &item;
    const auto text = link != nullptr && link->is_string() ? std::string(link->get_string()) : "";
    auto cid = multiformats::Cid::from_string(text);
    if (!cid) return std::unexpected(fmt::format("\"{}\" is no CID", text));
    ask.cids.push_back(std::move(*cid));
  }
  return {};
}

Status read_peers(const json::value& value, monitor::Ask& ask) {
  if (!value.is_array()) return std::unexpected("peers is no list");
  for (const auto& item : value.get_array()) {
    const auto text = item.is_string() ? std::string(item.get_string()) : "";
    const auto peer = multiformats::PeerId::from_string(text);
    if (!peer) return std::unexpected(fmt::format("\"{}\" is no peer id", text));
    ask.filter.peers.push_back(*peer);
  }
  return {};
}

Status read_seconds(const json::value& value, monitor::Ask& ask) {
  const auto most = std::numeric_limits<std::uint32_t>::max();
  if (!value.is_int64() || value.get_int64() < 1 || value.get_int64() > most) {
    return std::unexpected("seconds is no whole number from 1 on");
  }
  ask.cancel_after = std::chrono::seconds(value.get_int64());
  return {};
}

Status read_member(std::string_view key, const json::value& value, monitor::Ask& ask) {
  if (key == "cids") return read_cids(value, ask);
  if (key == "peers") return read_peers(value, ask);
  if (key == "seconds") return read_seconds(value, ask);
  if (key != "agent") return std::unexpected("there are only cids, peers, agent and seconds");
  if (!value.is_string()) return std::unexpected("agent is no text");
  ask.filter.agent = value.get_string();
  return {};
}

}  // namespace

std::expected<monitor::Ask, std::string> parse_probe_request(std::string_view body) {
  json::error_code error;
  const auto value = json::parse(body, error);
  if (error || !value.is_object()) return std::unexpected("the body is no JSON object");
  monitor::Ask ask{.kind = monitor::AskKind::want_cancel, .cids = {}, .cancel_after = kDefaultWait};
  for (const auto& member : value.get_object()) {
    if (auto read = read_member(member.key(), member.value(), ask); !read) {
      return std::unexpected(std::move(read.error()));
    }
  }
  if (ask.cids.empty()) return std::unexpected("there are no cids");
  return ask;
}

}  // namespace mexport::api
