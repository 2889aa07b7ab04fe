// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "libp2p/multistream/progress.hpp"
#include "libp2p/multistream/token.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mexport::libp2p::multistream {

/// How a dialer treats its first proposal.
enum class Form : std::uint8_t {
  /// Nothing of the protocol is sent before the answer; after `na` the next proposal follows.
  waiting,
  /// The protocol's first bytes follow the proposal at once, because the peer is known to speak it;
  /// `na` is then the end, whatever other proposals there are.
  lazy,
};

/// The initiator of multistream-select 1.0, for a connection or one stream. I/O-free, incremental.
class Dialer {
 public:
  /// `proposals`, best first, at least one, must outlive the dialer (ids are constants as a rule).
  explicit Dialer(std::span<const std::string_view> proposals, Form form = Form::waiting)
      : proposals_(proposals), form_(form) {}

  /// Appends header and first proposal, to go out in one write; in the lazy form the protocol's
  /// first bytes may be appended behind them. Call once, first.
  void start(base::Bytes& out) const;

  /// Takes the peer's answers and appends further proposals to `out`. Ends with the protocol that
  /// the peer echoed (a view of the proposal), whose bytes may follow in the same `in`. Not to be
  /// called again after the end or an error.
  base::Result<Progress> receive(base::ByteView in, base::Bytes& out);

 private:
  base::Status propose_next(base::Bytes& out);

  std::span<const std::string_view> proposals_;  // the first one is what the peer is asked about
  TokenReader tokens_;
  Form form_;
  bool header_seen_ = false;
};

}  // namespace mexport::libp2p::multistream
