// SPDX-License-Identifier: MIT
#include "app/probe/request.hpp"

#include "api/probe_request.hpp"
#include "base/file_descriptor.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace mexport::app::probe {

namespace {

namespace json = boost::json;
using Status = std::expected<void, std::string>;

constexpr std::string_view kStdin = "-";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string system_text(int error) {
  return std::generic_category().message(error);
}

/// All of it, unless it is larger than kMaxCidList.
std::expected<std::string, std::string> read_all(int file) {
  std::string text;
  std::array<char, 16 << 10> piece{};
  for (;;) {
    const ssize_t size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::unexpected(system_text(errno));
    if (size == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxCidList) return std::unexpected("it is larger than 1 MiB");
  }
}

std::expected<std::string, std::string> read_list(const std::string& path) {
  if (path == kStdin) return read_all(STDIN_FILENO);
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::unexpected(system_text(errno));
  return read_all(file.get());
}

Status add_list(CidList& cids, const std::string& path) {
  const auto name = path == kStdin ? "stdin" : path;
  const auto text = read_list(path);
  if (!text) return std::unexpected(fmt::format("cannot read {}: {}", name, text.error()));
  if (auto added = cids.add_lines(*text); !added) {
    return std::unexpected(fmt::format("{}: {}", name, added.error()));
  }
  return {};
}

Status add_all(CidList& cids, const ProbeOptions& options) {
  for (const auto& text : options.cids) {
    auto added = text == kStdin ? add_list(cids, text) : cids.add(text);
    if (!added) return added;
  }
  return options.file ? add_list(cids, *options.file) : Status{};
}

}  // namespace

Status CidList::add(std::string_view text) {
  auto cid = multiformats::Cid::from_string(text);
  if (!cid) {
    return std::unexpected(fmt::format("{} is no CID: {}", text, cid.error().message()));
  }
  if (std::ranges::find(cids_, *cid) != cids_.end()) return {};
  if (cids_.size() == api::kMaxFollowedCids) {
    return std::unexpected(fmt::format("{} CIDs at most", api::kMaxFollowedCids));
  }
  cids_.push_back(std::move(*cid));
  return {};
}

Status CidList::add_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (auto added = add(line); !added) return added;
  }
  return {};
}

std::expected<CidList, std::string> cids_of(const ProbeOptions& options) {
  CidList cids;
  if (auto added = add_all(cids, options); !added) return std::unexpected(added.error());
  if (cids.cids().empty()) return std::unexpected("there is no CID to ask for");
  return cids;
}

std::string body_of(const ProbeOptions& options, const CidList& cids) {
  json::object body;
  json::array texts;
  for (const auto& cid : cids.cids()) texts.emplace_back(cid.to_string());
  body["cids"] = std::move(texts);
  if (!options.peers.empty())
    body["peers"] = json::array(options.peers.begin(), options.peers.end());
  if (!options.agent.empty()) body["agent"] = options.agent;
  body["seconds"] = options.cancel_after;
  return json::serialize(body);
}

}  // namespace mexport::app::probe
