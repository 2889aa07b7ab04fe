// SPDX-License-Identifier: MIT
#include "app/commands/block.hpp"

#include "app/config_sources.hpp"
#include "app/node_options.hpp"
#include "app/output.hpp"
#include "base/file_descriptor.hpp"
#include "crypto/multihash_digest.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace mexport::app {

namespace {

using multiformats::Cid;

/// nullopt: it has been said why.
std::optional<storage::BlockFiles> store_of(const ConfigOptions& options) {
  const auto effective = effective_config(options);
  if (effective) return block_files(effective->config);
  complain_all(effective.error());
  return std::nullopt;
}

/// nullopt: it has been said which is none.
std::optional<std::vector<Cid>> cids_of(const std::vector<std::string>& texts) {
  std::vector<Cid> cids;
  for (const auto& text : texts) {
    auto cid = Cid::from_string(text);
    if (!cid) {
      complain(fmt::format("{} is no CID: {}", text, cid.error().message()));
      return std::nullopt;
    }
    cids.push_back(std::move(*cid));
  }
  return cids;
}

/// Up to one byte more than a block may have.
base::Result<base::Bytes> read_all(int file) {
  base::Bytes data;
  std::array<std::uint8_t, 64 << 10> piece{};
  while (data.size() <= storage::kMaxBlockSize) {
    const ssize_t size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return base::fail(std::error_code(errno, std::system_category()));
    if (size == 0) break;
    base::append(data, base::ByteView(piece).first(static_cast<std::size_t>(size)));
  }
  return data;
}

base::Result<base::Bytes> read_file(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO);
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return base::fail(std::error_code(errno, std::system_category()));
  return read_all(file.get());
}

Cid cid_of(base::ByteView data, std::uint64_t codec) {
  constexpr auto kSha256 = static_cast<std::uint64_t>(crypto::HashCode::sha2_256);
  constexpr std::size_t kSize = 32;
  base::Bytes digest;
  // The function has that size.
  static_cast<void>(crypto::append_digest(kSha256, kSize, data, digest));
  return Cid::v1(codec, kSha256, digest);
}

/// The CID under which the file's content is there now.
base::Result<Cid> put_file(storage::BlockFiles& store, const std::string& path,
                           std::uint64_t codec) {
  const auto data = read_file(path);
  if (!data) return base::fail(data.error());
  auto cid = cid_of(*data, codec);
  if (auto put = store.put(cid, *data); !put) return base::fail(put.error());
  return cid;
}

}  // namespace

int block_put(const BlockPutOptions& options) {
  auto store = store_of(options.config);
  if (!store) return kUsage;
  Output out;
  for (const auto& path : options.files) {
    const auto cid = put_file(*store, path, static_cast<std::uint64_t>(options.codec));
    if (!cid) {
      out.finish();
      complain(
          fmt::format("cannot put {}: {}", path == "-" ? "stdin" : path, cid.error().message()));
      return kFailure;
    }
    out.write(cid->to_string() + "\n");
  }
  return out.finish();
}

int block_get(const BlockGetOptions& options) {
  const auto cids = cids_of({options.cid});
  const auto store = cids ? store_of(options.config) : std::nullopt;
  if (!store) return kUsage;
  const auto data = store->get(cids->front());
  if (!data) {
    complain(fmt::format("cannot read block {}: {}", options.cid, data.error().message()));
    return kFailure;
  }
  if (!*data) {
    complain(fmt::format("block {} is not in {}", options.cid, store->folder().string()));
    return kFailure;
  }
  return print(base::as_text(**data));
}

int block_remove(const BlockRemoveOptions& options) {
  const auto cids = cids_of(options.cids);
  auto store = cids ? store_of(options.config) : std::nullopt;
  if (!store) return kUsage;
  Output out;
  bool failed = false;
  for (std::size_t i = 0; i < cids->size(); ++i) {
    const auto& text = options.cids[i];
    const auto removed = store->remove((*cids)[i]);
    if (removed && *removed) {
      out.write("removed " + text + "\n");
      continue;
    }
    failed = true;
    complain(removed ? fmt::format("block {} is not in {}", text, store->folder().string())
                     : fmt::format("cannot remove block {}: {}", text, removed.error().message()));
  }
  const auto written = out.finish();
  return failed ? kFailure : written;
}

int block_list(const BlockListOptions& options) {
  const auto store = store_of(options.config);
  if (!store) return kUsage;
  const auto blocks = store->list();
  if (!blocks) {
    complain(fmt::format("cannot read {}: {}", store->folder().string(), blocks.error().message()));
    return kFailure;
  }
  Output out;
  for (const auto& block : *blocks) {
    const auto cid = block.cid.to_string();
    out.write(options.sizes ? fmt::format("{} {}\n", cid, block.size) : cid + "\n");
  }
  return out.finish();
}

}  // namespace mexport::app
