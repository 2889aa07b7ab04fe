// SPDX-License-Identifier: MIT
#include "libp2p/multistream/listener.hpp"

#include "libp2p/multistream/error.hpp"

namespace mexport::libp2p::multistream {
namespace {

/// kHeader as it stands on the wire.
constexpr std::string_view kHeaderToken = "\x13/multistream/1.0.0\n";
static_assert(kHeaderToken.size() == kHeader.size() + 2);

}  // namespace

base::Result<Progress> Listener::receive(base::ByteView in, base::Bytes& out,
                                         const KnownProtocol& known) {
  const std::size_t size = in.size();
  if (!take_header(in)) return base::fail(Error::wrong_header);
  while (header_fill_ == kHeaderToken.size()) {
    const auto token = tokens_.next(in);
    if (!token) return base::fail(token.error());
    if (!*token) return Progress{size, std::nullopt};

    const std::string_view text = **token;
    if (known(text)) {
      append_token(out, text);
      return Progress{size - in.size(), text};
    }
    if (++proposals_ == kMaxProposals) return base::fail(Error::too_many_proposals);
    append_token(out, kNotAvailable);
  }
  return Progress{size, std::nullopt};
}

/// Byte by byte, so that who speaks something else is known by its first byte.
bool Listener::take_header(base::ByteView& in) {
  while (header_fill_ < kHeaderToken.size() && !in.empty()) {
    if (in[0] != static_cast<std::uint8_t>(kHeaderToken[header_fill_])) return false;
    ++header_fill_;
    in = in.subspan(1);
  }
  return true;
}

}  // namespace mexport::libp2p::multistream
