// SPDX-License-Identifier: MIT
#include "config/report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include <cstddef>

namespace mexport::config {
namespace {

constexpr std::size_t kMaxShown = 60;

/// Inside a UTF-8 sequence, where a text must not be cut.
bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string quote(std::string_view text) {
  return shorten(boost::json::serialize(text));
}

std::string shorten(std::string text) {
  if (text.size() <= kMaxShown) return text;
  std::size_t size = kMaxShown;
  while (size > 0 && continues(text[size])) --size;
  text.resize(size);
  return text + "…";
}

std::string to_string(const ConfigError& error) {
  const auto where = error.file.empty() ? error.path : error.file + ": " + error.path;
  return "Config error: " + where + ": found " + error.found + ", allowed: " + error.allowed;
}

std::string to_string(const Notice& notice) {
  return notice.path + ": " + notice.message;
}

}  // namespace mexport::config
