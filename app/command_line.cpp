// SPDX-License-Identifier: MIT
// The only file that includes CLI11, which takes seconds to compile.
#include "app/command_line.hpp"

#include "app/argument_values.hpp"
#include "app/exit_code.hpp"
#include "app/help_texts.hpp"

#include "service/version.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mexport::app {

namespace {

constexpr double kNanosecondsPerSecond = 1e9;

/// What a text stands for, or the option's complaint.
template <class T>
T checked(const char* option, std::expected<T, std::string> value) {
  if (!value) throw CLI::ValidationError(option, value.error());
  return std::move(*value);
}

/// An option that takes one value each time it is given.
CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& values,
                      const char* help) {
  return app.add_option(name, values, help)->allow_extra_args(false);
}

void add_data_dir(CLI::App& app, std::optional<std::string>& data_dir) {
  app.add_option("--data-dir", data_dir, "Data directory [$MEXPORT_PATH, else ~/.mexport]")
      ->type_name("DIR");
}

void add_sources(CLI::App& app, ConfigOptions& options) {
  app.add_option("--config", options.config_file, "Configuration [<data-dir>/config]")
      ->type_name("FILE");
  add_data_dir(app, options.data_dir);
}

void add_overrides(CLI::App& app, ConfigOptions& options) {
  add_list(app, "--listen", options.listen, kListenHelp)->type_name("ADDRESS");
  add_list(app, "--peer", options.peers, kPeerHelp)->type_name("ADDRESS");
  app.add_option("--trace-dir", options.trace_dir, "Traces go below this [<data-dir>/traces]")
      ->type_name("DIR");
  app.add_option("--monitor-name", options.monitor_name, "Name of this monitor [the host's]")
      ->type_name("NAME");
  auto* api = add_list(app, "--api", options.api, kApiHelp)->type_name("ADDRESS");
  app.add_flag("--no-api", options.no_api, "Serve no HTTP API")->excludes(api);
  app.add_flag("--no-limits", options.no_limits, kNoLimitsHelp);
}

/// The program's commands, and the options that their arguments fill in.
class Grammar {
 public:
  Grammar() {
    app_.set_version_flag("--version", fmt::format("mexport {}\n", service::version()),
                          "Print the version");
    app_.require_subcommand(0, 1);
    app_.footer(kProgramFooter);
    add_run();
    add_init();
    add_id();
    add_config();
    add_trace();
    add_compare();
    add_block();
    add_probe();
    add_health();
    add_version();
    add_completion();
  }

