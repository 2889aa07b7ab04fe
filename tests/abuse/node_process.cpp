// SPDX-License-Identifier: MIT
#include "tests/abuse/node_process.hpp"

#include "multiformats/multiaddr.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace mexport::abuse {
namespace {

constexpr std::string_view kMonitor = "abuse";

std::string program() {
  const char* named = std::getenv("MEXPORT");
  if (named == nullptr) throw std::runtime_error("the environment has no MEXPORT");
  return named;
}

std::filesystem::path make_directory() {
  std::string pattern = std::filesystem::temp_directory_path() / "mexport-abuse-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory to work in");
  return pattern;
}

/// Output goes to `output`, the log to a file.
pid_t spawn(const std::vector<std::string>& command, const std::string& log, int output) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + command.front());
  return pid;
}

struct CommandResult {
  int status = 0;
  std::string output;
};

CommandResult run_command(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  CommandResult result;
  std::array<char, 65536> buffer;
  while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    result.output.append(buffer.data(), got);
  }
  result.status = ::pclose(pipe);
  return result;
}

}  // namespace

NodeProcess::NodeProcess(const NodeSetup& setup) : root_(make_directory()), program_(program()) {
  std::ofstream(root_ / "config.json") << setup.config;
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<std::string> command{
      program_,       "run",         "--config",       root_ / "config.json", "--data-dir",
      root_ / "data", "--trace-dir", root_ / "traces", "--monitor-name",      std::string(kMonitor),
      "--listen",     setup.listen,  "--no-api"};
  const auto self = make_identity();
  for (auto option : setup.options) {
    if (const auto at = option.find(kSelf); at != std::string::npos) {
      option.replace(at, kSelf.size(), self);
    }
    command.push_back(std::move(option));
  }
  pid_ = spawn(command, root_ / "log", pipe[1]);
  ::close(pipe[1]);
  output_ = pipe[0];
  wait_ready();
}

NodeProcess::~NodeProcess() {
  if (running()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string NodeProcess::make_identity() const {
  const std::string directory = root_ / "data";
  run_command(fmt::format("{} init --data-dir {}", program_, directory));
  auto id = run_command(fmt::format("{} id --data-dir {}", program_, directory)).output;
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

void NodeProcess::wait_ready() {
  std::string line;
  for (char c = 0; ::read(output_, &c, 1) == 1;) {
    if (c != '\n') {
      line += c;
      continue;
    }
    if (line == "ready") return;
    take_address(std::exchange(line, {}));
  }
  throw std::runtime_error("the node does not start: " + log());
}

void NodeProcess::take_address(std::string_view line) {
  constexpr std::string_view kPrefix = "listening on ";
  if (!line.starts_with(kPrefix)) return;
  const auto address = multiformats::Multiaddr::from_string(line.substr(kPrefix.size()));
  if (!address || !address->peer_id() || !address->tcp_address()) return;
  address_ = {.id = *address->peer_id(), .addresses = {address->without_p2p()}};
  port_ = address->tcp_address()->port;
}

std::size_t NodeProcess::status(std::string_view field) const {
  std::ifstream file(fmt::format("/proc/{}/status", pid_));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field)) return std::stoull(line.substr(field.size())) * 1024;
  }
  throw std::runtime_error("the node is gone: " + log());
}

void NodeProcess::reset_peak() const {
  std::ofstream(fmt::format("/proc/{}/clear_refs", pid_)) << 5;
}

bool NodeProcess::running() const {
  siginfo_t info{};
  if (pid_ < 0 || ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT)) {
    return false;
  }
  return info.si_pid == 0;
}

int NodeProcess::stop() {
  if (pid_ < 0) return -1;
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string NodeProcess::log() const {
  std::ostringstream text;
  text << std::ifstream(root_ / "log").rdbuf();
  return text.str();
}

std::map<std::string, std::uint64_t> NodeProcess::counters() const {
  constexpr std::string_view kPrefix = "counted: ";
  const std::string all = log();
  const auto at = all.rfind(kPrefix);
  if (at == std::string::npos) throw std::runtime_error("no counters in the log: " + all);
  std::istringstream text(all.substr(at + kPrefix.size()));
  std::map<std::string, std::uint64_t> counters;
  for (std::string item; std::getline(text >> std::ws, item, ',');) {
    std::istringstream pair(item);
    std::string name;
    pair >> name >> counters[name];
  }
  return counters;
}

std::string NodeProcess::verify_trace() const {
  const auto done =
      run_command(fmt::format("{} trace verify {}", program_, trace_directory().string()));
  return done.status == 0 ? "" : done.output;
}

std::vector<std::string> NodeProcess::events(std::string_view kind) const {
  const auto done = run_command(
      fmt::format("{} trace cat --kind {} {}", program_, kind, trace_directory().string()));
  if (done.status != 0) throw std::runtime_error("trace cat: " + done.output);
  std::vector<std::string> lines;
  std::istringstream text(done.output);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace mexport::abuse
