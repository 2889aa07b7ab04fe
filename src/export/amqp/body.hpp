// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "export/batch.hpp"
#include "export/gzip_writer.hpp"
#include "export/spool/spool.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mexport::exporter::amqp {

/// What of an event consumers get.
enum class Fields : std::uint8_t {
  reference,  ///< as the reference writes it, byte for byte
  extended,   ///< with `ext` (docs/events.md)
};

/// What the reference publishes.
inline constexpr std::array kReferenceKinds{monitor::EventKind::bitswap_message,
                                            monitor::EventKind::connection_event};

/// `monitor.<name>.bitswap_messages`, `….conn_events` or `….bitswap_sent`; empty for kinds that
/// have no key there.
std::string routing_key(std::string_view monitor_name, monitor::EventKind kind);

/// Makes what is published: of a batch, for each kind of event that is wanted, one gzip member with
/// one JSON array and a newline, for a routing key of its own: consumers end at an event that they
/// do not know. One owner, one thread.
class BodyMaker {
 public:
  BodyMaker(Fields fields, std::string_view monitor_name, std::string run_id,
            std::span<const monitor::EventKind> kinds = kReferenceKinds);

  /// Appends the batch's bodies to `out`, at most one of each kind. A batch that is large needs its
  /// text (with_text()).
  void add(const Batch& batch, base::WallTime made, std::vector<SpooledBody>& out);

 private:
  void add(const Batch& batch, monitor::EventKind kind, base::WallTime made,
           std::vector<SpooledBody>& out);

  Fields fields_;
  std::string monitor_name_;
  std::string run_id_;
  std::vector<monitor::EventKind> kinds_;
  GzipWriter gzip_;
  std::string text_;
  base::Bytes compressed_;
};

}  // namespace mexport::exporter::amqp
