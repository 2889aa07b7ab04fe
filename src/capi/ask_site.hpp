// SPDX-License-Identifier: MIT
#pragma once

#include "capi/connection_table.hpp"
#include "capi/outbox.hpp"
#include "monitor/asker.hpp"
#include "monitor/capture.hpp"
#include "monitor/privacy.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mexport::capi {

/// One connection of each peer that may be asked, the oldest.
std::vector<std::uint64_t> askable_connections(const ConnectionTable& table,
                                               const monitor::Privacy& privacy,
                                               const monitor::AskFilter& filter);

/// The connections of a table as an Asker wants them. Belongs to the host's thread.
class AskSite final : public monitor::AskSite {
 public:
  /// All outlive it.
  AskSite(const base::Runtime& runtime, const ConnectionTable& table, Outbox& outbox,
          const monitor::Privacy& privacy, monitor::Capture& capture)
      : runtime_(runtime), table_(table), outbox_(outbox), privacy_(privacy), capture_(capture) {}

  std::size_t size() const override { return table_.all().size(); }
  std::uint64_t id(std::size_t index) const override { return table_.all()[index]->id; }
  State state(std::size_t index) const override;
  bool excluded(std::size_t index) const override;
  monitor::AskedPeer& peer(std::size_t index) override;
  void on_asked(monitor::AskedPeer& peer,
                const std::shared_ptr<const wire::OutgoingWantlist>& wantlist,
                wire::BitswapProtocol protocol, std::size_t size, std::uint64_t request) override;

 private:
  class Asked;

  const base::Runtime& runtime_;
  const ConnectionTable& table_;
  Outbox& outbox_;
  const monitor::Privacy& privacy_;
  monitor::Capture& capture_;
};

}  // namespace mexport::capi
