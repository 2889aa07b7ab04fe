// SPDX-License-Identifier: MIT
#pragma once

#include "config/parse_config.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace mexport::config::test {

/// A key made for these tests, and its id (by go-libp2p).
inline constexpr const char* kPrivateKey =
    "CAESQEnFZjjP2M0e0JQSvXWaY1Hk8twmbaCUk3v/3CgjCEVBZe6ReuCeIvwUhO8RFaHfI78QR1cUUG+VVmSQDo4pIO4=";
inline constexpr const char* kPeerId = "12D3KooWGgGLWsLAeKdw4N3jLRsM2XTCK8FDbhjydMygLo41gVTb";
inline constexpr const char* kOtherPeerId = "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ";
inline constexpr const char* kMonitorPath = "Plugins.Plugins.metric-export-plugin.Config";

inline std::string identity_document() {
  return std::string(R"({"Identity":{"PeerID":")") + kPeerId + R"(","PrivKey":")" + kPrivateKey +
         R"("}})";
}

/// The plugin's section around `members`.
inline std::string monitor_document(std::string_view members) {
  return std::string(R"({"Plugins":{"Plugins":{"metric-export-plugin":{"Config":{)")
      .append(members)
      .append("}}}}}");
}

/// The errors as the operator reads them, one a line.
inline std::string errors_of(const Report& report) {
  std::string lines;
  for (const auto& error : report.errors) lines += to_string(error) + "\n";
  return lines;
}

inline std::string warnings_of(const Report& report) {
  std::string lines;
  for (const auto& notice : report.notices) {
    if (notice.level == base::LogLevel::warn) lines += to_string(notice) + "\n";
  }
  return lines;
}

inline std::string errors_in(std::string_view json) {
  return errors_of(parse_config(json).report);
}

inline Config parse_good(std::string_view json) {
  auto parsed = parse_config(json);
  EXPECT_EQ(errors_of(parsed.report), "");
  return std::move(parsed.config);
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// The permission bits.
inline unsigned mode_of(const std::filesystem::path& path) {
  return static_cast<unsigned>(std::filesystem::status(path).permissions());
}

/// A directory of its own per test, removed at its end.
class TempDirTest : public testing::Test {
 protected:
  TempDirTest() {
    auto pattern = testing::TempDir() + "mexport-config-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~TempDirTest() override { std::filesystem::remove_all(root_); }

  std::filesystem::path root_;
};

}  // namespace mexport::config::test
