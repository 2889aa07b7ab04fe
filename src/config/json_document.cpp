// SPDX-License-Identifier: MIT
#include "config/json_document.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace mexport::config {
namespace {

namespace json = boost::json;

std::string position(std::string_view text) {
  const auto line = std::ranges::count(text, '\n') + 1;
  const std::size_t start = text.rfind('\n') + 1;  // npos + 1 is the text's begin
  return fmt::format("line {}, column {}", line, text.size() - start + 1);
}

void append_json(const json::value& value, std::size_t depth, std::string& out);

void begin_line(std::size_t depth, std::string& out) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void append_object(const json::object& object, std::size_t depth, std::string& out) {
  out += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!first) out += ',';
    first = false;
    begin_line(depth + 1, out);
    out += json::serialize(member.key());
    out += ": ";
    append_json(member.value(), depth + 1, out);
  }
  if (!object.empty()) begin_line(depth, out);
  out += '}';
}

void append_array(const json::array& array, std::size_t depth, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    begin_line(depth + 1, out);
    append_json(array[i], depth + 1, out);
  }
  if (!array.empty()) begin_line(depth, out);
  out += ']';
}

void append_json(const json::value& value, std::size_t depth, std::string& out) {
  if (const auto* object = value.if_object()) {
    append_object(*object, depth, out);
  } else if (const auto* array = value.if_array()) {
    append_array(*array, depth, out);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::optional<json::object> parse_json_document(std::string_view json, Report& report,
                                                const std::string& name) {
  json::stream_parser parser;
  json::error_code error;
  const std::size_t read = parser.write(json.data(), json.size(), error);
  if (!error) parser.finish(error);
  if (error) {
    report.error(name, error.message() + " at " + position(json.substr(0, read)), "JSON");
    return std::nullopt;
  }
  json::value value = parser.release();
  if (!value.is_object()) {
    report.error(name, std::string(json::to_string(value.kind())), "an object");
    return std::nullopt;
  }
  return std::move(value.get_object());
}

std::string format_json(const json::object& object) {
  std::string out;
  append_object(object, 0, out);
  out += '\n';
  return out;
}

}  // namespace mexport::config
