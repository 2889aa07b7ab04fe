// SPDX-License-Identifier: MIT
#include "export/trace_reader.hpp"

#include "export/gzip_reader.hpp"
#include "export/trace_files.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace mexport::exporter {
namespace {

constexpr std::size_t kInputSize = 64 << 10;
constexpr std::size_t kTextStep = 256 << 10;
constexpr std::array<std::uint8_t, 2> kGzipMagic{0x1f, 0x8b};

}  // namespace

std::string_view to_string(TraceEnd end) {
  switch (end) {
    case TraceEnd::complete:
      return "complete";
    case TraceEnd::unfinished:
      return "unfinished";
    case TraceEnd::broken:
      break;
  }
  return "broken";
}

class TraceReader::Impl {
 public:
  explicit Impl(std::unique_ptr<InputFile> file) : file_(std::move(file)) {
    buffer_.resize(kInputSize);
  }

  base::Result<std::optional<std::string_view>> next();
  TraceEnd end() const;
  std::size_t partial_line_size() const { return text_.size() - taken_; }
  std::string_view partial_line() const { return std::string_view(text_).substr(taken_); }
  void take_partial_line() { taken_ = searched_ = text_.size(); }

 private:
  enum class Form : std::uint8_t { unknown, gzip, plain };

  std::optional<std::string_view> take_line();
  base::Result<bool> read_more();
  bool decide_form();
  bool convert();
  bool convert_gzip();

  std::unique_ptr<InputFile> file_;
  Form form_ = Form::unknown;
  GzipReader gzip_;
  GzipReader::State state_ = GzipReader::State::between;
  base::Bytes buffer_;
  base::ByteView input_;  // what is left of the buffer
  std::string text_;
  std::size_t taken_ = 0;     // of text_: given out
  std::size_t searched_ = 0;  // of text_: holds no further newline
  bool too_long_ = false;
};

base::Result<std::optional<std::string_view>> TraceReader::Impl::next() {
  for (;;) {
    if (auto line = take_line()) return line;
    if (text_.size() - taken_ > kMaxTraceLine) too_long_ = true;
    if (too_long_) return std::nullopt;
    if (convert()) continue;
    const auto more = read_more();
    if (!more) return base::fail(more.error());
    if (!*more) return std::nullopt;
  }
}

std::optional<std::string_view> TraceReader::Impl::take_line() {
  const auto newline = text_.find('\n', searched_);
  if (newline == std::string::npos) {
    searched_ = text_.size();
    return std::nullopt;
  }
  const auto line = std::string_view(text_).substr(taken_, newline - taken_);
  taken_ = searched_ = newline + 1;
  return line;
}

base::Result<bool> TraceReader::Impl::read_more() {
  if (state_ == GzipReader::State::broken) return false;
  // Two bytes tell the form; a first read may bring one.
  const auto kept = input_.size();
  if (kept > 0) std::memmove(buffer_.data(), input_.data(), kept);
  const auto got = file_->read(base::MutableByteView(buffer_).subspan(kept));
  if (!got) return base::fail(got.error());
  input_ = base::ByteView(buffer_).first(kept + *got);
  return *got > 0;
}

/// Turns input into text; false when that needs more input.
bool TraceReader::Impl::convert() {
  if (!decide_form() || state_ == GzipReader::State::broken) return false;
  text_.erase(0, taken_);
  searched_ -= taken_;
  taken_ = 0;
  if (form_ == Form::gzip) return convert_gzip();
  if (input_.empty()) return false;
  text_.append(base::as_text(input_));
  input_ = {};
  return true;
}

bool TraceReader::Impl::decide_form() {
  if (form_ != Form::unknown) return true;
  if (input_.size() < kGzipMagic.size()) return false;
  const bool gzip = std::memcmp(input_.data(), kGzipMagic.data(), kGzipMagic.size()) == 0;
  form_ = gzip ? Form::gzip : Form::plain;
  return true;
}

bool TraceReader::Impl::convert_gzip() {
  const auto size = text_.size();
  const auto given = input_.size();
  state_ = gzip_.read(input_, kTextStep, text_);
  return text_.size() > size || input_.size() < given;
}

TraceEnd TraceReader::Impl::end() const {
  if (too_long_ || state_ == GzipReader::State::broken) return TraceEnd::broken;
  if (form_ == Form::unknown) return TraceEnd::unfinished;
  if (state_ == GzipReader::State::within || partial_line_size() > 0) return TraceEnd::unfinished;
  return TraceEnd::complete;
}

TraceReader::TraceReader(std::unique_ptr<InputFile> file)
    : impl_(std::make_unique<Impl>(std::move(file))) {}
TraceReader::~TraceReader() = default;
TraceReader::TraceReader(TraceReader&&) noexcept = default;
TraceReader& TraceReader::operator=(TraceReader&&) noexcept = default;

base::Result<TraceReader> TraceReader::open(Disk& disk, const std::string& path) {
  auto file = disk.open(path);
  if (!file && file.error() == std::errc::no_such_file_or_directory && is_unfinished(path)) {
    // Completed since its name was read.
    file = disk.open(path.substr(0, path.size() - kUnfinishedSuffix.size()) +
                     std::string(kTraceSuffix));
  }
  if (!file) return base::fail(file.error());
  return TraceReader(std::move(*file));
}

base::Result<std::optional<TraceReader>> TraceReader::open_listed(Disk& disk,
                                                                  const std::string& path) {
  auto reader = open(disk, path);
  if (!reader && reader.error() == std::errc::no_such_file_or_directory && is_unfinished(path)) {
    const auto size = path.size() - kUnfinishedSuffix.size();
    reader = open(disk, path.substr(0, size) + std::string(kTraceSuffix));
  }
  if (reader) return std::optional(std::move(*reader));
  if (reader.error() == std::errc::no_such_file_or_directory) return std::optional<TraceReader>();
  return base::fail(reader.error());
}

base::Result<std::optional<std::string_view>> TraceReader::next() {
  return impl_->next();
}
TraceEnd TraceReader::end() const {
  return impl_->end();
}
std::size_t TraceReader::partial_line_size() const {
  return impl_->partial_line_size();
}
std::string_view TraceReader::partial_line() const {
  return impl_->partial_line();
}
void TraceReader::take_partial_line() {
  impl_->take_partial_line();
}

}  // namespace mexport::exporter
