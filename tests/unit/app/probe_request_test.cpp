// SPDX-License-Identifier: MIT
#include "api/probe_request.hpp"

#include "app/probe/request.hpp"
#include "base/bytes.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace mexport::app::probe {
namespace {

using testing::HasSubstr;

constexpr const char* kCid = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
constexpr const char* kOther = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";

std::string numbered(std::uint8_t number) {
  const base::Bytes digest(32, number);
  return multiformats::Cid::v0(digest).to_string();
}

TEST(CidList, HasEachOnceInTheirOrder) {
  CidList list;
  ASSERT_TRUE(list.add(kOther));
  ASSERT_TRUE(list.add_lines("# ours\n\n  " + std::string(kCid) + "\t\r\n" + kOther));
  ASSERT_EQ(list.cids().size(), 2U);
  EXPECT_EQ(list.cids()[0].to_string(), kOther);
  EXPECT_EQ(list.cids()[1].to_string(), kCid);
}

TEST(CidList, NamesWhatIsNone) {
  CidList list;
  EXPECT_THAT(list.add("bafknot").error(), HasSubstr("bafknot is no CID"));
  EXPECT_THAT(list.add_lines(std::string(kCid) + "\nx y\n").error(), HasSubstr("x y is no CID"));
}

TEST(CidList, TakesAsManyAsANode) {
  CidList list;
  for (std::size_t i = 0; i < api::kMaxFollowedCids; ++i) {
    ASSERT_TRUE(list.add(numbered(static_cast<std::uint8_t>(i))));
  }
  EXPECT_TRUE(list.add(numbered(0)));
  EXPECT_EQ(list.add(kCid).error(), "64 CIDs at most");
}

TEST(CidsOf, ReadsListsAndNamesThem) {
  const auto path = std::filesystem::path(testing::TempDir()) / "probe-cids";
  std::ofstream(path) << kOther << '\n';
  ProbeOptions options;
  options.cids = {kCid};
  options.file = path.string();
  const auto cids = cids_of(options);
  ASSERT_TRUE(cids);
  EXPECT_EQ(cids->cids().size(), 2U);
  std::ofstream(path) << "bafknot\n";
  EXPECT_THAT(cids_of(options).error(), testing::StartsWith(path.string() + ": bafknot"));
  std::ofstream(path) << std::string(kMaxCidList + 1, '\n');
  EXPECT_THAT(cids_of(options).error(), HasSubstr("larger than 1 MiB"));
  std::filesystem::remove(path);
  EXPECT_THAT(cids_of(options).error(), HasSubstr("No such file"));
  EXPECT_EQ(cids_of({}).error(), "there is no CID to ask for");
}

TEST(BodyOf, IsWhatANodeTakes) {
  CidList list;
  ASSERT_TRUE(list.add(kCid));
  ProbeOptions options;
  options.cancel_after = 7;
  EXPECT_EQ(body_of(options, list), R"({"cids":[")" + std::string(kCid) + R"("],"seconds":7})");
  options.peers = {"12D3KooWGPECxkVDXJX2EgXQBKn4PRhqJX2RTKrWhUdkVwaBcjbE"};
  options.agent = "kubo/";
  const auto ask = api::parse_probe_request(body_of(options, list));
  ASSERT_TRUE(ask) << ask.error();
  EXPECT_EQ(ask->cids, list.cids());
  EXPECT_EQ(ask->cancel_after, std::chrono::seconds(7));
  EXPECT_EQ(ask->filter.agent, "kubo/");
  ASSERT_EQ(ask->filter.peers.size(), 1U);
  EXPECT_EQ(ask->filter.peers[0].to_string(), options.peers[0]);
}

}  // namespace
}  // namespace mexport::app::probe
