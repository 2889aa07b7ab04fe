// SPDX-License-Identifier: MIT
#include "libp2p/noise/channel.hpp"

#include <algorithm>

namespace mexport::libp2p::noise {

base::Status Channel::receive(base::MutableByteView ciphertext, PlaintextSink& sink) {
  return frames_.feed(ciphertext, [&](base::MutableByteView frame) {
    return open_message(frame.subspan(kLengthSize), sink);
  });
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
