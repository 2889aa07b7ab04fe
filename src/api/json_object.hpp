// SPDX-License-Identifier: MIT
#pragma once

#include "export/json_writer.hpp"

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace mexport::api {

/// Writes one JSON object, a member after the other; its end closes it.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  ~JsonObject() { out_ += '}'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  /// Writes the key; its value is appended to the result.
  std::string& key(std::string_view name) {
    if (!empty_) out_ += ',';
    empty_ = false;
    exporter::append_json_string(out_, name);
    out_ += ':';
    return out_;
  }

  void add(std::string_view name, std::string_view text) {
    exporter::append_json_string(key(name), text);
  }
  void add(std::string_view name, const char* text) { add(name, std::string_view(text)); }
  void add(std::string_view name, bool value) { exporter::append_json_bool(key(name), value); }
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  void add(std::string_view name, Integer value) {
    exporter::append_json_integer(key(name), value);
  }
  void add(std::string_view name, double value) { key(name) += fmt::format("{:.3f}", value); }
  void add_null(std::string_view name) { key(name) += "null"; }

 private:
  std::string& out_;
  bool empty_ = true;
};

}  // namespace mexport::api
