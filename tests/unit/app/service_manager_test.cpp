// SPDX-License-Identifier: MIT
#include "app/service_manager.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace mexport::app {
namespace {

class ServiceManagerTest : public testing::Test {
 protected:
  ~ServiceManagerTest() override {
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
};

TEST_F(ServiceManagerTest, WithoutOneNobodyIsTold) {
  const auto manager = ServiceManager::from_environment();
  EXPECT_FALSE(manager.listens());
  EXPECT_FALSE(manager.watchdog());
  EXPECT_TRUE(manager.tell("READY=1"));
}

TEST_F(ServiceManagerTest, WatchdogOfThisProcess) {
  set("WATCHDOG_USEC", "1500");
  EXPECT_EQ(ServiceManager::from_environment().watchdog(), std::chrono::microseconds(1500));
  set("WATCHDOG_PID", std::to_string(::getpid()));
  EXPECT_EQ(ServiceManager::from_environment().watchdog(), std::chrono::microseconds(1500));
  set("WATCHDOG_PID", std::to_string(::getppid()));
  EXPECT_FALSE(ServiceManager::from_environment().watchdog());
}

TEST_F(ServiceManagerTest, NoWatchdogInWhatIsNoTime) {
  for (const auto* value : {"", "0", "-1", "1s", "99999999999999999999999"}) {
    set("WATCHDOG_USEC", value);
    EXPECT_FALSE(ServiceManager::from_environment().watchdog()) << value;
  }
}

TEST_F(ServiceManagerTest, SaysWhyItCannotTell) {
  EXPECT_EQ(ServiceManager("/nonexistent/notify").tell("READY=1").error(),
            std::errc::no_such_file_or_directory);
  EXPECT_EQ(ServiceManager("@mexport-nobody").tell("READY=1").error(),
            std::errc::connection_refused);
  EXPECT_EQ(ServiceManager("/" + std::string(200, 'x')).tell("READY=1").error(),
            std::errc::filename_too_long);
}

}  // namespace
}  // namespace mexport::app
