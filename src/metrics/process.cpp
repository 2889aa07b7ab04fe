// SPDX-License-Identifier: MIT
#include "metrics/process.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace mexport::metrics {

namespace {

std::string contents(const char* path) {
  const std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The fields of /proc/self/stat from the third on (proc_pid_stat(5)); the second may hold blanks.
std::vector<std::string> stat_fields() {
  const auto text = contents("/proc/self/stat");
  const auto end_of_name = text.rfind(')');
  std::vector<std::string> fields;
  if (end_of_name == std::string::npos) return fields;
  std::istringstream rest(text.substr(end_of_name + 1));
  for (std::string field; rest >> field;) fields.push_back(std::move(field));
  return fields;
}

/// When the machine was started, in seconds since 1970.
std::optional<double> boot_time() {
  std::istringstream lines(contents("/proc/stat"));
  for (std::string word; lines >> word;) {
    if (word != "btime") continue;
    lines >> word;
    return number(word);
  }
  return std::nullopt;
}

void add(Families& families, Type type, const char* name, const char* help, double value) {
  families.push_back({name, type, help, {{{}, value}}});
}

void add_stat(Families& families) {
  // Numbers of the manual page, less the three that stand before.
  constexpr std::size_t kUserTime = 14 - 3;
  constexpr std::size_t kSystemTime = 15 - 3;
  constexpr std::size_t kThreads = 20 - 3;
  constexpr std::size_t kStartTime = 22 - 3;
  constexpr std::size_t kVirtualBytes = 23 - 3;
  constexpr std::size_t kResidentPages = 24 - 3;
  const auto fields = stat_fields();
  if (fields.size() <= kResidentPages) return;
  const auto field = [&](std::size_t index) { return number(fields[index]); };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));

  add(families, Type::counter, "process_cpu_seconds_total", "CPU time used, user and system.",
      (field(kUserTime) + field(kSystemTime)) / ticks);
  add(families, Type::gauge, "process_threads", "Threads of the process.", field(kThreads));
  add(families, Type::gauge, "process_virtual_memory_bytes", "Size of the address space.",
      field(kVirtualBytes));
  add(families, Type::gauge, "process_resident_memory_bytes", "Memory in use (RSS).",
      field(kResidentPages) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  if (const auto boot = boot_time()) {
    add(families, Type::gauge, "process_start_time_seconds", "Start, in seconds since 1970.",
        *boot + field(kStartTime) / ticks);
  }
}

void add_descriptors(Families& families) {
  std::error_code error;
  double open = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++open;
  }
  if (!error && open > 0) {
    // Less the one that reads the folder.
    add(families, Type::gauge, "process_open_fds", "Open file descriptors.", open - 1);
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    add(families, Type::gauge, "process_max_fds", "File descriptors that may be open.",
        static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

void collect_process(Families& families) {
  add_stat(families);
  add_descriptors(families);
}

}  // namespace mexport::metrics