  std::expected<Command, EarlyExit> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return std::unexpected(EarlyExit{kSuccess, app_.help()});
    } catch (const CLI::CallForVersion& version) {
      return std::unexpected(EarlyExit{kSuccess, version.what()});
    } catch (const CLI::ParseError& error) {
      return std::unexpected(EarlyExit{kUsage, complaint(error)});
    }
    if (!command_) return std::unexpected(EarlyExit{kSuccess, app_.help()});
    if (auto* completion = std::get_if<CompletionOptions>(&*command_))
      completion->tree = tree_of(app_);
    return std::move(*command_);
  }

 private:
  template <class Options>
  CLI::App& add(CLI::App& parent, const char* name, const char* help, const Options& options) {
    auto* app = parent.add_subcommand(name, help);
    app->callback([this, &options] { command_ = options; });
    return *app;
  }

  CLI::App& add_group(const char* name, const char* help) {
    auto* group = app_.add_subcommand(name, help);
    group->require_subcommand(1);
    return *group;
  }

  void add_run() {
    auto& app = add(app_, "run", "Run the node and record what it hears", run_);
    add_sources(app, run_.config);
    add_overrides(app, run_.config);
    app.add_option_function<std::string>(
           "--log-level",
           [this](const std::string& text) {
             run_.log_levels = checked("--log-level", parse_log_levels(text));
           },
           kLogLevelHelp)
        ->type_name("LEVELS");
    app.add_option("--log-file", run_.log_file, "Append the log to this file, not to stderr")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--demo",
           [this](const std::string& text) {
             run_.demo_peers = checked("--demo", demo_peers(text));
           },
           kDemoHelp)
        ->expected(0, 1)
        ->type_name("[N]");
    app.footer(kRunFooter);
  }

  void add_init() {
    auto& app = add(app_, "init", "Make the data directory with a new identity", init_);
    add_data_dir(app, init_.data_dir);
    app.add_option("--from-kubo", init_.kubo_repo,
                   "Take over a kubo repo's identity, addresses, bootstrap and plugin section")
        ->type_name("DIR");
    app.footer("Examples:\n  mexport init\n  mexport init --from-kubo ~/.ipfs");
  }

  void add_id() {
    auto& app = add(app_, "id", "Print the peer id", id_);
    add_sources(app, id_.config);
    app.footer("Example:\n  mexport id");
  }

  void add_config() {
    auto& group = add_group("config", "Show or check the configuration");
    auto& show = add(group, "show", "Print the effective configuration, secrets hidden", show_);
    add_sources(show, show_.config);
    add_overrides(show, show_.config);
    show.footer("Example:\n  mexport config show --listen /ip4/0.0.0.0/tcp/4001");

    auto& check = add(group, "check", "Say what is wrong with a configuration", check_);
    check.add_option("config", check_.config.config_file, "Configuration [<data-dir>/config]")
        ->type_name("FILE");
    add_data_dir(check, check_.config.data_dir);
    check.footer("Example:\n  mexport config check ./config");
    group.footer("Examples:\n  mexport config show\n  mexport config check ./config");
  }

  void add_trace() {
    auto& group = add_group("trace", "Read traces");
    add_trace_cat(group);
    add_trace_stat(group);
    add_trace_verify(group);
    group.footer(
        "Examples:\n"
        "  mexport trace cat --follow ~/.mexport/traces\n"
        "  mexport trace stat ~/.mexport/traces\n"
        "  mexport trace verify ~/.mexport/traces");
  }

  void add_trace_cat(CLI::App& group) {
    auto& app = add(group, "cat", "Print events, one JSON object a line", cat_);
    add_paths(app, cat_.paths);
    app.add_flag("-f,--follow", cat_.follow, "Go on with what is being written");
    add_list(app, "--kind", cat_.kinds, "Only events of this kind")
        ->delimiter(',')
        ->type_name("KIND")
        ->check(CLI::IsMember(event_kinds()));
    add_peers(app, cat_.peers, "Only events of this peer");
    app.footer(
        "Examples:\n"
        "  mexport trace cat ~/.mexport/traces/mon1\n"
        "  mexport trace cat --follow --kind bitswap_message ~/.mexport/traces/mon1");
  }

  void add_trace_stat(CLI::App& group) {
    auto& app = add(group, "stat", "Count events, peers, CIDs, agents", stat_);
    add_paths(app, stat_.paths);
    app.add_flag("--json", stat_.json, "Print one JSON object");
    app.footer("Example:\n  mexport trace stat ~/.mexport/traces/mon1");
  }

  void add_trace_verify(CLI::App& group) {
    auto& app = add(group, "verify", "Look for gaps, disorder and damage", verify_);
    add_paths(app, verify_.paths);
    app.footer(
        "Ends with 1 when something is wrong.\n"
        "Example:\n"
        "  mexport trace verify ~/.mexport/traces/mon1");
  }

  void add_compare() {
    auto& app =
        add(app_, "compare", "Say how much of two records of the same time is the same", compare_);
    app.add_option("record", compare_.records, "Two records: files, or directories of such")
        ->required()
        ->expected(2)
        ->type_name("FILE|DIR");
    app.add_option_function<double>(
           "--window",
           [this](double seconds) {
             compare_.how.window = static_cast<std::int64_t>(seconds * kNanosecondsPerSecond);
           },
           kWindowHelp)
        ->type_name("SECONDS")
        ->check(CLI::Range(0.001, 3600.0));
    add_time(app, "--from", compare_.how.from, "Leave out what is earlier");
    add_time(app, "--to", compare_.how.to, "Leave out this time and what is later");
    app.add_option("--list", compare_.how.examples,
                   "Show so many events that only one has, of each")
        ->type_name("N")
        ->check(CLI::Range(0, 100'000));
    app.add_option("--agents", compare_.how.agents, "Tell so many agent versions apart [20]")
        ->type_name("N")
        ->check(CLI::Range(0, 100'000));
    add_format(app, compare_.format, "Print one JSON object");
    app.footer(kCompareFooter);
  }

  static void add_time(CLI::App& app, const char* name, std::optional<std::int64_t>& time,
                       const char* help) {
    app.add_option_function<std::string>(
           name, [&time, name](const std::string& text) { time = checked(name, time_of(text)); },
           help)
        ->type_name("TIME");
  }

  void add_block() {
    auto& group = add_group("block", "Keep blocks that peers may have");
    add_block_put(group);
    auto& get = add(group, "get", "Print a block's bytes", block_get_);
    add_sources(get, block_get_.config);
    get.add_option("cid", block_get_.cid, "Any CID of the block")->required()->type_name("CID");
    get.footer("Example:\n  mexport block get bafkrei… >block");
    auto& remove = add(group, "rm", "Remove blocks", block_remove_);
    add_sources(remove, block_remove_.config);
    remove.add_option("cid", block_remove_.cids, "Any CIDs of the blocks")
        ->required()
        ->type_name("CID");
    remove.footer("Example:\n  mexport block rm bafkrei…");
    auto& list = add(group, "ls", "List the blocks by their raw CIDs", block_list_);
    add_sources(list, block_list_.config);
    list.add_flag("--size", block_list_.sizes, "Print each one's size in bytes behind it");
    list.footer("Example:\n  mexport block ls --size");
    group.footer(
        "A node that runs sees within a second what is put and removed.\n"
        "Examples:\n"
        "  mexport block put photo.jpg\n"
        "  mexport block ls");
  }

  void add_block_put(CLI::App& group) {
    auto& app = add(group, "put", "Put files as blocks, and print their CIDs", block_put_);
    add_sources(app, block_put_.config);
    app.add_option("file", block_put_.files, "Files of at most 2 MiB; - is stdin")
        ->required()
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--cid-codec", [this](const std::string& name) { block_put_.codec = block_codec(name); },
           "What the block is, for the CID that is printed [raw]")
        ->type_name("CODEC")
        ->check(CLI::IsMember(block_codecs()));
    app.footer(
        "Examples:\n"
        "  mexport block put photo.jpg\n"
        "  head -c 100 /dev/urandom | mexport block put -");
  }

  void add_probe() {
    auto& app = add(app_, "probe", "Ask the peers of a running node who has CIDs", probe_);
    app.add_option("cid", probe_.cids, "CIDs; - reads them from stdin, one a line")
        ->type_name("CID");
    app.add_option("--file", probe_.file, "Read CIDs from this file, one a line")
        ->type_name("FILE");
    app.add_option("--cancel-after", probe_.cancel_after,
                   "Take the question back from each peer after so many seconds [10]")
        ->type_name("SECONDS")
        ->check(CLI::Range(std::uint32_t{1}, std::numeric_limits<std::uint32_t>::max()));
    add_peers(app, probe_.peers, "Ask only this peer");
    app.add_option("--agent", probe_.agent,
                   "Ask only peers whose agent version has this text in it")
        ->type_name("TEXT");
    add_probe_output(app);
    add_api(app, probe_.config);
    app.add_option("--token-file", probe_.token_file, "Has the API's token [as configured]")
        ->type_name("FILE");
    add_sources(app, probe_.config);
    app.footer(kProbeFooter);
  }

  void add_probe_output(CLI::App& app) {
    const auto [csv, json] = add_format(app, probe_.format, "Print the node's JSON lines");
    app.add_flag("-v,--verbose", probe_.verbose, "Show also who lacks it, and who cannot be asked")
        ->excludes(csv)
        ->excludes(json);
  }

  static std::pair<CLI::Option*, CLI::Option*> add_format(CLI::App& app, ReportFormat& format,
                                                          const char* json_help) {
    auto* csv = app.add_flag_callback(
        "--csv", [&format] { format = ReportFormat::csv; }, "Print comma-separated values");
    auto* json =
        app.add_flag_callback("--json", [&format] { format = ReportFormat::json; }, json_help);
    json->excludes(csv);
    return {csv, json};
  }

  void add_health() {
    auto& app = add(app_, "health", "Say whether a node runs and takes requests", health_);
    add_api(app, health_.config);
    add_sources(app, health_.config);
    app.footer(
        "Ends with 0 when it does, with 1 when it does not.\n"
        "Examples:\n"
        "  mexport health\n"
        "  mexport health --api 127.0.0.1:8432");
  }

  static void add_api(CLI::App& app, ConfigOptions& config) {
    add_list(app, "--api", config.api, "Where the node's HTTP API is [as configured]")
        ->type_name("HOST:PORT");
  }

  static void add_peers(CLI::App& app, std::vector<std::string>& peers, const char* help) {
    app.add_option_function<std::vector<std::string>>(
           "--peer",
           [&peers](const std::vector<std::string>& texts) {
             for (const auto& text : texts) peers.push_back(checked("--peer", peer_text(text)));
           },
           help)
        ->allow_extra_args(false)
        ->delimiter(',')
        ->type_name("PEER");
  }

  static void add_paths(CLI::App& app, std::vector<std::string>& paths) {
    app.add_option("traces", paths, "Trace files, and directories of such")
        ->required()
        ->type_name("FILE|DIR");
  }

  void add_version() {
    add(app_, "version", "Print the version", version_).footer("Example:\n  mexport version");
  }

  void add_completion() {
    auto& app = add(app_, "completion", "Print a shell completion script", completion_);
    app.add_option_function<std::string>(
           "shell", [this](const std::string& name) { completion_.shell = shell_named(name); },
           "Shell")
        ->required()
        ->type_name("SHELL")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    app.footer(
        "Examples:\n"
        "  source <(mexport completion bash)\n"
        "  mexport completion fish >~/.config/fish/completions/mexport.fish");
  }

  /// One line that names the command whose help would tell more.
  std::string complaint(const CLI::ParseError& error) const {
    std::string command = "mexport";
    const CLI::App* at = &app_;
    while (!at->get_subcommands().empty()) {
      at = at->get_subcommands().back();
      command += " " + at->get_name();
    }
    return fmt::format("{} (see `{} --help`)", error.what(), command);
  }

  static ArgumentInfo info_of(const CLI::Option& option) {
    ArgumentInfo info;
    info.description = option.get_description();
    for (const auto& name : option.get_lnames()) info.names.push_back("--" + name);
    for (const auto& name : option.get_snames()) info.names.push_back("-" + name);
    if (option.get_items_expected_max() == 0) return info;
    info.value = ValueKind::text;
    const auto type = option.get_type_name();
    if (type == "DIR") info.value = ValueKind::directory;
    if (type.starts_with("FILE")) info.value = ValueKind::file;
    if (const auto open = type.find('{'); open != std::string::npos) {
      info.value = ValueKind::choice;
      info.choices = CLI::detail::split(type.substr(open + 1, type.size() - open - 2), ',');
    }
    return info;
  }

  static CommandTree tree_of(const CLI::App& app) {
    CommandTree tree;
    tree.name = app.get_name();
    tree.description = app.get_description();
    for (const auto* option : app.get_options()) tree.arguments.push_back(info_of(*option));
    for (const auto* child : app.get_subcommands([](const CLI::App*) { return true; })) {
      tree.subcommands.push_back(tree_of(*child));
    }
    return tree;
  }

  CLI::App app_{"Records what an IPFS node hears over Bitswap, and who connects to it.", "mexport"};
  std::optional<Command> command_;
  RunOptions run_;
  InitOptions init_;
  IdOptions id_;
  ConfigShowOptions show_;
  ConfigCheckOptions check_;
  TraceCatOptions cat_;
  TraceStatOptions stat_;
  TraceVerifyOptions verify_;
  CompareOptions compare_;
  BlockPutOptions block_put_;
  BlockGetOptions block_get_;
  BlockRemoveOptions block_remove_;
  BlockListOptions block_list_;
  ProbeOptions probe_;
  HealthOptions health_;
  VersionOptions version_;
  CompletionOptions completion_;
};

}  // namespace

std::expected<Command, EarlyExit> parse_command_line(int argc, const char* const* argv) {
  return Grammar().parse(argc, argv);
}

}  // namespace mexport::app
