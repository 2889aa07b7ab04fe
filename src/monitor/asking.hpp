// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "multiformats/cid.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/bitswap.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How the discovery probe has a host ask its peers.
namespace mexport::monitor {

enum class AskKind : std::uint8_t {
  want,         ///< WANT: HAVE from peers that know it, else the block; DONT_HAVE is asked for
  cancel,       ///< CANCEL
  want_cancel,  ///< WANT, and some time after it CANCEL
};

/// Which peers are asked; both must hold.
struct AskFilter {
  std::vector<multiformats::PeerId> peers{};  ///< as Privacy shows them; empty: all
  std::string agent{};                        ///< part of the agent version; empty: any
};

/// What is asked of each connected peer that speaks Bitswap, once each.
struct Ask {
  std::uint64_t request = 0;  ///< names it in events; unique in a run
  AskKind kind = AskKind::want;
  std::vector<multiformats::Cid> cids;  ///< one message holds all, each once
  /// Of a peer's CANCEL, from its own WANT; it does not come before that is out.
  std::chrono::seconds cancel_after{0};
  AskFilter filter{};
};

/// How one message to one peer went.
struct SendReport {
  base::WallTime before;                    ///< right before it was written first
  std::chrono::nanoseconds took{0};         ///< until it was out, or given up
  std::optional<wire::WantType> want_type;  ///< of a WANT that was written
  std::string error;                        ///< empty: it is out
};

struct PeerReport {
  std::string peer;  ///< as Privacy shows it
  SendReport want;   ///< without meaning for AskKind::cancel
  SendReport cancel;
};

enum class AnswerKind : std::uint8_t { have, dont_have, block };
std::string_view to_string(AnswerKind kind);

/// What a peer said of one CID that it was asked for.
struct PeerAnswer {
  std::string peer;  ///< as Privacy shows it
  multiformats::Cid cid;
  AnswerKind kind = AnswerKind::have;
  std::chrono::nanoseconds after{0};  ///< since the peer's WANT was written
};

/// Hears how an ask goes. All calls come from threads of the host, several at once.
class AskListener {
 public:
  virtual ~AskListener() = default;
  /// Whether WANTs that have not been sent need not be. CANCELs of those that have are sent all the
  /// same.
  virtual bool abandoned() const = 0;
  /// Once for each peer that was asked, when all its messages are out or given up.
  virtual void on_peer(PeerReport&& report) = 0;
  /// Any number of times, also for one CID, and also after on_done().
  virtual void on_answer(PeerAnswer&& /*answer*/) {}
  /// Once, after all peers. `stopped`: since the host is stopping; CANCELs that were due later have
  /// been sent then.
  virtual void on_done(bool stopped) = 0;
};

}  // namespace mexport::monitor
