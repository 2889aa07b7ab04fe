// SPDX-License-Identifier: MIT
#pragma once

#include "crypto/aead.hpp"
#include "libp2p/frame_reader.hpp"
#include "libp2p/secure_channel.hpp"
#include "libp2p/stream.hpp"
#include "libp2p/tls/late_messages.hpp"
#include "libp2p/tls/record.hpp"
#include "libp2p/tls/traffic_keys.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mexport::libp2p::tls {

inline constexpr std::string_view kProtocol = "/tls/1.0.0";

/// Records in a row that bring no data: empty ones, tickets, key updates. Go's limit.
inline constexpr std::size_t kMaxUselessRecords = 16;
/// After so many records a generation of keys is replaced; AES-GCM's limit is at 2^24.5 (RFC 8446,
/// section 5.5).
inline constexpr std::uint64_t kMaxRecordsPerKey = std::uint64_t{1} << 24;

/// What a TLS connection is worked with once its handshake is done.
struct ChannelKeys {
  crypto::AeadCipher cipher;
  TrafficSecret sending;
  TrafficSecret receiving;
};

/// A TLS 1.3 connection after its handshake: the record layer alone (RFC 8446, section 5), on two
/// sets of keys, and a buffer only while a record is incomplete (at most its 16,645 bytes). Records
/// that arrive whole are decrypted where they lie. No library object is left (docs/adr/0006).
class Channel final : public SecureChannel {
 public:
  /// `aead` belongs to the same shard and outlives the channel. `direction`: outbound is the
  /// client.
  Channel(crypto::Aead& aead, Direction direction, const ChannelKeys& keys);

  /// Errors: crypto's decryption_failed; tls::Error; those of the sink.
  base::Status receive(base::MutableByteView ciphertext, PlaintextSink& sink) override;
  void send(base::ByteView plaintext, base::Bytes& out) override;
  /// Appends close_notify.
  void close(base::Bytes& out) override;
  std::size_t buffered() const override { return records_.buffered(); }
  std::string_view protocol() const override { return kProtocol; }

 private:
  /// A record after the handshake. Errors: bad_record, record_too_large.
  struct RecordFormat {
    static constexpr std::size_t kHeader = kRecordHeader;
    static base::Result<std::size_t> frame_size(base::ByteView header);
  };

  base::Status open_record(base::MutableByteView record, PlaintextSink& sink);
  base::Status on_content(RecordType type, base::ByteView content, PlaintextSink& sink);
  base::Status on_handshake(base::ByteView content);
  void update_sending_keys(base::Bytes& out);
  void write_record(RecordType type, base::ByteView content, base::Bytes& out);

  crypto::Aead& aead_;
  TrafficKeys sending_;
  TrafficKeys receiving_;
  FrameReader<RecordFormat> records_;
  LateMessages late_;
  std::uint8_t useless_ = 0;
  bool update_due_ = false;  // our own keys are to be updated before the next data
};

}  // namespace mexport::libp2p::tls
