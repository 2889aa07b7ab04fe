// SPDX-License-Identifier: MIT
#include "libp2p/identify/reader.hpp"

#include "libp2p/identify/identify.hpp"
#include "libp2p/stream_error.hpp"
#include "wire/error.hpp"

#include <utility>

namespace mexport::libp2p::identify {

void Reader::on_data(Stream& stream, base::ByteView data) {
  stream.consume(data.size());
  if (done_) return;
  connection_.bytes().change(heard_, heard_ + data.size());
  heard_ += data.size();
  const auto status = frames_.feed(data, [this](base::ByteView body) -> base::Status {
    if (++messages_ > wire::kMaxIdentifyMessages) return base::fail(wire::Error::too_many_messages);
    return wire::merge_identify(body, said_);
  });
  if (!status) fail(status.error());
}

void Reader::on_remote_close(Stream& stream) {
  if (frames_.within_message() || messages_ == 0) return fail(wire::Error::truncated_message);
  unlink();
  stream.close_write();
  if (std::exchange(done_, true)) return;
  service_.on_message(connection_, cause_, said_);
}

void Reader::on_reset(Stream&, StreamCode) {
  fail(StreamError::closed);
}

void Reader::on_deadline() {
  fail(std::make_error_code(std::errc::timed_out));
}

void Reader::fail(std::error_code error) {
  unlink();
  if (std::exchange(done_, true) || connection_.closing()) return;
  if (stream_ != nullptr) stream_->reset(StreamCode::protocol_violation);
  if (cause_ == IdentifyCause::push) {
    service_.on_bad_push();
  } else {
    service_.on_failed(connection_, error);
  }
}

}  // namespace mexport::libp2p::identify
