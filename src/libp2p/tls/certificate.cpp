// SPDX-License-Identifier: MIT
#include "libp2p/tls/certificate.hpp"

#include "libp2p/tls/der.hpp"
#include "libp2p/tls/error.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace mexport::libp2p::tls {
namespace {

using crypto::SignatureScheme;
using der::Reader;
using der::Tag;

constexpr std::string_view kSignedPrefix = "libp2p-tls-handshake:";

struct SchemeName {
  std::string_view object_id;
  SignatureScheme scheme;
};

using namespace std::string_view_literals;

/// RFC 5758, section 3.2; RFC 8017, appendix C; RFC 8410, section 3.
constexpr auto kSchemes = std::to_array<SchemeName>({
    {"\x2a\x86\x48\xce\x3d\x04\x03\x02"sv, SignatureScheme::ecdsa_sha256},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x03"sv, SignatureScheme::ecdsa_sha384},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x04"sv, SignatureScheme::ecdsa_sha512},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"sv, SignatureScheme::rsa_sha256},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"sv, SignatureScheme::rsa_sha384},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"sv, SignatureScheme::rsa_sha512},
    {"\x2b\x65\x70"sv, SignatureScheme::ed25519},
});

/// Extensions about the use of a key in a public key infrastructure, which libp2p is not: key
/// usage, alternative names, basic constraints, extended key usage (RFC 5280, section 4.2.1).
constexpr std::array<std::string_view, 4> kKnownExtensions{"\x55\x1d\x0f"sv, "\x55\x1d\x11"sv,
                                                           "\x55\x1d\x13"sv, "\x55\x1d\x25"sv};

bool is_rsa(SignatureScheme scheme) {
  return scheme >= SignatureScheme::rsa_sha256 && scheme <= SignatureScheme::rsa_sha512;
}

