// SPDX-License-Identifier: MIT
#include "config/parse_export.hpp"

#include "config/quantity.hpp"
#include "export/amqp/address.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

using exporter::amqp::Fields;

constexpr std::string_view kHoldRule = R"(a duration like "10m" (units s, m, h, d, w; 0s to 7d))";
constexpr std::chrono::seconds kMaxHold = std::chrono::days(7);
constexpr std::string_view kSizeRule = R"(a size like "1GiB", at least 1MiB)";
constexpr std::string_view kAddressRule = "an address like amqp://user:password@host:5672/vhost";

/// False when it is none; that is reported without the text, which may hold a password.
bool check_address(std::string_view text, const std::string& path, Report& report) {
  const auto parsed = exporter::amqp::parse_addresses(text);
  if (parsed) return true;
  report.error(path, "a text of which " + std::string(to_string(parsed.error())),
               std::string(kAddressRule));
  return false;
}

void read_server_address(Section& section, Monitor& monitor, Report& report) {
  auto server = section.secret("AMQPServerAddress");
  if (!server) return;
  if (!check_address(*server, section.path_of("AMQPServerAddress"), report)) return;
  monitor.amqp_server_address = std::move(*server);
}

void read_servers(Section& section, Amqp& amqp, Report& report) {
  section.each("Servers", [&](const boost::json::value& value, const std::string& path) {
    if (!value.is_string()) {
      report.error(path, "something else", std::string(kAddressRule));
      return;
    }
    const std::string_view text = value.get_string();
    if (check_address(text, path, report)) amqp.servers.emplace_back(text);
  });
}

void read_fields(Section& section, Amqp& amqp, Report& report) {
  const auto word = section.text("Fields");
  if (!word) return;
  amqp.fields = *word == "extended" ? Fields::extended : Fields::reference;
  if (amqp.fields == Fields::reference && *word != "reference") {
    report.error(section.path_of("Fields"), quote(*word), R"("reference" or "extended")");
  }
}

void read_hold(Section& section, std::string_view key, std::chrono::seconds& out, Report& report) {
  const auto text = section.text(key, kHoldRule);
  if (!text) return;
  const auto duration = parse_duration(*text);
  if (!duration || *duration > kMaxHold) {
    report.error(section.path_of(key), quote(*text), std::string(kHoldRule));
    return;
  }
  out = *duration;
}

void read_size(Section& section, std::string_view key, std::uint64_t& out, Report& report) {
  const auto text = section.text(key, kSizeRule);
  if (!text) return;
  const auto bytes = parse_size(*text);
  if (bytes && *bytes >= kMinSpoolBytes) {
    out = *bytes;
  } else {
    report.error(section.path_of(key), quote(*text), std::string(kSizeRule));
  }
}

void read_tls(Section section, Amqp& amqp, Report& report) {
  if (auto file = section.text("CAFile")) amqp.ca_file = std::move(*file);
  if (auto file = section.text("CertificateFile")) amqp.certificate_file = std::move(*file);
  if (auto file = section.text("KeyFile")) amqp.key_file = std::move(*file);
  if (const auto verify = section.boolean("VerifyHost")) amqp.verify_host = *verify;
  if (amqp.certificate_file.empty() != amqp.key_file.empty()) {
    report.error(section.path_of("KeyFile"), "one of CertificateFile and KeyFile", "both or none");
  }
  section.refuse_unknown();
}

/// All together are one list of brokers.
void check_count(const Section& section, const Monitor& monitor, Report& report) {
  using exporter::amqp::kMaxBrokers;
  const auto count =
      count_brokers({monitor.amqp_server_address}) + count_brokers(monitor.amqp.servers);
  if (count <= kMaxBrokers) return;
  report.error(section.path_of("AMQP.Servers"), std::to_string(count) + " brokers",
               "at most " + std::to_string(kMaxBrokers));
}

}  // namespace

void read_amqp(Section& section, Amqp& amqp, Report& report) {
  read_servers(section, amqp, report);
  read_fields(section, amqp, report);
  if (const auto persistent = section.boolean("Persistent")) amqp.persistent = *persistent;
  if (const auto sent = section.boolean("Sent")) amqp.sent = *sent;
  if (const auto seconds = section.integer("Heartbeat", 1, kMaxHeartbeat)) {
    amqp.heartbeat = std::chrono::seconds(*seconds);
  }
  if (const auto window = section.integer("Window", 1, kMaxWindow)) {
    amqp.window = static_cast<std::size_t>(*window);
  }
  read_hold(section, "HoldLive", amqp.hold_live, report);
  read_hold(section, "HoldAfterOutage", amqp.hold_outage, report);
  read_size(section, "HoldMaxBytes", amqp.hold_bytes, report);
  read_tls(section.child("TLS"), amqp, report);
}

void read_spool(Section section, Spool& spool, Report& report) {
  if (const auto enabled = section.boolean("Enabled")) spool.enabled = *enabled;
  if (auto directory = section.text("Directory")) spool.directory = std::move(*directory);
  read_size(section, "MaxBytes", spool.max_bytes, report);
  if (const auto rate = section.integer("ReplayRate", 1, kMaxReplayRate)) {
    spool.replay_rate = static_cast<std::uint32_t>(*rate);
  }
  section.refuse_unknown();
}

std::size_t count_brokers(const std::vector<std::string>& servers) {
  std::size_t count = 0;
  for (const auto& text : servers) {
    if (const auto parsed = exporter::amqp::parse_addresses(text)) count += parsed->size();
  }
  return count;
}

void read_export(Section& section, Monitor& monitor, Report& report) {
  read_server_address(section, monitor, report);
  auto amqp = section.child("AMQP");
  read_amqp(amqp, monitor.amqp, report);
  amqp.refuse_unknown();
  read_spool(section.child("Spool"), monitor.spool, report);
  check_count(section, monitor, report);
}

}  // namespace mexport::config
