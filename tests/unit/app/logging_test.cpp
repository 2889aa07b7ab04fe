// SPDX-License-Identifier: MIT
#include "app/logging.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace mexport::app {
namespace {

class LoggingTest : public testing::Test {
 protected:
  LoggingTest() { std::filesystem::create_directory(directory_); }
  ~LoggingTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Logging> open() {
    return Logging::create({.levels = {}, .file = path().string(), .status_line = false}).value();
  }
  std::filesystem::path path() const { return directory_ / "log"; }

  static std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / ("mexport-log-" + std::to_string(::getpid()));
};

TEST_F(LoggingTest, WritesTimeLevelComponentAndText) {
  auto logging = open();
  logging->logger("swarm").info("hello {}", 7);
  logging->logger("export").error("broken");
  logging.reset();
  const auto text = read(path());
  EXPECT_NE(text.find("Z info  swarm    hello 7\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Z error export   broken\n"), std::string::npos) << text;
}

TEST_F(LoggingTest, KeepsOneMessageOnOneLine) {
  auto logging = open();
  logging->logger("swarm").info("agent \nfoo\x1b[2J");
  logging.reset();
  EXPECT_NE(read(path()).find("agent \\x0afoo\\x1b[2J\n"), std::string::npos);
}

TEST_F(LoggingTest, AppendsAndReopens) {
  open()->logger("a").info("first");
  auto logging = open();
  logging->logger("a").info("second");
  logging.reset();
  EXPECT_NE(read(path()).find("first"), std::string::npos);
  EXPECT_NE(read(path()).find("second"), std::string::npos);
}

TEST_F(LoggingTest, GoesOnWithTheOldFileWhenANewOneCannotBeMade) {
  auto logging = open();
  const auto moved = path().parent_path() / "moved";
  std::filesystem::rename(path(), moved);
  std::filesystem::create_directory(path());
  logging->reopen();
  logging.reset();
  EXPECT_NE(read(moved).find("cannot reopen the log file"), std::string::npos);
}

TEST_F(LoggingTest, LoggersOutliveIt) {
  auto logging = open();
  const auto logger = logging->logger("late");
  logging.reset();
  logger.info("still here");
}

TEST(Logging, NamesAFileThatCannotBeOpened) {
  const auto logging =
      Logging::create({.levels = {}, .file = "/nowhere/log", .status_line = false});
  ASSERT_FALSE(logging);
  EXPECT_NE(logging.error().find("/nowhere/log"), std::string::npos);
}

}  // namespace
}  // namespace mexport::app
