// SPDX-License-Identifier: MIT
#include "libp2p/noise/channel.hpp"

#include <algorithm>
#include <utility>

namespace mexport::libp2p::noise {

base::Status Channel::receive(base::MutableByteView ciphertext, PlaintextSink& sink) {
  if (!partial_.empty()) {
    if (auto status = complete_partial(ciphertext, sink); !status) return status;
  }
  while (ciphertext.size() >= kLengthSize) {
    const auto length = read_length(ciphertext);
    if (ciphertext.size() - kLengthSize < length) break;
    const auto message = ciphertext.subspan(kLengthSize, length);
    ciphertext = ciphertext.subspan(kLengthSize + length);
    if (auto status = open_message(message, sink); !status) return status;
  }
  base::append(partial_, ciphertext);
  return {};
}

/// Takes from `ciphertext` what the incomplete frame lacks; opens and frees it when it is whole.
base::Status Channel::complete_partial(base::MutableByteView& ciphertext, PlaintextSink& sink) {
  const auto fill_to = [&](std::size_t size) {
    const auto missing = size - std::min(size, partial_.size());
    const auto taken = std::min(missing, ciphertext.size());
    base::append(partial_, ciphertext.first(taken));
    ciphertext = ciphertext.subspan(taken);
    return taken == missing;
  };
  if (!fill_to(kLengthSize) || !fill_to(kLengthSize + read_length(partial_))) return {};
  auto frame = std::exchange(partial_, {});
  return open_message(base::MutableByteView(frame).subspan(kLengthSize), sink);
}

base::Status Channel::open_message(base::MutableByteView message, PlaintextSink& sink) {
  if (auto status = receiving_.decrypt(aead_, {}, message, message); !status) return status;
  const auto size = message.size() - crypto::kAeadTagSize;
  if (size == 0) return {};
  return sink.on_plaintext(message.first(size));
}

void Channel::send(base::ByteView plaintext, base::Bytes& out) {
  while (!plaintext.empty()) {
    const auto size = std::min(plaintext.size(), kMaxPlaintext);
    const auto start = out.size();
    out.resize(start + kLengthSize + size + crypto::kAeadTagSize);
    write_length(size + crypto::kAeadTagSize, out.data() + start);
    sending_.encrypt(aead_, {}, plaintext.first(size),
                     base::MutableByteView(out).subspan(start + kLengthSize));
    plaintext = plaintext.subspan(size);
  }
}

}  // namespace mexport::libp2p::noise
