// SPDX-License-Identifier: MIT
#include "libp2p/protocol_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::libp2p {
namespace {

TEST(ProtocolTable, ExactMatchInTheOrderOfAdding) {
  ProtocolTable table;
  table.add("/b", [](Stream&, std::string_view) { return nullptr; });
  table.add("/a/1.0.0", [](Stream&, std::string_view) { return nullptr; });
  table.add("/b", {});
  EXPECT_THAT(table.protocols(), testing::ElementsAre("/b", "/a/1.0.0"));
  EXPECT_EQ(table.find("/a"), nullptr);
  EXPECT_EQ(table.find("/a/1.0.0 "), nullptr);
  EXPECT_EQ(table.find("/A/1.0.0"), nullptr);
  EXPECT_NE(table.find("/a/1.0.0"), nullptr);
  ASSERT_NE(table.find("/b"), nullptr);
  EXPECT_FALSE(*table.find("/b"));  // replaced
}

TEST(ProtocolTable, TagsItsProtocolsAndLimitsTheirStreams) {
  ProtocolTable table;
  table.add("/a", nullptr);
  table.add("/b", nullptr, 3);
  EXPECT_EQ(table.tag("/none"), 0U);
  EXPECT_NE(table.tag("/a"), table.tag("/b"));
  EXPECT_EQ(table.max_streams(table.tag("/a")), kMaxStreamsPerProtocol);
  EXPECT_EQ(table.max_streams(table.tag("/b")), 3U);
}

}  // namespace
}  // namespace mexport::libp2p
