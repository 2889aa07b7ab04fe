// SPDX-License-Identifier: MIT
#include "config/parse_api.hpp"

#include "api/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mexport::config {
namespace {

void read_addresses(Section section, Monitor& monitor, Report& report) {
  std::vector<api::ListenAddress> addresses;
  const bool given =
      section.each_text("ListenAddresses", [&](std::string_view text, const std::string& path) {
        if (auto address = api::parse_listen_address(text)) {
          addresses.push_back(std::move(*address));
        } else {
          report.error(path, quote(text), std::string(kApiAddressRule));
        }
      });
  section.warn_of_unknown();
  if (!given) return;
  if (addresses.size() > api::kMaxListenAddresses) {
    report.error(section.path_of("ListenAddresses"), fmt::format("{} addresses", addresses.size()),
                 fmt::format("at most {}", api::kMaxListenAddresses));
  }
  monitor.http_listen_addresses = std::move(addresses);
}

void read_token(Section section, Api& api, Report& report) {
  if (auto token = section.secret("Token"); token && !token->empty()) {
    if (!is_api_token(*token)) {
      report.error(section.path_of("Token"), "something else",
                   fmt::format("{} to {} printable ASCII characters without spaces", kMinApiToken,
                               kMaxApiToken));
    }
    api.token = std::move(*token);
  }
  if (auto file = section.text("TokenFile")) api.token_file = std::move(*file);
  section.refuse_unknown();
}

}  // namespace

bool is_api_token(std::string_view text) {
  return text.size() >= kMinApiToken && text.size() <= kMaxApiToken &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

void read_api(Section& section, Monitor& monitor, Report& report) {
  read_addresses(section.child("HTTPServerConfig"), monitor, report);
  read_token(section.child("API"), monitor.api, report);
}

}  // namespace mexport::config
