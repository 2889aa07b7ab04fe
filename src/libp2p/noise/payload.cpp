// SPDX-License-Identifier: MIT
#include "libp2p/noise/payload.hpp"

#include "libp2p/noise/error.hpp"

#include <protozero/exception.hpp>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>

#include <algorithm>

namespace mexport::libp2p::noise {
namespace {

constexpr std::string_view kSignedPrefix = "noise-libp2p-static-key:";

enum class PayloadTag : protozero::pbf_tag_type {
  identity_key = 1,
  identity_signature = 2,
  extensions = 4,
};
enum class ExtensionTag : protozero::pbf_tag_type { stream_muxers = 2 };

constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;

base::ByteView as_view(protozero::data_view view) {
  return base::as_bytes({view.data(), view.size()});
}

void read_extensions(protozero::data_view bytes, std::vector<std::string_view>& muxers) {
  protozero::pbf_message<ExtensionTag> reader(bytes);
  while (reader.next()) {
    if (reader.tag_and_type() == protozero::tag_and_type(ExtensionTag::stream_muxers, kBytes)) {
      const auto muxer = reader.get_view();
      // One more than allowed is enough to know.
      if (muxers.size() <= kMaxMuxers) muxers.emplace_back(muxer.data(), muxer.size());
    } else {
      reader.skip();
    }
  }
}

Payload read_payload(base::ByteView bytes) {
  Payload payload;
  protozero::pbf_message<PayloadTag> reader(reinterpret_cast<const char*>(bytes.data()),
                                            bytes.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case protozero::tag_and_type(PayloadTag::identity_key, kBytes):
        payload.identity_key = as_view(reader.get_view());
        break;
      case protozero::tag_and_type(PayloadTag::identity_signature, kBytes):
        payload.identity_signature = as_view(reader.get_view());
        break;
      case protozero::tag_and_type(PayloadTag::extensions, kBytes):
        read_extensions(reader.get_view(), payload.muxers);
        break;
      default:
        reader.skip();
    }
  }
  if (payload.muxers.size() > kMaxMuxers) payload.muxers.clear();
  return payload;
}

}  // namespace

base::Result<Payload> decode_payload(base::ByteView bytes) {
  try {
    auto payload = read_payload(bytes);
    if (payload.identity_key.empty() || payload.identity_signature.empty()) {
      return base::fail(Error::bad_payload);
    }
    return payload;
  } catch (const protozero::exception&) {
    return base::fail(Error::bad_payload);
  }
}

base::Bytes encode_payload(base::ByteView identity_key, base::ByteView identity_signature,
                           std::span<const std::string> muxers) {
  const auto text = [](base::ByteView bytes) {
    const auto view = base::as_text(bytes);
    return protozero::data_view(view.data(), view.size());
  };
  std::string out;
  protozero::pbf_builder<PayloadTag> payload(out);
  payload.add_bytes(PayloadTag::identity_key, text(identity_key));
  payload.add_bytes(PayloadTag::identity_signature, text(identity_signature));
  if (!muxers.empty()) {
    protozero::pbf_builder<ExtensionTag> extensions(payload, PayloadTag::extensions);
    for (const auto& muxer : muxers) extensions.add_string(ExtensionTag::stream_muxers, muxer);
  }
  return base::to_bytes(base::as_bytes(out));
}

base::Bytes signed_text(const crypto::X25519PublicKey& static_key) {
  // In place: g++ 12 sees an overrun in growing a vector of constant size.
  base::Bytes text(kSignedPrefix.size() + static_key.size());
  const auto key = std::ranges::copy(base::as_bytes(kSignedPrefix), text.begin()).out;
  std::ranges::copy(static_key, key);
  return text;
}

}  // namespace mexport::libp2p::noise
