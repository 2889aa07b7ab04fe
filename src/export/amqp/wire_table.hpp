// SPDX-License-Identifier: MIT
#pragma once

#include "export/amqp/flow.hpp"

#include <amqp.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter::amqp {

/// The library only reads what its interface takes as mutable.
inline amqp_bytes_t bytes_of(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};
}
inline std::string_view text_of(amqp_bytes_t bytes) {
  return {static_cast<const char*>(bytes.bytes), bytes.len};
}

/// A field table. Texts that are added must outlive it.
class WireTable {
 public:
  void add_text(std::string_view key, std::string_view text);
  void add_number(std::string_view key, std::uint64_t number);
  void add_flag(std::string_view key, bool value);
  void add_table(std::string_view key, const WireTable& table);

  /// Valid until something is added.
  amqp_table_t get() const;

 private:
  std::vector<amqp_table_entry_t> entries_;
};

/// The headers that go with a body (docs/export.md). `outgoing` must outlive it.
WireTable headers_of(const Outgoing& outgoing);

/// What a returned body's headers tell it by.
struct ReturnedBody {
  std::string_view run_id;
  std::uint64_t first = 0;
};
std::optional<ReturnedBody> identify_returned(const amqp_table_t& headers);

}  // namespace mexport::exporter::amqp
