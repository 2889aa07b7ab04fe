// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"
#include "libp2p/security_fault.hpp"
#include "libp2p/tls/channel.hpp"
#include "libp2p/tls/error.hpp"
#include "tests/unit/libp2p/tls_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace mexport::libp2p::tls {
namespace {

using crypto::AeadCipher;

TrafficSecret secret_of(base::ByteView bytes) {
  TrafficSecret secret;
  std::copy_n(bytes.begin(), secret.size(), secret.data());
  return secret;
}

TrafficSecret secret_of(std::uint8_t fill) {
  return secret_of(base::Bytes(TrafficSecret::size(), fill));
}

/// RFC 8448, section 3: both sides of one connection.
class Rfc8448 : public testing::Test {
 protected:
  base::Bytes bytes(const std::string& name) const { return hex(vectors_.at(name).at(0)); }

  const std::map<std::string, std::vector<std::string>> vectors_ = read_vectors("rfc8448.txt");
  crypto::Aead aead_;
  Channel client_{aead_,
                  Direction::outbound,
                  {AeadCipher::aes_128_gcm, secret_of(bytes("client_secret")),
                   secret_of(bytes("server_secret"))}};
  Channel server_{aead_,
                  Direction::inbound,
                  {AeadCipher::aes_128_gcm, secret_of(bytes("server_secret")),
                   secret_of(bytes("client_secret"))}};
  CollectingSink sink_;
};

TEST_F(Rfc8448, TheClientsSide) {
  base::Bytes out;
  client_.send(bytes("payload"), out);
  EXPECT_EQ(out, bytes("client_data"));
  auto in = bytes("server_ticket");
  base::append(in, bytes("server_data"));
  ASSERT_TRUE(client_.receive(in, sink_));
  EXPECT_EQ(sink_.bytes, bytes("payload"));
  out.clear();
  client_.close(out);
  EXPECT_EQ(out, bytes("client_close"));
  in = bytes("server_close");
  EXPECT_EQ(client_.receive(in, sink_).error(), Error::closed);
}

TEST_F(Rfc8448, TheServersSide) {
  auto in = bytes("client_data");
  base::append(in, bytes("client_close"));
  EXPECT_EQ(server_.receive(in, sink_).error(), SecurityFault::closed);
  EXPECT_EQ(sink_.bytes, bytes("payload"));
}

/// Writes records of any content under the keys of the other side.
class Forger {
 public:
  Forger(AeadCipher cipher, const TrafficSecret& secret) : keys_(cipher, secret) {}

  base::Bytes record(RecordType type, base::ByteView content, std::size_t padding = 0) {
    base::Bytes inner = base::to_bytes(content);
    inner.push_back(static_cast<std::uint8_t>(type));
    inner.resize(inner.size() + padding);
    return sealed(inner);
  }
  base::Bytes sealed(base::ByteView inner) {
    base::Bytes out(kRecordHeader + inner.size() + crypto::kAeadTagSize);
    write_record_header(RecordType::application_data, inner.size() + crypto::kAeadTagSize,
                        out.data());
    const base::MutableByteView whole(out);
    keys_.seal(aead_, whole.first(kRecordHeader), inner, whole.subspan(kRecordHeader));
    return out;
  }
  base::Bytes data(std::string_view text, std::size_t padding = 0) {
    return record(RecordType::application_data, base::as_bytes(text), padding);
  }
  base::Bytes handshake(const std::string& text) {
    return record(RecordType::handshake, hex(text));
  }
  base::Bytes alert(const std::string& text) { return record(RecordType::alert, hex(text)); }
  /// And goes on with the next keys.
  base::Bytes key_update(bool requested = false) {
    auto out = handshake(requested ? "1800000101" : "1800000100");
    keys_.update();
    return out;
  }

 private:
  crypto::Aead aead_;
  TrafficKeys keys_;
};

class TlsChannel : public testing::TestWithParam<AeadCipher> {
 protected:
  static base::Bytes text(std::size_t size) {
    base::Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i ^ (i >> 8));
    return bytes;
  }
  base::Bytes sealed(base::ByteView plaintext) {
    base::Bytes wire;
    client_.send(plaintext, wire);
    return wire;
  }
  /// The error, if there is one, when the server receives what the forger has written.
  std::error_code received(base::Bytes wire) {
    const auto status = server_.receive(wire, sink_);
    return status ? std::error_code() : status.error();
  }
  std::string heard() const { return std::string(base::as_text(sink_.bytes)); }

  crypto::Aead aead_;
  Channel client_{aead_, Direction::outbound, {GetParam(), secret_of(1), secret_of(2)}};
  Channel server_{aead_, Direction::inbound, {GetParam(), secret_of(2), secret_of(1)}};
  Forger forger_{GetParam(), secret_of(1)};
  CollectingSink sink_;
};

INSTANTIATE_TEST_SUITE_P(Tls, TlsChannel,
                         testing::Values(AeadCipher::chacha20_poly1305, AeadCipher::aes_128_gcm));

