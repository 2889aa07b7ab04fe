// SPDX-License-Identifier: MIT
#pragma once

#include "config/report.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::config {

/// A value as it stands in the document, shortened for one line.
std::string describe(const boost::json::value& value);

/// One object of the document and where it stands. Hands out typed values, reports those of a
/// wrong type, and knows which keys were asked for. Absent and null are the same, as for Go.
/// The document and the report must outlive it.
class Section {
 public:
  Section(const boost::json::object* object, std::string path, Report& report)
      : object_(object), path_(std::move(path)), report_(report) {}

  /// Whether it stands in the document at all.
  bool given() const { return object_ != nullptr; }
  const std::string& path() const { return path_; }
  std::string path_of(std::string_view key) const;

  /// An object within; not given when absent or of a wrong type, which is reported.
  Section child(std::string_view key);

  std::optional<bool> boolean(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  /// The same, with what is `allowed` in place of "a string".
  std::optional<std::string> text(std::string_view key, std::string_view allowed);
  /// A string that no report shows.
  std::optional<std::string> secret(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  /// Within the range, or an error that names it.
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
  /// Each element with its path, "Bootstrap[3]". False when absent.
  bool each(std::string_view key,
            const std::function<void(const boost::json::value&, const std::string& path)>& visit);
  /// Each element must be a string. False when absent.
  bool each_text(std::string_view key,
                 const std::function<void(std::string_view, const std::string& path)>& visit);

  /// Errors, or warnings, for keys that nobody has asked for.
  void refuse_unknown();
  void warn_of_unknown();

 private:
  /// Null when absent or null; marks the key as known.
  const boost::json::value* find(std::string_view key);
  void wrong(std::string_view key, const boost::json::value& value, std::string allowed);
  std::vector<std::string_view> unknown() const;
  std::string known_list() const;

  const boost::json::object* object_;
  std::string path_;
  Report& report_;
  std::vector<std::string> known_;
};

}  // namespace mexport::config
