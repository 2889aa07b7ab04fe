// SPDX-License-Identifier: MIT
#include "wire/protobuf_reader.hpp"

#include "tests/unit/wire/hex.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

namespace mexport::wire {
namespace {

std::optional<Error> skip_all(std::string_view hex) {
  const auto message = bytes(hex);
  ProtobufReader in(message);
  while (in.next()) in.skip();
  if (!in.failed()) return std::nullopt;
  return in.error();
}

TEST(ProtobufReader, ReadsEachForm) {
  const auto message = bytes("08 96 01  12 03 616263  18 02  20 ff ff ff ff ff ff ff ff ff 01");
  ProtobufReader in(message);
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.field(), 1U);
  EXPECT_EQ(in.varint(), 150U);
  ASSERT_TRUE(in.next());
  EXPECT_EQ(base::as_text(in.bytes()), "abc");
  ASSERT_TRUE(in.next());
  EXPECT_TRUE(in.boolean());
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.field(), 4U);
  EXPECT_EQ(in.int32(), -1);
  EXPECT_FALSE(in.next());
  EXPECT_FALSE(in.failed());
}

TEST(ProtobufReader, CutsAnInt32To32Bits) {
  const auto message = bytes("08 85 80 80 80 10");
  ProtobufReader in(message);
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.int32(), 5);
}

TEST(ProtobufReader, SkipsEachForm) {
  EXPECT_EQ(skip_all("08 96 01"), std::nullopt);
  EXPECT_EQ(skip_all("09 0102030405060708"), std::nullopt);
  EXPECT_EQ(skip_all("0a 02 6162"), std::nullopt);
  EXPECT_EQ(skip_all("0d 01020304"), std::nullopt);
  EXPECT_EQ(skip_all("0b 08 01 0c"), std::nullopt);
  EXPECT_EQ(skip_all("0b 13 14 0c 08 01"), std::nullopt);
}

TEST(ProtobufReader, RefusesWhatIsCutShort) {
  for (const char* hex : {"08", "08 80", "09 01020304050607", "0a", "0a 02 61", "0d 010203", "0b",
                          "0b 08 01", "0b 13 14", "80"}) {
    EXPECT_EQ(skip_all(hex), Error::bad_protobuf) << hex;
  }
}

TEST(ProtobufReader, RefusesIllegalTags) {
  EXPECT_EQ(skip_all("00 00"), Error::bad_protobuf) << "field 0";
  EXPECT_EQ(skip_all("0c"), Error::bad_protobuf) << "end of a group that did not begin";
  EXPECT_EQ(skip_all("0e"), Error::bad_protobuf) << "wire type 6";
  EXPECT_EQ(skip_all("0b 0f 0c"), Error::bad_protobuf) << "wire type 7 within a group";
  EXPECT_EQ(skip_all("f8 ff ff ff 7f 00"), Error::bad_protobuf) << "a negative field number";
}

TEST(ProtobufReader, RefusesVarintsOfElevenBytes) {
  EXPECT_EQ(skip_all("08 ff ff ff ff ff ff ff ff ff 7f"), std::nullopt);
  EXPECT_EQ(skip_all("08 ff ff ff ff ff ff ff ff ff ff 01"), Error::bad_protobuf);
}

TEST(ProtobufReader, RefusesALengthBeyondTheMessage) {
  EXPECT_EQ(skip_all("0a ff ff ff ff ff ff ff ff ff 01 61"), Error::bad_protobuf);
}

TEST(ProtobufReader, NamesAWrongWireType) {
  const auto message = bytes("0a 01 61 10 01");
  ProtobufReader in(message);
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.varint(), 0U);
  EXPECT_TRUE(in.failed());
  EXPECT_EQ(in.error(), Error::wrong_wire_type);
  EXPECT_FALSE(in.next());
  const auto other = bytes("08 01");
  ProtobufReader wants_bytes(other);
  ASSERT_TRUE(wants_bytes.next());
  EXPECT_TRUE(wants_bytes.bytes().empty());
  EXPECT_EQ(wants_bytes.error(), Error::wrong_wire_type);
}

TEST(ProtobufReader, AMillionNestedGroupsCostNoStack) {
  const base::Bytes message(1 << 20, 0x0b);
  ProtobufReader in(message);
  ASSERT_TRUE(in.next());
  in.skip();
  EXPECT_EQ(in.error(), Error::bad_protobuf);
}

TEST(ProtobufReader, KeepsTheFirstError) {
  const auto message = bytes("08 01");
  ProtobufReader in(message);
  in.fail(Error::bad_cid);
  in.fail(Error::missing_cid);
  EXPECT_EQ(in.error(), Error::bad_cid);
  EXPECT_FALSE(in.next());
}

}  // namespace
}  // namespace mexport::wire
