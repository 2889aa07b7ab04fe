// SPDX-License-Identifier: MIT
#include "config/api_token.hpp"

#include "base/bytes.hpp"
#include "config/files.hpp"
#include "config/parse_api.hpp"
#include "crypto/secret.hpp"

#include <optional>
#include <utility>

namespace mexport::config {
namespace {

constexpr const char* kKey = "API.TokenFile";
constexpr std::size_t kRandomBytes = 32;

}  // namespace

Setup<std::optional<std::string>> read_api_token(const std::string& path) {
  auto content = read_document(path);
  if (!content || !*content) return content;
  std::string token = std::move(**content);
  if (token.ends_with('\n')) token.pop_back();
  if (is_api_token(token)) return token;
  return std::unexpected(SetupError{path + " holds no token"});
}

Setup<std::string> api_token_of(const Api& api, Report& report) {
  if (!api.token.empty()) return api.token;
  auto present = read_api_token(api.token_file);
  if (!present) {
    return std::unexpected(SetupError{std::string(kKey) + ": " + present.error().message});
  }
  if (*present) {
    if (others_may_use(api.token_file)) {
      report.warn(kKey, "others may use " + api.token_file + ": with it, they may use the API");
    }
    return **present;
  }
  crypto::Secret<kRandomBytes> fresh;
  crypto::fill_random(fresh.mutable_view());
  auto token = base::to_hex(fresh.view());
  const auto made = create_durably(api.token_file, token + "\n");
  if (!made) return std::unexpected(made.error());
  if (*made) return token;
  return std::unexpected(SetupError{api.token_file + " came while it was made"});
}

}  // namespace mexport::config
