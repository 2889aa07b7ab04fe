// SPDX-License-Identifier: MIT
#pragma once

#include "base/bytes.hpp"
#include "crypto/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mexport::exporter::amqp {

/// A password: it has no text form, so that no log can show it by mistake, and is overwritten when
/// its owner is destroyed.
class Password {
 public:
  Password() = default;
  explicit Password(std::string text) : text_(std::move(text)) {}
  Password(const Password&) = default;
  Password& operator=(const Password&) = default;
  ~Password() { crypto::wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }

  /// For the broker alone; NUL-terminated for the library that sends it.
  const std::string& reveal() const { return text_; }
  bool operator==(const Password&) const = default;

 private:
  std::string text_;
};

}  // namespace mexport::exporter::amqp
