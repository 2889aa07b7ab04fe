// SPDX-License-Identifier: MIT
#include "app/completion/bash.hpp"
#include "app/completion/commands.hpp"
#include "app/completion/fish.hpp"
#include "app/completion/zsh.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mexport::app::completion {
namespace {

using testing::HasSubstr;

CommandTree tree() {
  ArgumentInfo follow{{"--follow", "-f"}, "It's live", ValueKind::none, {}};
  ArgumentInfo kind{{"--kind"}, "Kind", ValueKind::choice, {"gap", "heartbeat"}};
  ArgumentInfo folder{{"--dir"}, "Folder", ValueKind::directory, {}};
  ArgumentInfo files{{}, "Files", ValueKind::file, {}};
  CommandTree cat{"cat", "Print", {follow, kind, folder, files}, {}};
  CommandTree trace{"trace", "Read traces", {}, {cat}};
  return {"mexport", "All", {}, {trace}};
}

TEST(Commands, AreVisitedFromTheRoot) {
  std::vector<std::string> paths;
  each_command(tree(), [&](const std::string& path, const CommandTree&) { paths.push_back(path); });
  EXPECT_THAT(paths, testing::ElementsAre("mexport", "mexport trace", "mexport trace cat"));
  EXPECT_EQ(all_paths(tree(), "|"), "\"mexport trace\"|\"mexport trace cat\"");
}

TEST(Commands, MayTakeAPositionalArgument) {
  const auto root = tree();
  EXPECT_EQ(positional(root), nullptr);
  ASSERT_NE(positional(root.subcommands[0].subcommands[0]), nullptr);
  EXPECT_EQ(positional(root.subcommands[0].subcommands[0])->description, "Files");
}

TEST(SingleQuoted, SurvivesQuotes) {
  EXPECT_EQ(single_quoted("it's"), "'it'\\''s'");
}

TEST(BashScript, KnowsWhatEachCommandTakes) {
  const auto script = bash_script(tree());
  EXPECT_THAT(script, HasSubstr("\"mexport trace cat --kind\") words=\"gap heartbeat\" ;;"));
  EXPECT_THAT(script, HasSubstr("\"mexport trace cat --dir\") files=-d ;;"));
  EXPECT_THAT(script, HasSubstr("\"mexport trace cat\") words=\"--follow -f --kind --dir\" files"));
  EXPECT_THAT(script, HasSubstr("\"mexport trace\") words=\"cat\" ;;"));
}

TEST(ZshScript, DescribesCommandsAndOptions) {
  const auto script = zsh_script(tree());
  EXPECT_THAT(script, HasSubstr("'cat:Print'"));
  EXPECT_THAT(script, HasSubstr("'--follow:It'\\''s live'"));
  EXPECT_THAT(script, HasSubstr("(\"mexport trace cat --kind\") compadd -- gap heartbeat; return"));
}

TEST(FishScript, DescribesCommandsAndOptions) {
  const auto script = fish_script(tree());
  EXPECT_THAT(script, HasSubstr("'__mexport_at \"mexport trace\"' -a cat -d 'Print'"));
  EXPECT_THAT(script, HasSubstr(" -l follow -s f -d "));
  EXPECT_THAT(script, HasSubstr(" -l kind -x -a 'gap heartbeat' -d 'Kind'"));
}

}  // namespace
}  // namespace mexport::app::completion
