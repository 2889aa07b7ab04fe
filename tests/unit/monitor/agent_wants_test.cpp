// SPDX-License-Identifier: MIT
#include "monitor/agent_wants.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace mexport::monitor {
namespace {

TEST(AgentWants, CountsByFamilyWithoutCancels) {
  wire::BitswapMessage message;
  message.wantlist.resize(3);
  message.wantlist[2].cancel = true;
  const std::string kubo = "kubo/0.30.0/";
  const std::string strange = "strange";
  AgentWants wants;
  wants.count(&kubo, message);
  wants.count(nullptr, message);
  wants.count(&strange, message);
  wants.count(&strange, message);
  std::map<std::string, std::uint64_t> sums;
  wants.add_to(sums);
  EXPECT_EQ(sums.size(), kAgentFamilies);
  EXPECT_EQ(sums["kubo"], 2U);
  EXPECT_EQ(sums["unknown"], 2U);
  EXPECT_EQ(sums["other"], 4U);
}

}  // namespace
}  // namespace mexport::monitor
