// SPDX-License-Identifier: MIT
#include "config/kubo_repo.hpp"

#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace mexport::config {
namespace {

using testing::HasSubstr;
using testing::Not;

class KuboRepo : public test::TempDirTest {
 protected:
  void write_config(std::string_view json) { test::write_file(root_ / "config", json); }
};

TEST_F(KuboRepo, TakesOurPartsAlone) {
  write_config(test::read_file(MEXPORT_VECTORS "/config/kubo-0.43.json"));
  const auto taken = read_kubo_repo(root_);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_THAT(taken->json, Not(HasSubstr("Datastore")));
  EXPECT_THAT(taken->json, Not(HasSubstr("Gateway")));
  const auto config = test::parse_good(taken->json);
  EXPECT_EQ(config.identity->peer_id.to_string(), test::kPeerId);
  EXPECT_EQ(config.addresses.swarm.size(), 8U);
  EXPECT_EQ(config.address_filters.size(), 1U);
  EXPECT_TRUE(config.bootstrap.automatic);
  ASSERT_EQ(taken->notices.size(), 1U);
  EXPECT_THAT(taken->notices[0].message, HasSubstr("QUIC"));
}

TEST_F(KuboRepo, TakesThePluginsSection) {
  auto json = test::identity_document();
  json.insert(json.size() - 1, "," + test::monitor_document(R"("MonitorName":"m")").substr(1));
  json.pop_back();
  write_config(json);
  const auto taken = read_kubo_repo(root_);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(test::parse_good(taken->json).monitor.monitor_name, "m");
}

TEST_F(KuboRepo, RefusesOthers) {
  EXPECT_THAT(read_kubo_repo(root_ / "none").error().message, HasSubstr("no kubo repository"));
  write_config("{");
  EXPECT_THAT(read_kubo_repo(root_).error().message,
              HasSubstr("/config: found incomplete JSON at line 1, column 2"));
  write_config("{}");
  EXPECT_THAT(read_kubo_repo(root_).error().message, HasSubstr("has no Identity"));
  write_config(R"({"Addresses":7})");
  EXPECT_THAT(read_kubo_repo(root_).error().message, HasSubstr("Addresses: found"));
}

TEST_F(KuboRepo, RefusesWhileADaemonHoldsTheLock) {
  write_config(test::identity_document());
  test::write_file(root_ / "repo.lock", "");
  EXPECT_TRUE(read_kubo_repo(root_)) << "a file that nobody locks is left of a daemon that ended";

  const int fd = open((root_ / "repo.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  ASSERT_EQ(fcntl(fd, F_OFD_SETLK, &lock), 0);
  const auto refused = read_kubo_repo(root_);
  close(fd);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            root_.string() + " is locked by a running daemon: stop that first");
  EXPECT_TRUE(read_kubo_repo(root_));
}

}  // namespace
}  // namespace mexport::config
