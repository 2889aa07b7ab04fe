// SPDX-License-Identifier: MIT
#include "api/target.hpp"

#include <algorithm>
#include <cstdint>

namespace mexport::api {
namespace {

enum class Plus : std::uint8_t { plain, space };

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' && plus == Plus::space ? ' ' : text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Of a URL, what stands behind its authority.
std::optional<std::string_view> without_authority(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto rest = text.substr(scheme.size());
    const auto end = rest.find_first_of("/?");
    return end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  return std::nullopt;
}

/// Calls `visit` with each part between ampersands: name and value as they came.
template <class Visit>
void for_each_parameter(std::string_view query, const Visit& visit) {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty() || part.find(';') != std::string_view::npos) continue;  // Go refuses these
    const auto equals = part.find('=');
    const bool bare = equals == std::string_view::npos;
    visit(part.substr(0, equals), bare ? std::string_view() : part.substr(equals + 1));
  }
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (has_control_character(text)) return std::nullopt;
  if (text == "*") return Target{.path = "*", .query = {}};
  if (const auto rest = without_authority(text)) {
    text = *rest;
  } else if (!text.starts_with('/')) {
    return std::nullopt;
  }
  const auto mark = text.find('?');
  auto path = decode(text.substr(0, mark), Plus::plain);
  if (!path) return std::nullopt;
  Target target{.path = path->empty() ? "/" : std::move(*path),
                .query = {},
                .has_query = mark != std::string_view::npos};
  if (target.has_query) target.query = text.substr(mark + 1);
  return target;
}

std::string clean_path(std::string_view path) {
  std::vector<std::string_view> kept;
  bool slash_at_end = path.ends_with('/');
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto element = path.substr(at, end - at);
    at = end + 1;
    slash_at_end = slash_at_end || (at > path.size() && (element == "." || element == ".."));
    if (element.empty() || element == ".") continue;
    if (element != "..") {
      kept.push_back(element);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string clean;
  for (const auto element : kept) clean.append("/").append(element);
  if (slash_at_end || clean.empty()) clean += '/';
  return clean;
}

std::vector<std::string> query_values(std::string_view query, std::string_view name) {
  std::vector<std::string> values;
  for_each_parameter(query, [&](std::string_view raw_name, std::string_view raw_value) {
    const auto found = decode(raw_name, Plus::space);
    auto value = decode(raw_value, Plus::space);
    if (found == name && value) values.push_back(std::move(*value));
  });
  return values;
}

std::string query_value(std::string_view query, std::string_view name) {
  auto values = query_values(query, name);
  return values.empty() ? std::string() : std::move(values.front());
}

std::vector<std::string> query_names(std::string_view query) {
  std::vector<std::string> names;
  for_each_parameter(query, [&](std::string_view raw_name, std::string_view) {
    if (auto name = decode(raw_name, Plus::space)) names.push_back(std::move(*name));
  });
  return names;
}

}  // namespace mexport::api
