// SPDX-License-Identifier: MIT
#include "app/argument_values.hpp"

#include "export/trace_line.hpp"
#include "monitor/observation.hpp"
#include "multiformats/peer_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace mexport::app {

namespace {

constexpr std::size_t kDefaultDemoPeers = 50;
constexpr std::size_t kMaxDemoPeers = 1000;

struct BlockCodec {
  std::string_view name;
  multiformats::Multicodec codec;
};
constexpr std::array kBlockCodecs{
    BlockCodec{"raw", multiformats::Multicodec::raw},
    BlockCodec{"dag-pb", multiformats::Multicodec::dag_pb},
    BlockCodec{"dag-cbor", multiformats::Multicodec::dag_cbor},
    BlockCodec{"dag-json", multiformats::Multicodec::dag_json},
};

}  // namespace

std::expected<std::size_t, std::string> demo_peers(const std::string& text) {
  if (text.empty() || text == "true") return kDefaultDemoPeers;  // --demo without a number
  std::size_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || rest != end || count == 0 || count > kMaxDemoPeers) {
    return std::unexpected(fmt::format("{} is no number from 1 to {}", text, kMaxDemoPeers));
  }
  return count;
}

std::expected<std::string, std::string> peer_text(const std::string& text) {
  const auto id = multiformats::PeerId::from_string(text);
  if (!id) return std::unexpected(text + " is no peer id");
  return id->to_string();
}

std::expected<std::int64_t, std::string> time_of(const std::string& text) {
  const auto time = exporter::parse_timestamp(text);
  if (!time) return std::unexpected(text + " is no time like 2026-11-22T20:00:00Z");
  return *time;
}

Shell shell_named(std::string_view name) {
  if (name == "zsh") return Shell::zsh;
  return name == "fish" ? Shell::fish : Shell::bash;
}

std::vector<std::string> event_kinds() {
  std::vector<std::string> kinds;
  for (std::size_t i = 0; i < monitor::kEventKinds; ++i) {
    kinds.emplace_back(to_string(static_cast<monitor::EventKind>(i)));
  }
  return kinds;
}

std::vector<std::string> block_codecs() {
  std::vector<std::string> names;
  for (const auto& [name, codec] : kBlockCodecs) names.emplace_back(name);
  return names;
}

multiformats::Multicodec block_codec(std::string_view name) {
  const auto* const found = std::ranges::find(kBlockCodecs, name, &BlockCodec::name);
  return found == kBlockCodecs.end() ? multiformats::Multicodec::raw : found->codec;
}

}  // namespace mexport::app
