// SPDX-License-Identifier: MIT
#include "config/prepare.hpp"

#include "config/api_token.hpp"
#include "config/files.hpp"
#include "config/identity.hpp"
#include "config/kubo_repo.hpp"
#include "config/parse_config.hpp"
#include "config/privacy_key.hpp"
#include "config/render_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace mexport::config {
namespace {

std::unexpected<Failures> failed(const SetupError& error) {
  return std::unexpected(Failures{error.message});
}

std::unexpected<Failures> failed(const Report& report) {
  Failures lines;
  for (const auto& error : report.errors) lines.push_back(to_string(error));
  return std::unexpected(std::move(lines));
}

std::filesystem::path source_path(const Sources& sources) {
  return sources.file.value_or(sources.data_dir / "config");
}

std::string document_of(std::string_view section) {
  return fmt::format(R"({{"Plugins":{{"Plugins":{{"metric-export-plugin":{{"Config":{}}}}}}}}})",
                     section.empty() ? "null" : section);
}

/// A file that was named must be there; the data directory's need not.
Setup<std::string> read_source(const Sources& sources) {
  if (sources.section) return document_of(*sources.section);
  const auto path = source_path(sources);
  auto text = read_document(path);
  if (!text) return std::unexpected(text.error());
  if (!*text && sources.file) return std::unexpected(SetupError{"no such file: " + path.string()});
  return text->value_or("{}");
}

}  // namespace

std::expected<EffectiveConfig, Failures> load_config(const Sources& sources) {
  const auto text = read_source(sources);
  if (!text) return failed(text.error());
  const auto file =
      sources.section ? std::string("the plugin's section") : source_path(sources).string();
  auto [config, report] = parse_config(*text, file);
  for (auto& error : report.errors) {
    if (error.path != file && !sources.section) error.file = file;
  }
  apply_overrides(sources.overrides, config, report);
  complete(config, sources.host_name, sources.data_dir, report);
  if (!report.good()) return failed(report);
  return EffectiveConfig{std::move(config), std::move(report.notices)};
}

std::expected<Prepared, Failures> prepare(const Sources& sources) {
  auto loaded = load_config(sources);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  auto dir = DataDir::open(sources.data_dir);
  if (!dir) return failed(dir.error());
  if (!sources.section && !loaded->config.identity) {
    auto identity = ensure_identity(*dir);
    if (!identity) return failed(identity.error());
    loaded->config.identity = std::move(*identity);
  }
  Report report;
  std::optional<monitor::PeerKey> peer_key;
  if (loaded->config.monitor.privacy.keyed_peers) {
    auto key = ensure_privacy_key(loaded->config.monitor.privacy.key_file, report);
    if (!key) return failed(key.error());
    peer_key = *key;
  }
  std::string api_token;
  if (!loaded->config.monitor.http_listen_addresses.empty()) {
    auto token = api_token_of(loaded->config.monitor.api, report);
    if (!token) return failed(token.error());
    api_token = std::move(*token);
  }
  std::ranges::move(report.notices, std::back_inserter(loaded->notices));
  return Prepared{std::move(*dir), std::move(loaded->config), std::move(loaded->notices), peer_key,
                  std::move(api_token)};
}

std::expected<Initialised, Failures> initialise(
    const std::filesystem::path& data_dir, const std::optional<std::filesystem::path>& kubo_repo) {
  KuboDocument document;
  if (kubo_repo) {
    auto taken = read_kubo_repo(*kubo_repo);
    if (!taken) return failed(taken.error());
    document = std::move(*taken);
  } else {
    const auto identity = make_identity();
    if (!identity) return failed(identity.error());
    document.json = render_initial_config(*identity);
  }
  const auto dir = DataDir::open(data_dir);
  if (!dir) return failed(dir.error());
  const auto present = dir->read_config();
  if (!present) return failed(present.error());
  if (*present) return failed(SetupError{dir->config_path().string() + " exists already"});
  const auto written = dir->write_config(document.json);
  if (!written) return failed(written.error());
  return Initialised{parse_config(document.json).config, std::move(document.notices)};
}

}  // namespace mexport::config
