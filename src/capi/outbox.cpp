// SPDX-License-Identifier: MIT
#include "capi/outbox.hpp"

#include "crypto/base64.hpp"
#include "wire/bitswap_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace mexport::capi {

namespace {

constexpr std::array kProtocols{wire::BitswapProtocol::v1_2_0, wire::BitswapProtocol::v1_1_0,
                                wire::BitswapProtocol::v1_0_0, wire::BitswapProtocol::unversioned};

wire::BitswapMessageWriter written(const wire::OutgoingWantlist& wantlist,
                                   wire::BitswapProtocol protocol) {
  wire::BitswapMessageWriter writer(protocol);
  writer.set_full(wantlist.full);
  for (const auto& entry : wantlist.entries) {
    writer.add_entry({.cid = entry.cid.bytes(),
                      .priority = entry.priority,
                      .want_type = entry.want_type,
                      .cancel = entry.cancel,
                      .send_dont_have = entry.send_dont_have});
  }
  return writer;
}

}  // namespace

const Outbox::Message& Outbox::message(
    const std::shared_ptr<const wire::OutgoingWantlist>& wantlist) {
  auto& message = messages_[wantlist.get()];
  if (!message.wantlist.expired()) return message;
  message = {.number = ++last_, .wantlist = wantlist, .sizes = {}};
  std::string frames;
  for (const auto protocol : kProtocols) {
    const auto writer = written(*wantlist, protocol);
    message.sizes[protocol] = writer.body_size();
    frames += fmt::format(R"({}{{"protocol":"{}","frame":"{}"}})", frames.empty() ? "" : ",",
                          to_string(protocol), crypto::encode_base64(writer.frame()));
  }
  commands_.push(
      fmt::format(R"({{"command":"message","message":{},"frames":[{}]}})", message.number, frames));
  return message;
}

void Outbox::send(const void* owner, const multiformats::PeerId& peer,
                  const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                  std::unique_ptr<wire::WantlistReceipt> receipt) {
  const auto number = message(wantlist).number;
  const auto send = ++last_;
  sends_.emplace(send, Send{owner, wantlist, std::move(receipt)});
  commands_.push(
      fmt::format(R"({{"command":"send","send":{},"message":{},"peer":"{}","timeout_ms":{}}})",
                  send, number, peer.to_string(), timeout_.count()));
}

void Outbox::forget(const void* owner) {
  std::erase_if(sends_, [&](const auto& send) { return send.second.owner == owner; });
}

void Outbox::on_sent(const SentRecord& record) {
  const auto found = sends_.find(record.send);
  if (found == sends_.end()) return;
  const auto send = std::move(found->second);
  sends_.erase(found);
  if (record.protocol) {
    const auto size = messages_.at(send.wantlist.get()).sizes.at(*record.protocol);
    send.receipt->on_written({.protocol = *record.protocol, .size = size, .before = record.before});
  }
  const bool lost = !record.protocol && record.error.empty();
  send.receipt->on_done(lost ? "nothing was written" : std::string_view(record.error));
}

void Outbox::tidy() {
  std::erase_if(messages_, [&](const auto& message) {
    if (!message.second.wantlist.expired()) return false;
    commands_.push(fmt::format(R"({{"command":"forget","message":{}}})", message.second.number));
    return true;
  });
}

}  // namespace mexport::capi
