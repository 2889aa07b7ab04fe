// SPDX-License-Identifier: MIT
#pragma once

#include "capi/command_queue.hpp"
#include "capi/records.hpp"
#include "multiformats/peer_id.hpp"
#include "wire/wantlist_sender.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace mexport::capi {

/// Has the host send wantlists: makes the commands, and takes what becomes of each. A wantlist is
/// handed over once, whatever the number of peers. Belongs to the host's thread.
class Outbox {
 public:
  /// `commands` outlives it. A peer may take `timeout` for one message.
  Outbox(CommandQueue& commands, std::chrono::milliseconds timeout)
      : commands_(commands), timeout_(timeout) {}

  /// `owner` is the sender's, for forget().
  void send(const void* owner, const multiformats::PeerId& peer,
            const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
            std::unique_ptr<wire::WantlistReceipt> receipt);
  /// Its messages are given up: nobody hears of them any more.
  void forget(const void* owner);
  /// Unknown ones are ignored: they were given up.
  void on_sent(const SentRecord& record);
  /// Has the host forget wantlists that nobody sends any more; to be called now and then.
  void tidy();

 private:
  struct Message {
    std::uint64_t number = 0;
    std::weak_ptr<const wire::OutgoingWantlist> wantlist;
    std::map<wire::BitswapProtocol, std::size_t> sizes;  ///< of the protobuf
  };
  struct Send {
    const void* owner;
    std::shared_ptr<const wire::OutgoingWantlist> wantlist;
    std::unique_ptr<wire::WantlistReceipt> receipt;
  };

  const Message& message(const std::shared_ptr<const wire::OutgoingWantlist>& wantlist);

  CommandQueue& commands_;
  const std::chrono::milliseconds timeout_;
  std::uint64_t last_ = 0;
  std::unordered_map<const wire::OutgoingWantlist*, Message> messages_;
  std::unordered_map<std::uint64_t, Send> sends_;
};

/// To one peer of the host.
class CommandSender final : public wire::WantlistSender {
 public:
  /// `outbox` outlives it.
  CommandSender(Outbox& outbox, const multiformats::PeerId& peer) : outbox_(outbox), peer_(peer) {}
  ~CommandSender() override { outbox_.forget(this); }

  base::Status send(std::shared_ptr<const wire::OutgoingWantlist> wantlist,
                    std::unique_ptr<wire::WantlistReceipt> receipt) override {
    outbox_.send(this, peer_, wantlist, std::move(receipt));
    return {};
  }
  /// The host ends by itself what takes too long.
  void reset() override { outbox_.forget(this); }

 private:
  Outbox& outbox_;
  const multiformats::PeerId peer_;
};

}  // namespace mexport::capi