TEST_P(TlsChannel, IdleStateIsSmall) {
  EXPECT_LE(sizeof(Channel), 256U);
}

TEST_P(TlsChannel, AppendsRecordsToWhatIsThere) {
  base::Bytes wire = {1, 2, 3};
  client_.send(text(10), wire);
  EXPECT_EQ(wire.size(), 3 + kRecordHeader + 10 + 1 + crypto::kAeadTagSize);
  ASSERT_TRUE(server_.receive(base::MutableByteView(wire).subspan(3), sink_));
  EXPECT_EQ(sink_.bytes, text(10));
  EXPECT_TRUE(sealed({}).empty());
}

TEST_P(TlsChannel, SplitsLongPlaintext) {
  const auto plain = text(2 * kMaxRecordPlaintext + 5);
  auto wire = sealed(plain);
  EXPECT_EQ(wire.size(), plain.size() + 3 * (kRecordHeader + 1 + crypto::kAeadTagSize));
  ASSERT_TRUE(server_.receive(wire, sink_));
  EXPECT_EQ(sink_.bytes, plain);
  EXPECT_EQ(sink_.calls, 3U);
}

TEST_P(TlsChannel, AnyFragmentationWill) {
  base::Bytes plain;
  base::Bytes wire;
  for (const std::size_t size : {1U, 100U, 2000U, 16384U, 3U}) {
    base::append(plain, text(size));
    client_.send(text(size), wire);
  }
  for (const std::size_t step : {1U, 2U, 5U, 6U, 21U, 1000U, 20000U}) {
    Channel receiver(aead_, Direction::inbound, {GetParam(), secret_of(2), secret_of(1)});
    CollectingSink sink;
    auto copy = wire;
    for (std::size_t at = 0; at < copy.size(); at += step) {
      const auto piece = base::MutableByteView(copy).subspan(at, std::min(step, copy.size() - at));
      ASSERT_TRUE(receiver.receive(piece, sink)) << step;
    }
    EXPECT_EQ(sink.bytes, plain) << step;
    EXPECT_EQ(receiver.buffered(), 0U);
  }
}

TEST_P(TlsChannel, ABeginningIsKeptUntilTheRestHasCome) {
  auto wire = sealed(text(100));
  const auto parts = base::MutableByteView(wire);
  ASSERT_TRUE(server_.receive(parts.first(50), sink_));
  EXPECT_EQ(server_.buffered(), 50U);
  ASSERT_TRUE(server_.receive(parts.subspan(50), sink_));
  EXPECT_EQ(server_.buffered(), 0U);
}

TEST_P(TlsChannel, NoByteMayChange) {
  const auto wire = sealed(text(40));
  for (std::size_t i = 0; i < wire.size(); ++i) {
    if (i == 3) continue;  // a longer record is waited for
    Channel receiver(aead_, Direction::inbound, {GetParam(), secret_of(2), secret_of(1)});
    auto changed = wire;
    changed[i] ^= 0x10;
    changed.resize(changed.size() + 16);
    EXPECT_FALSE(receiver.receive(changed, sink_)) << i;
  }
  EXPECT_EQ(sink_.calls, 0U);
}

TEST_P(TlsChannel, RecordsCountInTheirOrder) {
  auto first = sealed(text(5));
  auto second = sealed(text(6));
  EXPECT_EQ(received(second), crypto::Error::decryption_failed);
  EXPECT_EQ(received(first), std::error_code());
  EXPECT_EQ(received(first), crypto::Error::decryption_failed);
}

TEST_P(TlsChannel, PaddingIsStripped) {
  EXPECT_FALSE(received(forger_.data("abc", 1)));
  EXPECT_FALSE(received(forger_.data("def", 5000)));
  EXPECT_EQ(heard(), "abcdef");
}

TEST_P(TlsChannel, ARecordWithoutATypeIsBad) {
  EXPECT_EQ(received(forger_.sealed(base::Bytes(10))), Error::bad_record);
}

TEST_P(TlsChannel, AnEmptyFragmentIsBad) {
  EXPECT_EQ(received(forger_.sealed({})), Error::bad_record);
}

TEST_P(TlsChannel, SizesAreLimited) {
  EXPECT_FALSE(received(forger_.sealed([] {
    base::Bytes inner(kMaxRecordPlaintext, 'x');
    inner.push_back(23);
    return inner;
  }())));
  EXPECT_EQ(sink_.bytes.size(), kMaxRecordPlaintext);
  EXPECT_EQ(received(forger_.data("", kMaxRecordPlaintext + 1)), Error::record_too_large);
  // Told by the header alone, before anything is kept.
  EXPECT_EQ(received(hex("1703034101")), Error::record_too_large);
}

TEST_P(TlsChannel, NothingInTheClearIsTaken) {
  for (const auto* record :
       {"140303000101", "15030300020100", "16030300051800000100", "1702030001aa", "1803030001aa"}) {
    Channel receiver(aead_, Direction::inbound, {GetParam(), secret_of(2), secret_of(1)});
    auto wire = hex(record);
    EXPECT_EQ(receiver.receive(wire, sink_).error(), Error::bad_record) << record;
  }
}

