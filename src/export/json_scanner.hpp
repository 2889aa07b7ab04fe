// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mexport::exporter {

/// Walks over JSON text without building anything: enough to find members of event lines at the
/// speed of a scan. It checks that strings end and brackets balance, not each value's syntax.
/// Values and keys are views into the text; a string value keeps its quotes, a key does not.
class JsonScanner {
 public:
  struct Member {
    std::string_view key;  ///< escapes as they stand
    std::string_view value;
  };

  /// `text` is one object or one array.
  explicit JsonScanner(std::string_view text) : text_(text) {}

  /// The next member of the object; nullopt at its end or when the text is malformed.
  std::optional<Member> next_member();
  /// The next element of the array; likewise.
  std::optional<std::string_view> next_element();
  /// After a nullopt: whether the text ended as it should, with nothing behind.
  bool complete() const { return closed_ && at_ == text_.size(); }
  /// After a nullopt: what stands behind the object or array, without space; nullopt when that did
  /// not end as it should.
  std::optional<std::string_view> behind() const;

 private:
  enum class Place : unsigned char { begin, within, end };

  bool enter(char open, char close);
  std::optional<std::string_view> value();
  std::optional<std::string_view> string();
  void skip_space();
  bool take(char c);

  std::string_view text_;
  std::size_t at_ = 0;
  Place place_ = Place::begin;
  bool closed_ = false;
};

/// The value of a member by its key; nullopt when the object does not have it.
std::optional<std::string_view> find_member(std::string_view object, std::string_view key);
/// The content of a string value, without its quotes; nullopt for other values.
std::optional<std::string_view> string_content(std::string_view value);

}  // namespace mexport::exporter
