// SPDX-License-Identifier: MIT
#include "capi/instance.hpp"
#include "capi/mexport.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <pthread.h>
#include <string>

struct mexport_monitor {
  std::unique_ptr<mexport::capi::Instance> instance;
};

namespace {

using mexport::capi::Instance;

/// Threads inherit the mask of their maker: none of ours handles the program's signals.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

/// Cut to what there is room for, and ended.
void copy_text(const std::string& text, char* out, std::size_t capacity) {
  if (out == nullptr || capacity == 0) return;
  const auto size = std::min(text.size(), capacity - 1);
  std::memcpy(out, text.data(), size);
  out[size] = '\0';
}

std::int64_t copy_whole(const std::string& text, char* out, std::size_t capacity) {
  if (out != nullptr) std::memcpy(out, text.data(), std::min(text.size(), capacity));
  return static_cast<std::int64_t>(text.size());
}

/// No exception crosses the border: out of memory, or an error of a library.
template <class Work>
std::int64_t guarded(mexport_monitor* monitor, Work work) noexcept {
  if (monitor == nullptr) return MEXPORT_STOPPED;
  try {
    return work(*monitor->instance);
  } catch (const std::exception& error) {
    try {
      monitor->instance->log().error("an error inside: {}", error.what());
    } catch (...) {  // there is no memory to tell it
    }
  } catch (...) {
  }
  return MEXPORT_FAILED;
}

mexport_monitor* start(std::string_view json, std::string& error) {
  const NoSignals no_signals;
  const auto options = mexport::capi::parse_start_options(json);
  if (!options) {
    error = options.error();
    return nullptr;
  }
  auto instance = Instance::start(*options);
  if (!instance) {
    error = std::move(instance.error());
    return nullptr;
  }
  return new mexport_monitor{std::move(*instance)};
}

}  // namespace

extern "C" {

uint32_t mexport_abi_version(void) {
  return MEXPORT_ABI_VERSION;
}

mexport_monitor* mexport_start(const char* options, size_t size, char* error, size_t capacity) {
  std::string text;
  mexport_monitor* monitor = nullptr;
  try {
    monitor = start({options, size}, text);
  } catch (const std::exception& thrown) {
    copy_text(thrown.what(), error, capacity);
    return nullptr;
  } catch (...) {
    copy_text("an unknown error", error, capacity);
    return nullptr;
  }
  copy_text(text, error, capacity);
  return monitor;
}

int64_t mexport_submit(mexport_monitor* monitor, const uint8_t* batch, size_t size) {
  return guarded(monitor, [&](Instance& instance) -> std::int64_t {
    if (instance.stopped()) return MEXPORT_STOPPED;
    const auto taken = instance.submit({batch, size});
    return taken ? static_cast<std::int64_t>(*taken) : std::int64_t{MEXPORT_MALFORMED};
  });
}

int64_t mexport_next_command(mexport_monitor* monitor, char* buffer, size_t capacity,
                             int timeout_ms) {
  return guarded(monitor, [&](Instance& instance) -> std::int64_t {
    std::optional<std::chrono::milliseconds> patience;
    if (timeout_ms >= 0) patience = std::chrono::milliseconds(timeout_ms);
    const auto next = instance.commands().next(buffer, capacity, patience);
    if (next.size > 0) return static_cast<std::int64_t>(next.size);
    return next.ended == mexport::capi::CommandQueue::Ended::closed ? MEXPORT_STOPPED : 0;
  });
}

int64_t mexport_metrics(mexport_monitor* monitor, char* buffer, size_t capacity) {
  return guarded(monitor, [&](Instance& instance) {
    return copy_whole(instance.metrics(), buffer, capacity);
  });
}

int64_t mexport_api_urls(mexport_monitor* monitor, char* buffer, size_t capacity) {
  return guarded(monitor, [&](Instance& instance) {
    return copy_whole(instance.api_urls(), buffer, capacity);
  });
}

void mexport_stop(mexport_monitor* monitor, int timeout_ms) {
  guarded(monitor, [&](Instance& instance) -> std::int64_t {
    const NoSignals no_signals;
    instance.stop(std::chrono::milliseconds(std::max(timeout_ms, 0)));
    return 0;
  });
}

void mexport_free(mexport_monitor* monitor) {
  delete monitor;
}

}  // extern "C"
