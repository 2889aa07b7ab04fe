// SPDX-License-Identifier: MIT
#include "app/demo.hpp"

#include "config/parse_config.hpp"

#include <gtest/gtest.h>

namespace mexport::app {
namespace {

TEST(DemoOptions, KeepToLoopbackAndAName) {
  const auto options = demo_options({});
  EXPECT_EQ(options.listen, std::vector<std::string>{"/ip4/127.0.0.1/tcp/0"});
  EXPECT_EQ(options.monitor_name, "demo");
  EXPECT_TRUE(options.no_limits);
}

TEST(DemoOptions, LeaveWhatTheUserChose) {
  ConfigOptions chosen;
  chosen.listen = {"/ip4/0.0.0.0/tcp/4001"};
  chosen.monitor_name = "mine";
  const auto options = demo_options(chosen);
  EXPECT_EQ(options.listen, chosen.listen);
  EXPECT_EQ(options.monitor_name, "mine");
}

TEST(Isolate, LeavesThePeersOfTheCommandLineAlone) {
  constexpr const char* kDocument = R"({"Peering": {"Peers": [
    {"ID": "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ", "Addrs": []},
    {"ID": "QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN", "Addrs": []}]}})";
  auto config = config::parse_config(kDocument).config;
  ASSERT_EQ(config.peering.size(), 2U);
  isolate(config, 1);
  EXPECT_FALSE(config.bootstrap.automatic);
  ASSERT_EQ(config.peering.size(), 1U);
  EXPECT_EQ(config.peering[0].id.to_string(), "QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN");
  isolate(config, 0);
  EXPECT_TRUE(config.peering.empty());
}

}  // namespace
}  // namespace mexport::app
