// SPDX-License-Identifier: MIT
#include "config/parse_api.hpp"

#include "config/api_token.hpp"
#include "config/render_config.hpp"
#include "tests/unit/config/fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::config {
namespace {

using test::errors_in;
using test::monitor_document;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(ParseApi, TakesWhatGoListensOn) {
  const auto config = test::parse_good(monitor_document(
      R"("HTTPServerConfig":{"ListenAddresses":[":0","[::1]:80","h.example:1"]})"));
  EXPECT_EQ(
      config.monitor.http_listen_addresses,
      (std::vector<api::ListenAddress>{
          {.host = "", .port = 0}, {.host = "::1", .port = 80}, {.host = "h.example", .port = 1}}));
}

TEST(ParseApi, WithoutAddressesThereIsNone) {
  const auto config =
      test::parse_good(monitor_document(R"("HTTPServerConfig":{"ListenAddresses":[]})"));
  EXPECT_TRUE(config.monitor.http_listen_addresses.empty());
}

TEST(ParseApi, NamesTheAddressThatIsNone) {
  EXPECT_THAT(
      errors_in(monitor_document(R"("HTTPServerConfig":{"ListenAddresses":["localhost:1","x"]})")),
      HasSubstr(".HTTPServerConfig.ListenAddresses[1]: found \"x\", allowed: an address like"));
  EXPECT_THAT(
      errors_in(monitor_document(
          R"("HTTPServerConfig":{"ListenAddresses":[":1",":2",":3",":4",":5",":6",":7",":8",":9"]})")),
      HasSubstr("found 9 addresses, allowed: at most 8"));
}

TEST(ParseApi, ATokenIsPrintableAndNotShort) {
  const std::string good(kMinApiToken, 'x');
  const auto config = test::parse_good(monitor_document(R"("API":{"Token":")" + good + R"("})"));
  EXPECT_EQ(config.monitor.api.token, good);
  EXPECT_THAT(render_config(config), Not(HasSubstr(good)));
  for (const auto& bad : {std::string(kMinApiToken - 1, 'x'), std::string(kMaxApiToken + 1, 'x'),
                          std::string(kMinApiToken, ' ')}) {
    EXPECT_THAT(errors_in(monitor_document(R"("API":{"Token":")" + bad + R"("})")),
                AllOf(HasSubstr(".API.Token: found something else"), Not(HasSubstr(bad))));
  }
  EXPECT_THAT(errors_in(monitor_document(R"("API":{"Tokens":""})")), HasSubstr(".API.Tokens"));
}

class ApiToken : public test::TempDirTest {
 protected:
  config::Setup<std::string> token() { return api_token_of(api_, report_); }
  Api api_{.token = {}, .token_file = root_ / "api.token"};
  Report report_;
};

TEST_F(ApiToken, IsMadeOnceAndKept) {
  const auto made = token();
  ASSERT_TRUE(made);
  EXPECT_TRUE(is_api_token(*made));
  EXPECT_EQ(test::mode_of(api_.token_file), 0600U);
  EXPECT_EQ(test::read_file(api_.token_file), *made + "\n");
  EXPECT_EQ(token(), *made);
  EXPECT_TRUE(report_.notices.empty());
}

TEST_F(ApiToken, OfTheConfigurationNeedsNoFile) {
  api_.token = "given-in-the-file";
  EXPECT_EQ(token(), api_.token);
  EXPECT_FALSE(std::filesystem::exists(api_.token_file));
}

TEST_F(ApiToken, WarnsOfOthersThatMayReadIt) {
  test::write_file(api_.token_file, "0123456789abcdef\n");
  std::filesystem::permissions(api_.token_file, std::filesystem::perms(0640));
  EXPECT_EQ(token(), "0123456789abcdef");
  EXPECT_THAT(test::warnings_of(report_), HasSubstr(api_.token_file));
}

TEST_F(ApiToken, RefusesAFileWithoutOne) {
  test::write_file(api_.token_file, "short\n");
  const auto refused = token();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "API.TokenFile: " + api_.token_file + " holds no token");
}

TEST_F(ApiToken, CanBeReadWithoutMakingOne) {
  const auto absent = read_api_token(api_.token_file);
  ASSERT_TRUE(absent);
  EXPECT_EQ(*absent, std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(api_.token_file));
  test::write_file(api_.token_file, "0123456789abcdef\n");
  EXPECT_EQ(read_api_token(api_.token_file), "0123456789abcdef");
  test::write_file(api_.token_file, "short\n");
  EXPECT_EQ(read_api_token(api_.token_file).error().message, api_.token_file + " holds no token");
}

}  // namespace
}  // namespace mexport::config
