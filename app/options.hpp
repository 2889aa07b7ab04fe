// SPDX-License-Identifier: MIT
#pragma once

#include "app/command_tree.hpp"
#include "app/log_levels.hpp"
#include "multiformats/cid.hpp"

#include "compare/comparison.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the command line asks for, free of the library that parses it.
namespace mexport::app {

/// Where the configuration comes from, and what beats it.
struct ConfigOptions {
  std::optional<std::string> config_file;
  std::optional<std::string> data_dir;  ///< else $MEXPORT_PATH, else ~/.mexport
  std::vector<std::string> listen;
  std::vector<std::string> peers;
  std::optional<std::string> trace_dir;
  std::optional<std::string> monitor_name;
  std::vector<std::string> api;
  bool no_api = false;
  bool no_limits = false;
};

enum class ReportFormat : std::uint8_t { text, csv, json };

struct RunOptions {
  ConfigOptions config;
  LogLevels log_levels;
  std::optional<std::string> log_file;  ///< in place of stderr
  std::optional<std::size_t> demo_peers;
};

struct InitOptions {
  std::optional<std::string> data_dir;
  std::optional<std::string> kubo_repo;
};

struct IdOptions {
  ConfigOptions config;
};

struct ConfigShowOptions {
  ConfigOptions config;
};

struct ConfigCheckOptions {
  ConfigOptions config;
};

struct TraceCatOptions {
  std::vector<std::string> paths;
  std::vector<std::string> kinds;
  std::vector<std::string> peers;
  bool follow = false;
};

struct TraceStatOptions {
  std::vector<std::string> paths;
  bool json = false;
};

struct TraceVerifyOptions {
  std::vector<std::string> paths;
};

struct CompareOptions {
  std::vector<std::string> records;  ///< A and B
  compare::CompareOptions how;
  ReportFormat format = ReportFormat::text;
};

struct BlockPutOptions {
  ConfigOptions config;
  std::vector<std::string> files;  ///< "-": stdin
  multiformats::Multicodec codec = multiformats::Multicodec::raw;
};

struct BlockGetOptions {
  ConfigOptions config;
  std::string cid;
};

struct BlockRemoveOptions {
  ConfigOptions config;
  std::vector<std::string> cids;
};

struct BlockListOptions {
  ConfigOptions config;
  bool sizes = false;
};

struct ProbeOptions {
  ConfigOptions config;                   ///< `api`: where the node is
  std::optional<std::string> token_file;  ///< in place of the configuration's
  std::vector<std::string> cids;          ///< "-": a list on stdin
  std::optional<std::string> file;        ///< a list
  std::vector<std::string> peers;         ///< empty: all
  std::string agent;                      ///< part of the agent version
  std::uint32_t cancel_after = 10;        ///< seconds
  ReportFormat format = ReportFormat::text;
  bool verbose = false;
};

/// `api`: where the node is.
struct HealthOptions {
  ConfigOptions config;
};

struct VersionOptions {};

enum class Shell : std::uint8_t { bash, zsh, fish };

struct CompletionOptions {
  Shell shell = Shell::bash;
  CommandTree tree;
};

using Command =
    std::variant<RunOptions, InitOptions, IdOptions, ConfigShowOptions, ConfigCheckOptions,
                 TraceCatOptions, TraceStatOptions, TraceVerifyOptions, CompareOptions,
                 BlockPutOptions, BlockGetOptions, BlockRemoveOptions, BlockListOptions,
                 ProbeOptions, HealthOptions, VersionOptions, CompletionOptions>;

}  // namespace mexport::app
