// SPDX-License-Identifier: MIT
#include "export/gzip_writer.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mexport::exporter {
namespace {

// Deflate, no flags, no time, operating system unknown: as Go's writer.
constexpr std::array<std::uint8_t, 10> kHeader{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};
// A last block with static codes and nothing in it (RFC 1951).
constexpr std::array<std::uint8_t, 2> kLastBlock{0x03, 0x00};
constexpr std::size_t kOutputStep = 64 << 10;

void append_little_endian(base::Bytes& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

}  // namespace

struct GzipWriter::State {
  isal_zstream stream;
  std::array<std::uint8_t, ISAL_DEF_LVL1_DEFAULT> level_buffer;
  std::array<std::uint8_t, kOutputStep> output;
};

GzipWriter::GzipWriter() : state_(std::make_unique<State>()) {
  auto& stream = state_->stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = state_->level_buffer.data();
  stream.level_buf_size = static_cast<std::uint32_t>(state_->level_buffer.size());
  stream.gzip_flag = IGZIP_DEFLATE;  // header and trailer are ours
}

GzipWriter::~GzipWriter() = default;

void GzipWriter::begin(base::Bytes& out) {
  isal_deflate_reset(&state_->stream);
  crc_ = 0;
  size_ = 0;
  base::append(out, kHeader);
}

void GzipWriter::write(std::string_view text, base::Bytes& out) {
  constexpr std::size_t kPiece = 1 << 30;  // the library counts in 32 bits
  while (!text.empty()) {
    const auto piece = text.substr(0, kPiece);
    crc_ = crc32_gzip_refl(crc_, base::as_bytes(piece).data(), piece.size());
    size_ += static_cast<std::uint32_t>(piece.size());
    compress(piece, NO_FLUSH, out);
    text.remove_prefix(piece.size());
  }
}

base::Bytes GzipWriter::flush(base::Bytes& out) {
  compress({}, SYNC_FLUSH, out);
  base::Bytes trailer(kLastBlock.begin(), kLastBlock.end());
  append_little_endian(trailer, crc_);
  append_little_endian(trailer, size_);
  return trailer;
}

void GzipWriter::compress(std::string_view text, int flush, base::Bytes& out) {
  auto& stream = state_->stream;
  // The library only reads what its interface takes as mutable.
  stream.next_in = const_cast<std::uint8_t*>(base::as_bytes(text).data());
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.flush = static_cast<std::uint16_t>(flush);
  do {
    stream.next_out = state_->output.data();
    stream.avail_out = static_cast<std::uint32_t>(state_->output.size());
    // Fails only for arguments that these are not.
    isal_deflate(&stream);
    base::append(out, base::ByteView(state_->output).first(kOutputStep - stream.avail_out));
  } while (stream.avail_out == 0);
}

}  // namespace mexport::exporter
