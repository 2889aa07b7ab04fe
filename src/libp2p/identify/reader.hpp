// SPDX-License-Identifier: MIT
#pragma once

#include "libp2p/connection.hpp"
#include "libp2p/deadline_list.hpp"
#include "libp2p/identify/identify_result.hpp"
#include "libp2p/stream.hpp"
#include "wire/identify.hpp"
#include "wire/length_delimited.hpp"

#include <cstddef>
#include <system_error>

namespace mexport::libp2p::identify {

class Service;

/// Reads what a peer says of itself: up to ten messages until it closes the stream, merged. Tells
/// the service the end once; nothing when the connection ends meanwhile.
class Reader final : public StreamHandler, public DeadlineList::Item {
 public:
  Reader(Service& service, Connection& connection, IdentifyCause cause)
      : service_(service), connection_(connection), cause_(cause) {}
  ~Reader() override { connection_.bytes().change(heard_, 0); }

  void set_stream(Stream& stream) { stream_ = &stream; }
  /// There will be no answer. The stream ends.
  void fail(std::error_code error);

  void on_data(Stream& stream, base::ByteView data) override;
  void on_remote_close(Stream& stream) override;
  void on_reset(Stream& stream, StreamCode code) override;
  void on_deadline() override;

 private:
  Service& service_;
  Connection& connection_;
  Stream* stream_ = nullptr;
  wire::LengthDelimitedReader frames_{wire::kMaxIdentifyMessageSize};
  wire::IdentifyMessage said_;
  std::size_t messages_ = 0;
  std::size_t heard_ = 0;  // bytes, held here in one form or another
  IdentifyCause cause_;
  bool done_ = false;
};

}  // namespace mexport::libp2p::identify
