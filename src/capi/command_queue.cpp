// SPDX-License-Identifier: MIT
#include "capi/command_queue.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mexport::capi {

void CommandQueue::push(std::string command) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(command), false});
  news_.notify_one();
}

void CommandQueue::add_log(base::LogLevel level, std::string_view component,
                           std::string_view text) {
  boost::json::object line;
  line["command"] = "log";
  line["level"] = std::string(base::to_string(level));
  line["component"] = std::string(component);
  line["text"] = std::string(text);
  waiting_.push_back({boost::json::serialize(line), true});
  ++log_lines_;
}

void CommandQueue::log(base::LogLevel level, std::string_view component, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (log_lines_ >= kMaxLogLines) {
    ++lost_lines_;
    return;
  }
  if (const auto lost = std::exchange(lost_lines_, 0); lost > 0) {
    add_log(base::LogLevel::warn, "log", fmt::format("{} lines were lost", lost));
  }
  add_log(level, component, text);
  news_.notify_one();
}

CommandQueue::Next CommandQueue::next(char* buffer, std::size_t capacity,
                                      std::optional<std::chrono::milliseconds> patience) {
  std::unique_lock lock(mutex_);
  const auto there = [&] { return closed_ || !waiting_.empty(); };
  if (patience) {
    news_.wait_for(lock, *patience, there);
  } else {
    news_.wait(lock, there);
  }
  if (waiting_.empty()) return {.ended = closed_ ? Ended::closed : Ended::timeout};
  const auto& first = waiting_.front();
  const auto size = first.json.size();
  if (size > capacity) return {.size = size};
  std::ranges::copy(first.json, buffer);
  if (first.log) --log_lines_;
  waiting_.pop_front();
  return {.size = size};
}

void CommandQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  news_.notify_all();
}

}  // namespace mexport::capi
