// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

namespace mexport::base {

/// The category of one enum of errors: what a module's error_category() returns a static one of.
template <class Error>
class ErrorCategory final : public std::error_category {
 public:
  /// What an error says, of any value of its integer; static storage.
  using Describe = std::string_view (*)(Error error);
  /// The condition that an error stands for; one without a value where it stands for itself.
  using Condition = std::error_condition (*)(Error error);

  /// `name` has static storage, too.
  explicit ErrorCategory(const char* name, Describe describe, Condition condition = nullptr)
      : name_(name), describe_(describe), condition_(condition) {}

  const char* name() const noexcept override { return name_; }

  /// The description; names of enumerators ("bad_cid") become words.
  std::string message(int value) const override {
    std::string text(describe_(static_cast<Error>(value)));
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
  }

  std::error_condition default_error_condition(int value) const noexcept override {
    if (condition_ != nullptr) {
      if (const auto found = condition_(static_cast<Error>(value))) return found;
    }
    return {value, *this};
  }

 private:
  const char* name_;
  Describe describe_;
  Condition condition_;
};

}  // namespace mexport::base
