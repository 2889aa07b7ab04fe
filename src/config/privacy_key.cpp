// SPDX-License-Identifier: MIT
#include "config/privacy_key.hpp"

#include "base/bytes.hpp"
#include "config/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mexport::config {
namespace {

constexpr const char* kKey = "Privacy.KeyFile";

Setup<std::optional<monitor::PeerKey>> read_key(const std::filesystem::path& path) {
  auto content = read_document(path);
  if (!content) return std::unexpected(content.error());
  if (!*content) return std::optional<monitor::PeerKey>();
  auto& bytes = **content;
  if (bytes.size() != monitor::kPeerKeySize) {
    return std::unexpected(
        SetupError{fmt::format("{}: {} has {} bytes, a key has {}", kKey, path.string(),
                               bytes.size(), monitor::kPeerKeySize)});
  }
  std::optional<monitor::PeerKey> key(std::in_place);
  std::ranges::copy(base::as_bytes(bytes), key->mutable_view().begin());
  crypto::wipe({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return key;
}

}  // namespace

Setup<monitor::PeerKey> ensure_privacy_key(const std::filesystem::path& path, Report& report) {
  auto present = read_key(path);
  if (!present) return std::unexpected(present.error());
  if (!*present) {
    monitor::PeerKey fresh;
    crypto::fill_random(fresh.mutable_view());
    const auto made = create_durably(path, base::as_text(fresh.view()));
    if (!made) return std::unexpected(made.error());
    if (*made) return fresh;
    present = read_key(path);  // another process was faster
    if (!present) return std::unexpected(present.error());
    if (!*present) return std::unexpected(SetupError{path.string() + " came and went"});
  }
  if (others_may_use(path)) {
    report.warn(kKey,
                "others may use " + path.string() + ": with it, keyed peer ids can be matched");
  }
  return **present;
}

}  // namespace mexport::config
