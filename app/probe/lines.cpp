// SPDX-License-Identifier: MIT
#include "app/probe/lines.hpp"

#include "api/probe_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace mexport::app::probe {

namespace {

namespace json = boost::json;

/// An object's members, of which it remembers whether one was missing or of a wrong type.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}

  std::string text(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_string()) return std::string(value->get_string());
    good_ = false;
    return {};
  }

  std::uint64_t number(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_uint64()) return value->get_uint64();
    if (value != nullptr && value->is_int64() && value->get_int64() >= 0) {
      return static_cast<std::uint64_t>(value->get_int64());
    }
    good_ = false;
    return 0;
  }

  std::optional<std::uint64_t> number_or_null(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_null()) return std::nullopt;
    return number(key);
  }

  bool good() const { return good_; }

 private:
  const json::object& object_;
  bool good_ = true;
};

std::optional<monitor::AnswerKind> answer_named(std::string_view name) {
  using enum monitor::AnswerKind;
  for (const auto kind : {have, dont_have, block}) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

std::optional<Line> said(const json::object& object) {
  Members members(object);
  Said line{.peer = members.text("peer"),
            .cid = members.text("cid"),
            .after_ms = members.number("after_ms")};
  const auto answer = answer_named(members.text("answer"));
  if (!members.good() || !answer) return std::nullopt;
  line.answer = *answer;
  return line;
}

std::optional<Line> failed(const json::object& object) {
  Members members(object);
  Failed line{.peer = members.text("peer"), .error = members.text("error")};
  if (!members.good()) return std::nullopt;
  return line;
}

std::optional<Summary::Cid> counts(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  Members members(value.get_object());
  Summary::Cid cid{.cid = members.text("cid"),
                   .have = members.number("have"),
                   .dont_have = members.number("dont_have"),
                   .blocks = members.number("blocks"),
                   .first_ms = members.number_or_null("first_ms")};
  if (!members.good()) return std::nullopt;
  return cid;
}

std::optional<Line> summary(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  Members members(value.get_object());
  const auto* cids = value.get_object().if_contains("cids");
  if (cids == nullptr || !cids->is_array()) return std::nullopt;
  if (cids->get_array().size() > api::kMaxFollowedCids) return std::nullopt;
  Summary line{.request = members.number("request"),
               .stopped = members.text("state") != "done",
               .asked = members.number("peers_asked"),
               .failed = members.number("peers_failed"),
               .silent = members.number("peers_silent"),
               .cids = {}};
  for (const auto& item : cids->get_array()) {
    auto cid = counts(item);
    if (!cid) return std::nullopt;
    line.cids.push_back(std::move(*cid));
  }
  if (!members.good()) return std::nullopt;
  return line;
}

}  // namespace

std::optional<Line> parse_line(std::string_view line) {
  json::error_code error;
  const auto value = json::parse(line, error);
  if (error || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  if (const auto* last = object.if_contains("summary")) return summary(*last);
  return object.contains("error") ? failed(object) : said(object);
}

}  // namespace mexport::app::probe