TEST_P(TlsChannel, OtherContentIsRefused) {
  EXPECT_EQ(received(forger_.record(RecordType::change_cipher_spec, hex("01"))), Error::bad_record);
}

TEST_P(TlsChannel, AlertsEndIt) {
  EXPECT_FALSE(received(forger_.alert("015a")));  // user_canceled: close_notify follows
  EXPECT_EQ(received(forger_.alert("0100")), SecurityFault::closed);
  EXPECT_EQ(received(forger_.alert("022a")), SecurityFault::refused);
  EXPECT_EQ(received(forger_.alert("0100ff")), Error::bad_record);
}

TEST_P(TlsChannel, KeysAreUpdatedWithThePeer) {
  EXPECT_FALSE(received(forger_.data("a")));
  EXPECT_FALSE(received(forger_.key_update()));
  EXPECT_FALSE(received(forger_.data("b")));
  EXPECT_FALSE(received(forger_.key_update()));
  EXPECT_FALSE(received(forger_.data("c")));
  EXPECT_EQ(heard(), "abc");
}

TEST_P(TlsChannel, ARequestedUpdateIsAnsweredOnceBeforeData) {
  EXPECT_FALSE(received(forger_.key_update(true)));
  EXPECT_FALSE(received(forger_.key_update(true)));
  base::Bytes out;
  server_.send(base::as_bytes("one"), out);
  const auto update = kRecordHeader + 5 + 1 + crypto::kAeadTagSize;
  const auto data = kRecordHeader + 3 + 1 + crypto::kAeadTagSize;
  EXPECT_EQ(out.size(), update + data);
  server_.send(base::as_bytes("two"), out);
  EXPECT_EQ(out.size(), update + 2 * data);
  ASSERT_TRUE(client_.receive(out, sink_));
  EXPECT_EQ(heard(), "onetwo");
}

TEST_P(TlsChannel, AnUpdateMayBeCutAnywhere) {
  EXPECT_FALSE(received(forger_.handshake("1800")));
  EXPECT_FALSE(received(forger_.handshake("0001")));
  EXPECT_FALSE(received(forger_.handshake("00")));
  // The forger has the old keys still.
  EXPECT_EQ(received(forger_.data("x")), crypto::Error::decryption_failed);
}

TEST_P(TlsChannel, AnUpdateEndsItsRecord) {
  EXPECT_EQ(received(forger_.handshake("180000010018000001")), Error::unexpected_message);
}

TEST_P(TlsChannel, DataMayNotCutAMessage) {
  EXPECT_FALSE(received(forger_.handshake("1800")));
  EXPECT_EQ(received(forger_.data("x")), Error::unexpected_message);
}

TEST_P(TlsChannel, OtherLateMessagesAreRefused) {
  for (const auto* message : {"0d00000100",    // CertificateRequest
                              "01000000",      // ClientHello
                              "0400000100",    // a ticket, from a client
                              "180000020000",  // a long KeyUpdate
                              "1800000102",    // an unknown kind of it
                              ""}) {
    Forger forger(GetParam(), secret_of(1));
    Channel receiver(aead_, Direction::inbound, {GetParam(), secret_of(2), secret_of(1)});
    auto wire = forger.handshake(message);
    EXPECT_FALSE(receiver.receive(wire, sink_)) << message;
  }
}

TEST_P(TlsChannel, AClientSkipsTicketsOfAnyForm) {
  Forger server(GetParam(), secret_of(2));
  const auto at_client = [&](base::Bytes wire) { return client_.receive(wire, sink_).has_value(); };
  EXPECT_TRUE(at_client(server.handshake("04000003aabbcc04000002")));  // one and a half
  EXPECT_TRUE(at_client(server.handshake("aabb")));
  EXPECT_TRUE(at_client(server.handshake("04000000")));
  EXPECT_TRUE(at_client(server.data("after")));
  EXPECT_EQ(heard(), "after");
  EXPECT_FALSE(at_client(server.handshake("04ffffff")));
}

TEST_P(TlsChannel, RecordsWithoutDataAreCounted) {
  const auto send_useless = [&](std::size_t count) {
    std::error_code error;
    for (std::size_t i = 0; i < count && !error; ++i) {
      error = received(i % 2 == 0 ? forger_.key_update(true) : forger_.data("", 3));
    }
    return error;
  };
  EXPECT_FALSE(send_useless(kMaxUselessRecords));
  EXPECT_FALSE(received(forger_.data("data")));
  EXPECT_FALSE(send_useless(kMaxUselessRecords));
  EXPECT_EQ(send_useless(1), Error::useless_records);
}

TEST_P(TlsChannel, AnErrorOfTheSinkEndsIt) {
  sink_.fail_with = std::make_error_code(std::errc::no_buffer_space);
  auto wire = sealed(text(5));
  client_.send(text(5), wire);
  EXPECT_EQ(received(wire), std::errc::no_buffer_space);
  EXPECT_EQ(sink_.calls, 1U);
}

}  // namespace
}  // namespace mexport::libp2p::tls