/// The parameters are NULL, or for RSA's sake absent.
std::optional<SignatureScheme> read_scheme(base::ByteView contents) {
  Reader reader(contents);
  const auto id = reader.next(Tag::object_id);
  if (!id) return std::nullopt;
  const auto* const known =
      std::ranges::find(kSchemes, base::as_text(id->contents), &SchemeName::object_id);
  if (known == std::end(kSchemes)) return std::nullopt;
  if (is_rsa(known->scheme) && !reader.at_end()) {
    const auto parameters = reader.next(Tag::null);
    if (!parameters || !parameters->contents.empty()) return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  return known->scheme;
}

/// A number of decimal digits off the front of `text`; nullopt when there are others.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

std::optional<int> take_year(std::string_view& text, bool four_digits) {
  const auto year = take_number(text, four_digits ? 4 : 2);
  if (!year || four_digits) return year;
  return *year < 50 ? 2000 + *year : 1900 + *year;  // RFC 5280, section 4.1.2.5.1
}

std::optional<std::chrono::sys_seconds> read_time(Reader& reader) {
  const auto element = reader.next();
  if (!element) return std::nullopt;
  const bool general = element->tag == static_cast<std::uint8_t>(Tag::generalized_time);
  if (!general && element->tag != static_cast<std::uint8_t>(Tag::utc_time)) return std::nullopt;
  auto text = base::as_text(element->contents);
  const auto year = take_year(text, general);
  const auto month = take_number(text, 2);
  const auto day = take_number(text, 2);
  const auto hour = take_number(text, 2);
  const auto minute = take_number(text, 2);
  const auto second = take_number(text, 2);
  if (!year || !month || !day || !hour || !minute || !second || text != "Z") return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

bool read_validity(base::ByteView contents, Certificate& certificate) {
  Reader reader(contents);
  const auto from = read_time(reader);
  const auto to = read_time(reader);
  if (!from || !to || !reader.at_end()) return false;
  certificate.not_before = *from;
  certificate.not_after = *to;
  return true;
}

/// Extension: SEQUENCE { OBJECT IDENTIFIER, BOOLEAN DEFAULT FALSE, OCTET STRING }.
bool read_extension(base::ByteView contents, Certificate& certificate) {
  Reader reader(contents);
  const auto id = reader.next(Tag::object_id);
  if (!id) return false;
  bool critical = false;
  if (const auto flag = reader.next(Tag::boolean)) {
    if (flag->contents.size() != 1) return false;
    critical = flag->contents[0] != 0;
  }
  const auto value = reader.next(Tag::octet_string);
  if (!value || !reader.at_end()) return false;
  if (std::ranges::equal(id->contents, kIdentityExtension)) {
    ++certificate.identity_extensions;
    certificate.identity = value->contents;
  } else if (critical && std::ranges::find(kKnownExtensions, base::as_text(id->contents)) ==
                             std::end(kKnownExtensions)) {
    certificate.unknown_critical = true;
  }
  return true;
}

bool read_extensions(base::ByteView contents, Certificate& certificate) {
  const auto list = der::only(contents, Tag::sequence);
  if (!list) return false;
  Reader reader(list->contents);
  for (std::size_t count = 0; !reader.at_end(); ++count) {
    const auto extension = reader.next(Tag::sequence);
    if (!extension || count == kMaxExtensions ||
        !read_extension(extension->contents, certificate)) {
      return false;
    }
  }
  return true;
}

/// Version 3, the only one with extensions.
bool is_version_3(base::ByteView contents) {
  const auto version = der::only(contents, Tag::integer);
  return version && version->contents.size() == 1 && version->contents[0] == 2;
}

bool read_signed_part(base::ByteView contents, base::ByteView algorithm, Certificate& certificate) {
  Reader reader(contents);
  const auto version = reader.next(Tag::context_0);
  const auto serial = reader.next(Tag::integer);
  const auto inner_algorithm = reader.next(Tag::sequence);
  const auto issuer = reader.next(Tag::sequence);
  const auto validity = reader.next(Tag::sequence);
  const auto subject = reader.next(Tag::sequence);
  const auto key_info = reader.next(Tag::sequence);
  if (!version || !serial || !inner_algorithm || !issuer || !validity || !subject || !key_info) {
    return false;
  }
  reader.next(Tag::context_1);
  reader.next(Tag::context_2);
  const auto extensions = reader.next(Tag::context_3);
  certificate.key_info = key_info->whole;
  return is_version_3(version->contents) && std::ranges::equal(inner_algorithm->whole, algorithm) &&
         read_validity(validity->contents, certificate) && reader.at_end() &&
         (!extensions || read_extensions(extensions->contents, certificate));
}

bool read_certificate(base::ByteView contents, Certificate& certificate) {
  Reader reader(contents);
  const auto signed_part = reader.next(Tag::sequence);
  const auto algorithm = reader.next(Tag::sequence);
  const auto signature = reader.next(Tag::bit_string);
  if (!signed_part || !algorithm || !signature || !reader.at_end()) return false;
  const auto scheme = read_scheme(algorithm->contents);
  // A signature has whole bytes: none of the last one's bits are unused.
  if (!scheme || signature->contents.empty() || signature->contents[0] != 0) return false;
  certificate.signed_part = signed_part->whole;
  certificate.scheme = *scheme;
  certificate.signature = signature->contents.subspan(1);
  return read_signed_part(signed_part->contents, algorithm->whole, certificate);
}

}  // namespace

base::Result<Certificate> parse_certificate(base::ByteView der) {
  if (der.size() > kMaxCertificateSize) return base::fail(Error::certificate_too_large);
  Certificate certificate;
  const auto whole = der::only(der, Tag::sequence);
  if (!whole || !read_certificate(whole->contents, certificate)) {
    return base::fail(Error::bad_certificate);
  }
  return certificate;
}

base::Result<SignedKey> parse_signed_key(base::ByteView der) {
  const auto whole = der::only(der, Tag::sequence);
  if (!whole) return base::fail(Error::bad_identity);
  Reader reader(whole->contents);
  const auto key = reader.next(Tag::octet_string);
  const auto signature = reader.next(Tag::octet_string);
  if (!key || !signature || !reader.at_end()) return base::fail(Error::bad_identity);
  return SignedKey{key->contents, signature->contents};
}

base::Bytes encode_signed_key(const SignedKey& key) {
  base::Bytes both;
  der::append(both, Tag::octet_string, key.public_key);
  der::append(both, Tag::octet_string, key.signature);
  base::Bytes out;
  der::append(out, Tag::sequence, both);
  return out;
}

base::Bytes signed_text(base::ByteView key_info) {
  base::Bytes text;
  text.reserve(kSignedPrefix.size() + key_info.size());
  base::append(text, base::as_bytes(kSignedPrefix));
  base::append(text, key_info);
  return text;
}

}  // namespace mexport::libp2p::tls
