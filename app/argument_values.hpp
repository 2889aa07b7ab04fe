// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"
#include "multiformats/cid.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// What the texts of the command line stand for, free of the library that parses it. Errors say
/// what is wrong with a text.
namespace mexport::app {

/// Of --demo; "" and "true" are what it says without a number.
std::expected<std::size_t, std::string> demo_peers(const std::string& text);

/// A peer as traces write it, whichever form the user gave.
std::expected<std::string, std::string> peer_text(const std::string& text);

/// Nanoseconds since 1970 of an RFC 3339 time.
std::expected<std::int64_t, std::string> time_of(const std::string& text);

/// One of bash, zsh and fish.
Shell shell_named(std::string_view name);

/// Names of all kinds of events.
std::vector<std::string> event_kinds();

/// Names of what a block may be said to be; block_codec() takes one of them.
std::vector<std::string> block_codecs();
multiformats::Multicodec block_codec(std::string_view name);

}  // namespace mexport::app
