// SPDX-License-Identifier: MIT
#include "libp2p/multistream/dialer.hpp"

#include "libp2p/multistream/error.hpp"

namespace mexport::libp2p::multistream {

void Dialer::start(base::Bytes& out) const {
  append_token(out, kHeader);
  append_token(out, proposals_.front());
}

base::Result<Progress> Dialer::receive(base::ByteView in, base::Bytes& out) {
  const std::size_t size = in.size();
  while (true) {
    const auto token = tokens_.next(in);
    if (!token) return base::fail(token.error());
    if (!*token) return Progress{size, std::nullopt};

    const std::string_view text = **token;
    if (!header_seen_) {
      if (text != kHeader) return base::fail(Error::wrong_header);
      header_seen_ = true;
    } else if (text == proposals_.front()) {
      return Progress{size - in.size(), proposals_.front()};
    } else if (text != kNotAvailable) {
      return base::fail(Error::unexpected_answer);
    } else if (const auto status = propose_next(out); !status) {
      return base::fail(status.error());
    }
  }
}

base::Status Dialer::propose_next(base::Bytes& out) {
  if (form_ == Form::lazy || proposals_.size() == 1) return base::fail(Error::refused);
  proposals_ = proposals_.subspan(1);
  append_token(out, proposals_.front());
  return {};
}

}  // namespace mexport::libp2p::multistream
