// SPDX-License-Identifier: MIT
#include "crypto/key_protobuf.hpp"

#include "crypto/error.hpp"

#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>

#include <optional>

namespace mexport::crypto {
namespace {

constexpr std::uint32_t kTypeTag = 1;
constexpr std::uint32_t kDataTag = 2;

struct Fields {
  std::optional<std::uint64_t> type;
  std::optional<base::ByteView> data;
};

Fields read_fields(base::ByteView protobuf) {
  Fields fields;
  protozero::pbf_reader reader(reinterpret_cast<const char*>(protobuf.data()), protobuf.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case protozero::tag_and_type(kTypeTag, protozero::pbf_wire_type::varint):
        fields.type = reader.get_uint64();
        break;
      case protozero::tag_and_type(kDataTag, protozero::pbf_wire_type::length_delimited): {
        const auto view = reader.get_view();
        fields.data = base::as_bytes({view.data(), view.size()});
        break;
      }
      default:
        reader.skip();
    }
  }
  return fields;
}

void append_varint(std::size_t value, base::Bytes& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

base::Result<KeyProtobuf> decode_key(base::ByteView protobuf) {
  try {
    const auto fields = read_fields(protobuf);
    if (!fields.type || !fields.data) return base::fail(Error::bad_key);
    if (*fields.type > static_cast<std::uint64_t>(KeyType::ecdsa)) {
      return base::fail(Error::unsupported_key_type);
    }
    return KeyProtobuf{static_cast<KeyType>(*fields.type), *fields.data};
  } catch (const protozero::exception&) {
    return base::fail(Error::bad_key);
  }
}

base::Bytes encode_key(KeyType type, base::ByteView data) {
  base::Bytes out;
  out.reserve(key_header_size(data.size()) + data.size());
  out.push_back(kTypeTag << 3);
  out.push_back(static_cast<std::uint8_t>(type));
  out.push_back(kDataTag << 3 | 2);
  append_varint(data.size(), out);
  base::append(out, data);
  return out;
}

std::size_t key_header_size(std::size_t data_size) {
  std::size_t size = 4;
  for (; data_size >= 0x80; data_size >>= 7) ++size;
  return size;
}

}  // namespace mexport::crypto
