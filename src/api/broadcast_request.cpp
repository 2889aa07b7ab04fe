// SPDX-License-Identifier: MIT
#include "api/broadcast_request.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

namespace mexport::api {
namespace {

namespace json = boost::json;

bool same_key(std::string_view key, std::string_view name) {
  return std::ranges::equal(key, name, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

/// Takes the events of a JSON parser in, and keeps of the document what a broadcast needs.
class Reader {
 public:
  // What the parser asks of its handler: sizes, and a function for each event.
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  explicit Reader(Seconds seconds) : wants_seconds_(seconds == Seconds::wanted) {}

  BroadcastRequest take() { return std::move(request_); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code& error) {
    const auto value = expected();
    if (value == Value::other) return skip();
    if (value != Value::document && value != Value::cid) return refuse(error);
    ++depth_;
    cid_text_.clear();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code& error) {
    if (skipped_ > 0) return unskip();
    --depth_;
    return depth_ == kInList ? add_cid(error) : true;
  }
  bool on_array_begin(json::error_code& error) {
    const auto value = expected();
    if (value == Value::other) return skip();
    if (value != Value::cids) return refuse(error);
    request_.cids.clear();
    ++depth_;
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) {
    if (skipped_ > 0) return unskip();
    --depth_;
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    if (skipped_ == 0) append(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    if (skipped_ > 0) return true;
    append(part);
    member_ = member_named(std::exchange(text_, {}));
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    if (expected() == Value::cid_text) append(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    if (expected() == Value::other) return true;
    if (expected() != Value::cid_text) return refuse(error);
    append(part);
    cid_text_ = std::exchange(text_, {});
    return true;
  }

  bool on_number_part(json::string_view part, json::error_code&) {
    if (expected() == Value::seconds) append(part);
    return true;
  }
  bool on_int64(std::int64_t, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_double(double, json::string_view part, json::error_code& error) {
    return number(part, error);
  }
  bool on_bool(bool, json::error_code& error) {
    return expected() == Value::other ? true : refuse(error);
  }
  bool on_null(json::error_code& error) {
    if (expected() == Value::cid) return refuse(error);
    if (expected() == Value::cids) request_.cids.clear();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  /// What a value may be.
  enum class Value : std::uint8_t { document, cids, cid, cid_text, seconds, other };
  // How many of the request's objects and lists are open.
  static constexpr std::size_t kInDocument = 1;
  static constexpr std::size_t kInList = 2;

  static bool refuse(json::error_code& error) {
    error = json::error::syntax;
    return false;
  }

  Value expected() const {
    if (skipped_ > 0) return Value::other;
    if (depth_ == 0) return Value::document;
    return depth_ == kInList ? Value::cid : member_;
  }

  Value member_named(std::string_view key) const {
    if (depth_ != kInDocument) return key == "/" ? Value::cid_text : Value::other;
    if (same_key(key, "cids")) return Value::cids;
    return wants_seconds_ && same_key(key, "seconds_before_cancel") ? Value::seconds : Value::other;
  }

  bool skip() {
    ++skipped_;
    return true;
  }
  bool unskip() {
    --skipped_;
    return true;
  }

  void append(json::string_view part) { text_.append(part.data(), part.size()); }

  bool add_cid(json::error_code& error) {
    auto cid = multiformats::Cid::from_string(cid_text_);
    if (!cid) return refuse(error);
    request_.cids.push_back(std::move(*cid));
    return true;
  }

  bool number(json::string_view part, json::error_code& error) {
    if (expected() == Value::other) return true;
    if (expected() != Value::seconds) return refuse(error);
    append(part);
    const auto text = std::exchange(text_, {});
    const auto* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, request_.seconds_before_cancel);
    return problem == std::errc() && rest == end ? true : refuse(error);
  }

  bool wants_seconds_;
  BroadcastRequest request_;
  Value member_ = Value::other;  // of the object that is open
  std::size_t depth_ = 0;        // of what is looked at
  std::size_t skipped_ = 0;      // objects and lists that are open and not looked at
  std::string text_;             // of what is being read
  std::string cid_text_;         // of the CID's object that is open
};

}  // namespace

std::optional<BroadcastRequest> parse_broadcast(std::string_view body, Seconds seconds) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  options.allow_invalid_utf8 = true;
  json::basic_parser<Reader> parser(options, seconds);
  json::error_code error;
  parser.write_some(false, body.data(), body.size(), error);
  if (error || !parser.done()) return std::nullopt;
  return parser.handler().take();
}

}  // namespace mexport::api
