// SPDX-License-Identifier: MIT
#include "monitor/agent_wants.hpp"

#include <algorithm>

namespace mexport::monitor {

namespace {

struct Beginning {
  std::string_view text;
  AgentFamily family;
};
constexpr std::array kBeginnings{
    Beginning{"kubo/", AgentFamily::kubo},       Beginning{"go-ipfs/", AgentFamily::kubo},
    Beginning{"rainbow/", AgentFamily::rainbow}, Beginning{"ipfs-cluster", AgentFamily::cluster},
    Beginning{"helia/", AgentFamily::helia},     Beginning{"js-libp2p/", AgentFamily::helia},
    Beginning{"rust-", AgentFamily::rust},
};

}  // namespace

std::string_view to_string(AgentFamily family) {
  switch (family) {
    case AgentFamily::unknown:
      return "unknown";
    case AgentFamily::kubo:
      return "kubo";
    case AgentFamily::rainbow:
      return "rainbow";
    case AgentFamily::cluster:
      return "cluster";
    case AgentFamily::helia:
      return "helia";
    case AgentFamily::rust:
      return "rust";
    case AgentFamily::other:
      break;
  }
  return "other";
}

AgentFamily agent_family(const std::string* agent_version) {
  if (agent_version == nullptr || agent_version->empty()) return AgentFamily::unknown;
  for (const auto& [text, family] : kBeginnings) {
    if (agent_version->starts_with(text)) return family;
  }
  return AgentFamily::other;
}

void AgentWants::count(const std::string* agent_version, const wire::BitswapMessage& message) {
  const auto wants = std::ranges::count(message.wantlist, false, &wire::WantlistEntry::cancel);
  if (wants == 0) return;
  const auto family = static_cast<std::size_t>(agent_family(agent_version));
  wants_.at(family).add(static_cast<std::uint64_t>(wants));
}

void AgentWants::add_to(std::map<std::string, std::uint64_t>& sums) const {
  for (std::size_t i = 0; i < wants_.size(); ++i) {
    sums[std::string(to_string(static_cast<AgentFamily>(i)))] += wants_[i].value();
  }
}

}  // namespace mexport::monitor
