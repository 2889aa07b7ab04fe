// SPDX-License-Identifier: MIT
#include "capi/instance.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::capi {
namespace {

constexpr const char* kPeer = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx";

std::string fault_of(const std::string& text) {
  const auto options = parse_start_options(text);
  return options ? "" : options.error();
}

TEST(StartOptions, HoldTheSectionAndTheHost) {
  const auto options = parse_start_options(
      std::string(R"({"config":{"MonitorName":"m"},"data_dir":"/d","host":{"peer_id":")") + kPeer +
      R"(","listen_addrs":["/ip4/127.0.0.1/tcp/1"],"agent_version":"kubo/1"}})");
  ASSERT_TRUE(options) << options.error();
  EXPECT_EQ(options->section, R"({"MonitorName":"m"})");
  EXPECT_EQ(options->data_dir, "/d");
  EXPECT_EQ(options->host.peer_id, kPeer);
  EXPECT_EQ(options->host.listen_addrs.size(), 1U);
  EXPECT_EQ(options->host.agent_version, "kubo/1");
}

TEST(StartOptions, FaultsAreNamed) {
  EXPECT_NE(fault_of("{").find("no JSON"), std::string::npos);
  EXPECT_EQ(fault_of("[]"), "the options are no JSON object");
  EXPECT_EQ(fault_of(R"({"data_dir":"d"})"), R"(data_dir: found "d", allowed: an absolute path)");
  EXPECT_EQ(fault_of(R"({"data_dir":"/d"})"), "host: not an object");
  EXPECT_EQ(fault_of(R"({"data_dir":"/d","host":{"peer_id":"x"}})"),
            R"(host.peer_id: found "x", allowed: a peer id)");
}

}  // namespace
}  // namespace mexport::capi
