// SPDX-License-Identifier: MIT
#include "config/prepare.hpp"

#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::config {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class Prepare : public test::TempDirTest {
 protected:
  Sources sources() const {
    return {.data_dir = root_ / "d", .file = {}, .overrides = {}, .host_name = "h"};
  }
  Sources with_file(std::string_view json) const {
    test::write_file(root_ / "given.json", json);
    auto from = sources();
    from.file = root_ / "given.json";
    return from;
  }
};

TEST_F(Prepare, FirstRunMakesAllThatIsNeeded) {
  multiformats::PeerId id;
  {
    const auto prepared = prepare(sources());
    ASSERT_TRUE(prepared);
    ASSERT_TRUE(prepared->config.identity);
    id = prepared->config.identity->peer_id;
    EXPECT_EQ(prepared->config.monitor.monitor_name, "h");
    EXPECT_EQ(prepared->config.monitor.traces.directory, (root_ / "d" / "traces").string());
    EXPECT_THAT(prepare(sources()).error(), ElementsAre(HasSubstr("in use by another process")));
  }
  EXPECT_EQ(prepare(sources())->config.identity->peer_id, id);
}

TEST_F(Prepare, FileWithoutIdentityUsesTheDataDirectorys) {
  const auto id = prepare(sources())->config.identity->peer_id;
  const auto prepared = prepare(with_file(R"({"Mexport":{"Shards":4}})"));
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->config.identity->peer_id, id);
  EXPECT_EQ(prepared->config.node.shards, 4U);
}

TEST_F(Prepare, MakesAPrivacyKeyOnlyWhereOneIsUsed) {
  EXPECT_FALSE(prepare(sources())->peer_key);
  EXPECT_FALSE(fs::exists(root_ / "d" / "privacy.key"));
  const auto keyed = test::monitor_document(R"("Privacy":{"Peers":"keyed"})");
  ASSERT_TRUE(load_config(with_file(keyed)));
  EXPECT_FALSE(fs::exists(root_ / "d" / "privacy.key")) << "looking alone makes none";
  EXPECT_TRUE(prepare(with_file(keyed))->peer_key);
  EXPECT_EQ(test::read_file(root_ / "d" / "privacy.key").size(), 32U);

  const auto elsewhere =
      test::monitor_document(R"("Privacy":{"Peers":"keyed","KeyFile":"nowhere/key"})");
  EXPECT_THAT(prepare(with_file(elsewhere)).error(), ElementsAre(HasSubstr("nowhere/key")));
}

TEST_F(Prepare, FileWithIdentityMakesNone) {
  const auto prepared = prepare(with_file(test::identity_document()));
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->config.identity->peer_id.to_string(), test::kPeerId);
  EXPECT_FALSE(fs::exists(root_ / "d" / "config"));
}

TEST_F(Prepare, ErrorsLeaveNothingBehind) {
  auto from = with_file(R"({"Mexport":{"Shards":"x"}})");
  from.overrides.monitor_name = "a.b";
  const auto failed = prepare(from);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error(),
              ElementsAre(HasSubstr("Mexport.Shards"), HasSubstr("--monitor-name")));
  EXPECT_FALSE(fs::exists(root_ / "d"));

  from.file = root_ / "none.json";
  EXPECT_THAT(prepare(from).error(), ElementsAre("no such file: " + from.file->string()));
  EXPECT_FALSE(fs::exists(root_ / "d"));
}

TEST_F(Prepare, UnreadableIdentityIsAnError) {
  test::write_file(root_ / "d" / "config", R"({"Identity":{"PeerID":"x","PrivKey":"y"}})");
  EXPECT_THAT(prepare(sources()).error(), ElementsAre(HasSubstr("Identity.PrivKey")));
}

TEST_F(Prepare, LoadingAloneMakesNothing) {
  const auto loaded = load_config(sources());
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->config.identity);
  EXPECT_FALSE(fs::exists(root_ / "d"));
}

TEST_F(Prepare, InitialiseMakesAnIdentityOnce) {
  const auto made = initialise(root_ / "d", {});
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->config.identity);
  EXPECT_EQ(prepare(sources())->config.identity->peer_id, made->config.identity->peer_id);
  EXPECT_THAT(initialise(root_ / "d", {}).error(), ElementsAre(HasSubstr("exists already")));
}

TEST_F(Prepare, InitialiseFromKubo) {
  test::write_file(root_ / "kubo" / "config",
                   test::read_file(MEXPORT_VECTORS "/config/kubo-0.43.json"));
  const auto made = initialise(root_ / "d", root_ / "kubo");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->config.identity->peer_id.to_string(), test::kPeerId);
  ASSERT_FALSE(made->notices.empty());
  EXPECT_EQ(prepare(sources())->config.identity->peer_id.to_string(), test::kPeerId);
}

TEST_F(Prepare, InitialiseFromABadRepoLeavesNothing) {
  EXPECT_THAT(initialise(root_ / "d", root_ / "kubo").error(),
              ElementsAre(HasSubstr("no kubo repository")));
  EXPECT_FALSE(fs::exists(root_ / "d"));
}

TEST_F(Prepare, ErrorsNameTheFileAndThoseOfOptionsDoNot) {
  auto from = with_file(R"({"Mexport":{"Shards":"x"}})");
  from.overrides.monitor_name = "a b";
  const auto failed = load_config(from);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error(),
              ElementsAre("Config error: " + from.file->string() +
                              R"(: Mexport.Shards: found "x", allowed: integer 0..256)",
                          StartsWith(R"(Config error: --monitor-name: found "a b")")));
}

}  // namespace
}  // namespace mexport::config
