// SPDX-License-Identifier: MIT
#include "config/section.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace mexport::config {
namespace {

namespace json = boost::json;

/// An integer in any spelling that Go's decoder sees as one, 10.0 included.
std::optional<std::int64_t> to_integer(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  const auto* number = value.if_double();
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (number == nullptr || std::abs(*number) > kExact || std::trunc(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

/// For values that may hold a secret.
std::string describe_kind(const json::value& value) {
  return "a value of kind " + std::string(json::to_string(value.kind()));
}

}  // namespace

std::string describe(const json::value& value) {
  return shorten(json::serialize(value));
}

std::string Section::path_of(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return path_ + "." + std::string(key);
}

const json::value* Section::find(std::string_view key) {
  known_.emplace_back(key);
  if (object_ == nullptr) return nullptr;
  const json::value* value = object_->if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Section::wrong(std::string_view key, const json::value& value, std::string allowed) {
  report_.error(path_of(key), describe(value), std::move(allowed));
}

Section Section::child(std::string_view key) {
  const json::value* value = find(key);
  if (value != nullptr && !value->is_object()) {
    report_.error(path_of(key), describe_kind(*value), "an object");
  }
  return {value == nullptr ? nullptr : value->if_object(), path_of(key), report_};
}

std::optional<bool> Section::boolean(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  wrong(key, *value, "true or false");
  return std::nullopt;
}

std::optional<std::string> Section::text(std::string_view key) {
  return text(key, "a string");
}

std::optional<std::string> Section::text(std::string_view key, std::string_view allowed) {
  const json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->if_string()) return std::string(*text);
  wrong(key, *value, std::string(allowed));
  return std::nullopt;
}

std::optional<std::string> Section::secret(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->if_string()) return std::string(*text);
  report_.error(path_of(key), describe_kind(*value), "a string");
  return std::nullopt;
}

std::optional<std::int64_t> Section::integer(std::string_view key) {
  const json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = to_integer(*value);
  if (!number) wrong(key, *value, "an integer");
  return number;
}

std::optional<std::int64_t> Section::integer(std::string_view key, std::int64_t min,
                                             std::int64_t max) {
  const json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = to_integer(*value);
  if (number && *number >= min && *number <= max) return number;
  wrong(key, *value, fmt::format("integer {}..{}", min, max));
  return std::nullopt;
}

bool Section::each(std::string_view key,
                   const std::function<void(const json::value&, const std::string& path)>& visit) {
  const json::value* value = find(key);
  if (value == nullptr) return false;
  const auto* list = value->if_array();
  if (list == nullptr) {
    wrong(key, *value, "a list");
    return false;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    visit((*list)[i], fmt::format("{}[{}]", path_of(key), i));
  }
  return true;
}

bool Section::each_text(
    std::string_view key,
    const std::function<void(std::string_view, const std::string& path)>& visit) {
  return each(key, [&](const json::value& value, const std::string& path) {
    if (const auto* text = value.if_string()) {
      visit(*text, path);
    } else {
      report_.error(path, describe(value), "a string");
    }
  });
}

void Section::refuse_unknown() {
  for (const auto key : unknown()) {
    report_.error(path_of(key), "an unknown key", known_list());
  }
}

void Section::warn_of_unknown() {
  for (const auto key : unknown()) {
    report_.warn(path_of(key), "unknown key, ignored; known are " + known_list());
  }
}

std::vector<std::string_view> Section::unknown() const {
  std::vector<std::string_view> keys;
  if (object_ == nullptr) return keys;
  for (const auto& member : *object_) {
    const std::string_view key = member.key();
    if (std::ranges::find(known_, key) == known_.end()) keys.push_back(key);
  }
  return keys;
}

std::string Section::known_list() const {
  return fmt::format("{}", fmt::join(known_, ", "));
}

}  // namespace mexport::config
