// SPDX-License-Identifier: MIT
#include "api/broadcast_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::api {
namespace {

constexpr const char* kCid = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
constexpr const char* kOther = "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn";

std::string link(const std::string& cid) {
  return "{\"/\":\"" + cid + "\"}";
}

std::optional<BroadcastRequest> parse(const std::string& body) {
  return parse_broadcast(body, Seconds::wanted);
}

TEST(BroadcastRequest, KeepsCidsInTheirOrderWithRepeatedOnes) {
  const auto request =
      parse("{\"cids\":[" + link(kOther) + "," + link(kCid) + "," + link(kOther) + "]}");
  ASSERT_TRUE(request);
  ASSERT_EQ(request->cids.size(), 3U);
  EXPECT_EQ(request->cids[0].to_string(), kOther);
  EXPECT_EQ(request->cids[1].to_string(), kCid);
  EXPECT_EQ(request->cids[2].to_string(), kOther);
  EXPECT_EQ(request->seconds_before_cancel, 0U);
}

TEST(BroadcastRequest, OfRepeatedKeysTheLastCounts) {
  const auto request = parse("{\"cids\":[" + link(kCid) + "],\"Cids\":[" + link(kOther) +
                             "],\"seconds_before_cancel\":7,\"SECONDS_before_cancel\":9}");
  ASSERT_TRUE(request);
  ASSERT_EQ(request->cids.size(), 1U);
  EXPECT_EQ(request->cids[0].to_string(), kOther);
  EXPECT_EQ(request->seconds_before_cancel, 9U);
  EXPECT_TRUE(parse("{\"cids\":[" + link(kCid) + "],\"cids\":null}")->cids.empty());
}

TEST(BroadcastRequest, SkipsWhatItDoesNotKnow) {
  const auto body = R"({"x":{"cids":[7],"/":["a",{"b":[]}]},"cids":[{"y":[{"/":1}],"/":")" +
                    std::string(kCid) +
                    R"(","z":{"/":2}}],"w":[[],{},"t",1.5,true,null]} and more)";
  const auto request = parse(body);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->cids.size(), 1U);
}

TEST(BroadcastRequest, OfACidTheLastTextCounts) {
  const auto body = R"({"cids":[{"/":"nonsense","/":")" + std::string(kCid) + R"("}]})";
  EXPECT_TRUE(parse(body));
  EXPECT_FALSE(parse(R"({"cids":[{"/":")" + std::string(kCid) + R"(","/":"nonsense"}]})"));
}

TEST(BroadcastRequest, RefusesOtherShapes) {
  for (const auto* body : {"",
                           " ",
                           "[]",
                           "5",
                           "\"x\"",
                           "true",
                           "{",
                           "{\"cids\":[",
                           "{\"cids\":7}",
                           "{\"cids\":{}}",
                           "{\"cids\":\"x\"}",
                           "{\"cids\":[7]}",
                           "{\"cids\":[[]]}",
                           "{\"cids\":[null]}",
                           "{\"cids\":[true]}",
                           "{\"cids\":[{}]}",
                           "{\"cids\":[{\"/\":\"\"}]}",
                           "{\"cids\":[{\"/\":7}]}",
                           "{\"cids\":[{\"/\":null}]}",
                           "{\"cids\":[{\"/\":{}}]}",
                           "{\"cids\":[{\"/\":[]}]}",
                           "{\"cids\":[{\"/\":true}]}",
                           "{cids:[]}",
                           "\xef\xbb\xbf{}"}) {
    EXPECT_FALSE(parse(body)) << body;
  }
}

TEST(BroadcastRequest, SecondsAreAWholeNumberOf32Bits) {
  const auto seconds = [](const std::string& text) {
    return parse("{\"seconds_before_cancel\":" + text + "}");
  };
  EXPECT_EQ(seconds("4294967295")->seconds_before_cancel, 4294967295U);
  EXPECT_EQ(seconds("null")->seconds_before_cancel, 0U);
  for (const auto* text : {"4294967296", "-1", "-0", "1.0", "1e0", "\"1\"", "true", "[]", "{}"}) {
    EXPECT_FALSE(seconds(text)) << text;
  }
  EXPECT_TRUE(parse_broadcast("{\"seconds_before_cancel\":\"x\"}", Seconds::ignored));
}

TEST(BroadcastRequest, DeepNestingIsRefusedAndLongTextsAreNot) {
  EXPECT_FALSE(parse("{\"x\":" + std::string(100'000, '[')));
  EXPECT_TRUE(parse("{\"cids\":[],\"x\":\"" + std::string(8 << 20, 'a') + "\"}"));
}

}  // namespace
}  // namespace mexport::api
