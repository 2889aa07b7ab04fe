// SPDX-License-Identifier: MIT
#include "export/json_scanner.hpp"

#include <algorithm>

namespace mexport::exporter {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kAfterScalar = ",]} \t\r\n";

/// The position behind the closing quote of the string whose opening quote is at `at`.
std::optional<std::size_t> end_of_string(std::string_view text, std::size_t at) {
  ++at;
  while ((at = text.find_first_of("\"\\", at)) != std::string_view::npos) {
    if (text[at] == '"') return at + 1;
    at += 2;  // the backslash and what it escapes
  }
  return std::nullopt;
}

/// The position behind the bracket that closes the one at `at`.
std::optional<std::size_t> end_of_container(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const auto end = end_of_string(text, at);
      if (!end) return std::nullopt;
      at = *end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return std::nullopt;
}

}  // namespace

std::optional<JsonScanner::Member> JsonScanner::next_member() {
  if (!enter('{', '}')) return std::nullopt;
  skip_space();
  const auto key = string();
  if (!key) return std::nullopt;
  skip_space();
  if (!take(':')) return std::nullopt;
  const auto found = value();
  if (!found) return std::nullopt;
  return Member{key->substr(1, key->size() - 2), *found};
}

std::optional<std::string_view> JsonScanner::next_element() {
  if (!enter('[', ']')) return std::nullopt;
  return value();
}

std::optional<std::string_view> JsonScanner::behind() const {
  if (!closed_) return std::nullopt;
  return text_.substr(at_);
}

/// To the next item: false at the end, and for text that is not what it should be.
bool JsonScanner::enter(char open, char close) {
  if (place_ == Place::end) return false;
  skip_space();
  const bool first = place_ == Place::begin;
  place_ = Place::within;
  if (first && !take(open)) {
    place_ = Place::end;
    return false;
  }
  skip_space();
  if (take(close)) {
    skip_space();
    closed_ = true;
    place_ = Place::end;
    return false;
  }
  if (first || take(',')) return true;
  place_ = Place::end;
  return false;
}

std::optional<std::string_view> JsonScanner::value() {
  skip_space();
  if (at_ >= text_.size()) return std::nullopt;
  if (text_[at_] == '"') return string();
  const auto begin = at_;
  if (text_[at_] == '{' || text_[at_] == '[') {
    const auto end = end_of_container(text_, at_);
    if (!end) return std::nullopt;
    at_ = *end;
  } else {
    at_ = std::min(text_.find_first_of(kAfterScalar, at_), text_.size());
    if (at_ == begin) return std::nullopt;
  }
  return text_.substr(begin, at_ - begin);
}

std::optional<std::string_view> JsonScanner::string() {
  if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
  const auto begin = at_;
  const auto end = end_of_string(text_, at_);
  if (!end) return std::nullopt;
  at_ = *end;
  return text_.substr(begin, at_ - begin);
}

void JsonScanner::skip_space() {
  at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size());
}

bool JsonScanner::take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

std::optional<std::string_view> find_member(std::string_view object, std::string_view key) {
  JsonScanner scanner(object);
  while (const auto member = scanner.next_member()) {
    if (member->key == key) return member->value;
  }
  return std::nullopt;
}

std::optional<std::string_view> string_content(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return std::nullopt;
  return value.substr(1, value.size() - 2);
}

}  // namespace mexport::exporter
