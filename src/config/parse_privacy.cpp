// SPDX-License-Identifier: MIT
#include "config/parse_privacy.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

using monitor::AddressDetail;
using multiformats::IpRange;
using multiformats::PeerId;

void read_addresses(Section& section, Privacy& privacy, Report& report) {
  const auto word = section.text("Addresses");
  if (!word) return;
  constexpr std::array kDetails{AddressDetail::full, AddressDetail::prefix, AddressDetail::none};
  const auto* const found = std::ranges::find(
      kDetails, *word, [](AddressDetail detail) { return monitor::to_string(detail); });
  if (found == kDetails.end()) {
    report.error(section.path_of("Addresses"), quote(*word), R"("full", "prefix" or "none")");
  } else {
    privacy.addresses = *found;
  }
}

void read_peers(Section& section, Privacy& privacy, Report& report) {
  const auto word = section.text("Peers");
  if (!word) return;
  privacy.keyed_peers = *word == "keyed";
  if (!privacy.keyed_peers && *word != "full") {
    report.error(section.path_of("Peers"), quote(*word), R"("full" or "keyed")");
  }
}

void read_exclude(Section section, Privacy& privacy, Report& report) {
  section.each_text("Peers", [&](std::string_view text, const std::string& path) {
    if (const auto id = PeerId::from_string(text)) {
      privacy.excluded_peers.push_back(*id);
    } else {
      report.error(path, quote(text), "a peer id");
    }
  });
  section.each_text("Subnets", [&](std::string_view text, const std::string& path) {
    auto range = IpRange::from_cidr(text);
    if (!range) range = IpRange::from_string(text);
    if (range) {
      privacy.excluded_subnets.push_back(*range);
    } else {
      report.error(path, quote(text), "a subnet like 203.0.113.0/24 or /ip4/203.0.113.0/ipcidr/24");
    }
  });
  section.refuse_unknown();
}

/// Printable ASCII, and no parentheses, since it stands in a pair of them.
bool is_contact(std::string_view text) {
  return text.size() <= kMaxContactSize && std::ranges::all_of(text, [](char c) {
           return c > ' ' && c <= '~' && c != '(' && c != ')';
         });
}

void read_contact(Section& section, Monitor& monitor, Report& report) {
  auto contact = section.text("Contact").value_or("");
  if (is_contact(contact)) {
    monitor.contact = std::move(contact);
    return;
  }
  report.error(section.path_of("Contact"), quote(contact),
               "a URL or mail address of at most " + std::to_string(kMaxContactSize) +
                   " printable ASCII characters without spaces and parentheses");
}

}  // namespace

void read_privacy(Section& section, Monitor& monitor, Report& report) {
  Section privacy = section.child("Privacy");
  read_addresses(privacy, monitor.privacy, report);
  read_peers(privacy, monitor.privacy, report);
  if (auto file = privacy.text("KeyFile")) monitor.privacy.key_file = std::move(*file);
  privacy.refuse_unknown();
  read_exclude(section.child("Exclude"), monitor.privacy, report);
  read_contact(section, monitor, report);
}

}  // namespace mexport::config
