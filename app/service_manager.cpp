// SPDX-License-Identifier: MIT
#include "app/service_manager.hpp"

#include "base/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace mexport::app {

namespace {

std::string variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

std::optional<std::chrono::microseconds> watchdog_of_environment() {
  const auto pid = variable("WATCHDOG_PID");
  if (!pid.empty() && number(pid) != static_cast<std::uint64_t>(::getpid())) return std::nullopt;
  const auto interval = number(variable("WATCHDOG_USEC"));
  if (!interval || *interval == 0) return std::nullopt;
  return std::chrono::microseconds(*interval);
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  return ServiceManager(variable("NOTIFY_SOCKET"), watchdog_of_environment());
}

base::Status ServiceManager::tell(std::string_view lines) const {
  if (!listens()) return {};
  sockaddr_un address{};
  if (socket_.size() >= sizeof address.sun_path) {
    return base::fail(std::make_error_code(std::errc::filename_too_long));
  }
  address.sun_family = AF_UNIX;
  std::ranges::copy(socket_, address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const base::FileDescriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0 || ::sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address), size) < 0) {
    return base::fail({errno, std::system_category()});
  }
  return {};
}

}  // namespace mexport::app
