// SPDX-License-Identifier: MIT
#include "monitor/peer_names.hpp"

#include "tests/unit/monitor/privacy_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mexport::monitor {
namespace {

using testing::key;
using testing::kKeyedPeer;
using testing::kKeyedRelay;
using testing::kPeer;
using testing::kRelay;
using testing::peer;

TEST(PeerNames, WithoutAKeyAsTheyAre) {
  const PeerNames names;
  EXPECT_FALSE(names.keyed());
  EXPECT_EQ(names.key_id(), "");
  EXPECT_EQ(names.shown(peer(kPeer)), peer(kPeer));
  EXPECT_EQ(names.shown_text("us"), "us");
  EXPECT_EQ(names.shown_in_name("a.example"), "a.example");
}

TEST(PeerNames, KeyedIsTheHmacAsAPeerId) {
  const PeerNames names(key(0));
  EXPECT_EQ(names.shown(peer(kPeer)).to_string(), kKeyedPeer);
  EXPECT_EQ(names.shown(peer(kRelay)).to_string(), kKeyedRelay);
  EXPECT_EQ(names.shown_text(kPeer), kKeyedPeer);
  EXPECT_EQ(multiformats::PeerId::from_string(kKeyedPeer)->to_string(), kKeyedPeer);
  EXPECT_EQ(names.key_id(), "dfb2d68eee7b8e64");
}

TEST(PeerNames, OneKeyOneName) {
  const PeerNames names(key(0));
  const PeerNames again(key(0));
  const PeerNames other(key(1));
  EXPECT_EQ(names.shown(peer(kPeer)), again.shown(peer(kPeer)));
  EXPECT_NE(names.shown(peer(kPeer)), other.shown(peer(kPeer)));
  EXPECT_NE(names.shown(peer(kPeer)), names.shown(peer(kRelay)));
  EXPECT_NE(names.key_id(), other.key_id());
}

TEST(PeerNames, WhatIsNoPeerIdIsKeyedToo) {
  const PeerNames names(key(0));
  EXPECT_TRUE(multiformats::PeerId::from_string(names.shown_text("us")));
  EXPECT_NE(names.shown_text("us"), names.shown_text("them"));
  EXPECT_TRUE(names.shown(multiformats::PeerId()).empty());
}

// As in 203-0-113-7.k51….libp2p.direct: the id is a label of the name.
TEST(PeerNames, FindsIdsInDnsNames) {
  const PeerNames names(key(0));
  EXPECT_EQ(names.shown_in_name(
                "1-2.k51qzi5uqu5dlgow9zhlymdofk3luikqdxdfqg5cqit2rtd1pug0zzs6u1c1pf.libp2p.direct"),
            "1-2.k2k4r8kxebl1evaqhpqvp6xywmzsljr33rxk3al4y3l640631o18gdfc.libp2p.direct");
  EXPECT_EQ(names.shown_in_name("k2k4r8nt6ygm063ccerz6oiefak0fx4hb7lah61nx4gpmkt5rtrqcet9"),
            "k2k4r8nu8gwm7g3wword1v6buiobe8qabonn4mfgrwg8la16zzn4v4l3");
  for (const auto* const name : {"example.org", "", ".", "a..b", "a."}) {
    EXPECT_EQ(names.shown_in_name(name), name);
  }
}

}  // namespace
}  // namespace mexport::monitor
