// SPDX-License-Identifier: MIT
#include "app/command_line.hpp"
#include "app/commands/block.hpp"
#include "app/commands/compare.hpp"
#include "app/commands/completion.hpp"
#include "app/commands/config_check.hpp"
#include "app/commands/config_show.hpp"
#include "app/commands/health.hpp"
#include "app/commands/id.hpp"
#include "app/commands/init.hpp"
#include "app/commands/probe.hpp"
#include "app/commands/run.hpp"
#include "app/commands/trace_cat.hpp"
#include "app/commands/trace_stat.hpp"
#include "app/commands/trace_verify.hpp"
#include "app/commands/version.hpp"
#include "app/output.hpp"
#include "app/signals.hpp"

#include <openssl/crypto.h>

#include <exception>
#include <variant>

namespace mexport::app {

namespace {

struct Perform {
  int operator()(const RunOptions& options) const { return run(options); }
  int operator()(const InitOptions& options) const { return init(options); }
  int operator()(const IdOptions& options) const { return id(options); }
  int operator()(const ConfigShowOptions& options) const { return config_show(options); }
  int operator()(const ConfigCheckOptions& options) const { return config_check(options); }
  int operator()(const TraceCatOptions& options) const { return trace_cat(options); }
  int operator()(const TraceStatOptions& options) const { return trace_stat(options); }
  int operator()(const TraceVerifyOptions& options) const { return trace_verify(options); }
  int operator()(const CompareOptions& options) const { return compare_two(options); }
  int operator()(const BlockPutOptions& options) const { return block_put(options); }
  int operator()(const BlockGetOptions& options) const { return block_get(options); }
  int operator()(const BlockRemoveOptions& options) const { return block_remove(options); }
  int operator()(const BlockListOptions& options) const { return block_list(options); }
  int operator()(const ProbeOptions& options) const { return probe_peers(options); }
  int operator()(const HealthOptions& options) const { return health(options); }
  int operator()(const VersionOptions& options) const { return show_version(options); }
  int operator()(const CompletionOptions& options) const { return print_completion(options); }
};

int perform(int argc, const char* const* argv) {
  ignore_broken_pipes();
  const auto command = parse_command_line(argc, argv);
  if (command) return std::visit(Perform{}, *command);
  if (command.error().code == kSuccess) return print(command.error().text);
  complain(command.error().text);
  return command.error().code;
}

}  // namespace

}  // namespace mexport::app

int main(int argc, char** argv) {
  // A thread that still connects to a broker outlives main: it must find OpenSSL whole until the
  // very end.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  try {
    return mexport::app::perform(argc, argv);
  } catch (const std::exception& error) {
    mexport::app::complain(error.what());
    return mexport::app::kFailure;
  }
}
