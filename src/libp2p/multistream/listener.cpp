// SPDX-License-Identifier: MIT
#include "libp2p/multistream/listener.hpp"

#include "libp2p/multistream/error.hpp"

namespace mexport::libp2p::multistream {

base::Result<Progress> Listener::receive(base::ByteView in, base::Bytes& out,
                                         const KnownProtocol& known) {
  const std::size_t size = in.size();
  while (true) {
    const auto token = tokens_.next(in);
    if (!token) return base::fail(token.error());
    if (!*token) return Progress{size, std::nullopt};

    const std::string_view text = **token;
    if (!header_seen_) {
      if (text != kHeader) return base::fail(Error::wrong_header);
      header_seen_ = true;
    } else if (known(text)) {
      append_token(out, text);
      return Progress{size - in.size(), text};
    } else if (++proposals_ == kMaxProposals) {
      return base::fail(Error::too_many_proposals);
    } else {
      append_token(out, kNotAvailable);
    }
  }
}

}  // namespace mexport::libp2p::multistream
