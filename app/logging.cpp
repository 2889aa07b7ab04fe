// SPDX-License-Identifier: MIT
// The only file that includes spdlog.
#include "app/logging.hpp"

#include "app/log_file.hpp"
#include "app/printable.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace mexport::app {

namespace {

constexpr std::size_t kMaxWaitingLines = 8192;
constexpr const char* kPattern = "%Y-%m-%dT%H:%M:%S.%eZ %* %-8n %v";

/// Our names of the levels, all of one width.
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    fmt::format_to(std::back_inserter(out), "{:<5}",
                   to_string(static_cast<base::LogLevel>(message.level)));
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }
};

spdlog::level::level_enum spdlog_level(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::trace:
      return spdlog::level::trace;
    case base::LogLevel::debug:
      return spdlog::level::debug;
    case base::LogLevel::info:
      return spdlog::level::info;
    case base::LogLevel::warn:
      return spdlog::level::warn;
    case base::LogLevel::error:
      return spdlog::level::err;
    case base::LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

std::unique_ptr<spdlog::formatter> make_formatter() {
  auto formatter =
      std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  formatter->add_flag<LevelFlag>('*').set_pattern(kPattern);
  return formatter;
}

/// Hands formatted lines on. Only the pool's one thread comes here.
class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  using Write = std::function<void(std::string_view line)>;
  using Flush = std::function<void()>;

  LineSink(Write write, Flush flush) : write_(std::move(write)), flush_by_(std::move(flush)) {
    set_formatter_(make_formatter());
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    write_({line.data(), line.size()});
  }
  void flush_() override { flush_by_(); }

  Write write_;
  Flush flush_by_;
};

}  // namespace

class Logging::Impl {
 public:
  explicit Impl(std::optional<LogFile> file, bool status_line)
      : file_(std::move(file)),
        terminal_(status_line),
        has_status_line_(status_line),
        sink_(std::make_shared<LineSink>([this](std::string_view line) { write(line); },
                                         [this] { terminal_.draw(); })),
        pool_(std::make_shared<spdlog::details::thread_pool>(kMaxWaitingLines, 1)) {}

  void log(base::LogLevel level, std::string_view component, std::string_view message) {
    logger(component)->log(spdlog_level(level), printable(message));
  }

  void reopen() {
    if (!file_) return;
    if (const auto error = file_->reopen()) {
      log(base::LogLevel::error, "log", "cannot reopen the log file: " + error->message());
    }
  }

  bool has_status_line() const { return has_status_line_; }

  void show_status(std::string line) {
    terminal_.set_status(std::move(line));
    logger("status")->flush();  // the thread draws it
  }

 private:
  void write(std::string_view line) {
    if (file_) {
      file_->write(line);
    } else {
      terminal_.write(line);
    }
  }

  std::shared_ptr<spdlog::async_logger> logger(std::string_view component) {
    const std::lock_guard lock(mutex_);
    const auto found = loggers_.find(component);
    if (found != loggers_.end()) return found->second;
    auto made = std::make_shared<spdlog::async_logger>(
        std::string(component), sink_, pool_, spdlog::async_overflow_policy::overrun_oldest);
    made->set_level(spdlog::level::trace);  // what is wanted was decided before
    return loggers_.emplace(component, std::move(made)).first->second;
  }

  std::optional<LogFile> file_;
  Terminal terminal_;
  bool has_status_line_;
  std::shared_ptr<LineSink> sink_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<spdlog::async_logger>, std::less<>> loggers_;
  /// Last, so that its thread, which uses all of the above, ends before they go.
  std::shared_ptr<spdlog::details::thread_pool> pool_;
};

std::expected<std::unique_ptr<Logging>, std::string> Logging::create(const Options& options) {
  std::optional<LogFile> file;
  if (options.file) {
    auto opened = LogFile::open(*options.file);
    if (!opened) {
      return std::unexpected(
          fmt::format("cannot open the log file {}: {}", *options.file, opened.error().message()));
    }
    file = std::move(*opened);
  }
  std::unique_ptr<Logging> logging;
  try {
    logging.reset(new Logging(std::make_shared<Impl>(std::move(file), options.status_line)));
  } catch (const std::exception& error) {
    return std::unexpected(fmt::format("cannot start the log's thread: {}", error.what()));
  }
  apply(options.levels, *logging->target_);
  return logging;
}

Logging::Logging(std::shared_ptr<Impl> impl)
    : impl_(std::move(impl)),
      target_(std::make_shared<base::LogTarget>(
          [impl = impl_](base::LogLevel level, std::string_view component,
                         std::string_view message) { impl->log(level, component, message); })) {}

Logging::~Logging() {
  if (has_status_line()) show_status("");
}

base::Logger Logging::logger(std::string component) const {
  return {target_, std::move(component)};
}

void Logging::set_level(std::string_view component, base::LogLevel level) {
  if (component.empty()) {
    target_->set_level(level);
  } else {
    target_->set_level(component, level);
  }
}

void Logging::reopen() {
  impl_->reopen();
}

bool Logging::has_status_line() const {
  return impl_->has_status_line();
}

void Logging::show_status(std::string line) {
  impl_->show_status(std::move(line));
}

}  // namespace mexport::app
