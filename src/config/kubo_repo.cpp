// SPDX-License-Identifier: MIT
#include "config/kubo_repo.hpp"

#include "base/file_descriptor.hpp"
#include "config/files.hpp"
#include "config/json_document.hpp"
#include "config/parse_config.hpp"

#include <boost/json/value.hpp>

#include <cerrno>
#include <fcntl.h>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

namespace mexport::config {
namespace {

namespace json = boost::json;

using multiformats::Protocol;

std::unexpected<SetupError> refuse(std::string message) {
  return std::unexpected(SetupError{std::move(message)});
}

/// Kubo's daemon holds an fcntl lock on that file (go4.org/lock); what is left of one that has
/// ended does not count. Asked as an open file description, so that locks of our own count too.
Setup<bool> is_locked(const std::filesystem::path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return false;
  struct flock query{};
  query.l_type = F_WRLCK;
  query.l_whence = SEEK_SET;
  if (!fd || ::fcntl(fd.get(), F_OFD_GETLK, &query) != 0) {
    const std::error_code error(errno, std::generic_category());
    return refuse("cannot tell whether " + path.string() + " is locked: " + error.message());
  }
  return query.l_type != F_UNLCK;
}

/// Copies the value below these keys to the same place; a wrong type on the way as it is, so that
/// it is reported.
void take(const json::object& from, std::span<const std::string_view> keys, json::object& to) {
  const std::string_view key = keys.front();
  const json::value* value = from.if_contains(key);
  if (value == nullptr || value->is_null()) return;
  if (keys.size() == 1 || !value->is_object()) {
    to[key] = *value;
    return;
  }
  json::value& next = to[key];
  if (!next.is_object()) next.emplace_object();
  take(value->get_object(), keys.subspan(1), next.get_object());
}

void take(const json::object& from, std::initializer_list<std::string_view> keys,
          json::object& to) {
  take(from, std::span(keys.begin(), keys.size()), to);
}

json::object take_over(const json::object& kubo) {
  json::object taken;
  take(kubo, {"Identity"}, taken);
  for (const std::string_view key : {"Swarm", "Announce", "AppendAnnounce", "NoAnnounce"}) {
    take(kubo, {"Addresses", key}, taken);
  }
  take(kubo, {"Swarm", "AddrFilters"}, taken);
  take(kubo, {"Bootstrap"}, taken);
  take(kubo, {"Peering"}, taken);
  take(kubo, {"Plugins", "Plugins", "metric-export-plugin", "Config"}, taken);
  return taken;
}

void tell_of_quic(const Config& config, std::vector<Notice>& notices) {
  for (const auto& address : config.addresses.swarm) {
    if (!address.has(Protocol::quic_v1) && !address.has(Protocol::quic)) continue;
    notices.push_back({base::LogLevel::warn, "Addresses.Swarm",
                       "this identity was announced with QUIC addresses, which this version does "
                       "not listen on: remotes will try them for some hours"});
    return;
  }
}

}  // namespace

Setup<KuboDocument> read_kubo_repo(const std::filesystem::path& repo) {
  const auto config_path = repo / "config";
  const auto locked = is_locked(repo / "repo.lock");
  if (!locked) return std::unexpected(locked.error());
  if (*locked) return refuse(repo.string() + " is locked by a running daemon: stop that first");
  const auto read = read_document(config_path);
  if (!read) return std::unexpected(read.error());
  const std::optional<std::string>& text = *read;
  if (!text) return refuse(repo.string() + " is no kubo repository: it has no config");

  Report report;
  const auto kubo = parse_json_document(*text, report, config_path.string());
  if (!kubo) return refuse(to_string(report.errors.front()));
  KuboDocument document{.json = format_json(take_over(*kubo)), .notices = {}};
  const auto parsed = parse_config(document.json);
  if (!parsed.report.good()) {
    return refuse(config_path.string() + ": " + to_string(parsed.report.errors.front()));
  }
  if (!parsed.config.identity) return refuse(config_path.string() + " has no Identity");
  document.notices = parsed.report.notices;
  tell_of_quic(parsed.config, document.notices);
  return document;
}

}  // namespace mexport::config
