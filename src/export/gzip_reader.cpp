// SPDX-License-Identifier: MIT
#include "export/gzip_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace mexport::exporter {
namespace {

constexpr int kGzipOnly = 16;  // added to the window bits

}  // namespace

struct GzipReader::Stream {
  Stream() {
    if (inflateInit2(&zlib, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&zlib); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream zlib{};
};

GzipReader::GzipReader() : stream_(std::make_unique<Stream>()) {}
GzipReader::~GzipReader() = default;
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;

GzipReader::State GzipReader::read(base::ByteView& input, std::size_t limit, std::string& out) {
  if (state_ == State::broken) return state_;
  auto& zlib = stream_->zlib;
  const auto used = out.size();
  const auto most = std::min<std::size_t>(limit, std::numeric_limits<uInt>::max());
  const auto given = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
  out.resize(used + most);
  // zlib only reads what its interface takes as mutable.
  zlib.next_in = const_cast<Bytef*>(input.data());
  zlib.avail_in = static_cast<uInt>(given);
  zlib.next_out = reinterpret_cast<Bytef*>(out.data() + used);
  zlib.avail_out = static_cast<uInt>(most);
  const auto result = inflate(&zlib, Z_NO_FLUSH);
  out.resize(out.size() - zlib.avail_out);
  const auto taken = given - zlib.avail_in;
  input = input.subspan(taken);
  if (result == Z_STREAM_END) {
    inflateReset(&zlib);
    state_ = State::between;
  } else if (result != Z_OK && result != Z_BUF_ERROR) {
    state_ = State::broken;
  } else if (taken > 0) {
    state_ = State::within;
  }
  return state_;
}

}  // namespace mexport::exporter
