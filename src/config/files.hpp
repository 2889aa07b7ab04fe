// SPDX-License-Identifier: MIT
#pragma once

#include "config/setup_error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mexport::config {

/// The file's content; nullopt when there is none of that name. Refuses directories and files of
/// more than kMaxDocumentSize.
Setup<std::optional<std::string>> read_document(const std::filesystem::path& path);

/// Replaces the file at once and durably, mode 0600: on failure the old one stands.
SetupStatus write_durably(const std::filesystem::path& path, std::string_view content);

/// Makes the file durably, mode 0600. False when there is one already, which stays as it is.
Setup<bool> create_durably(const std::filesystem::path& path, std::string_view content);

/// Whether others than its owner may do anything with the file.
bool others_may_use(const std::filesystem::path& path);

}  // namespace mexport::config
