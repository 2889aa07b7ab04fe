// SPDX-License-Identifier: MIT
#include "tests/sim/intruder.hpp"

#include <string_view>
#include <utility>

namespace mexport::sim {

void Intruder::join(const multiformats::Multiaddr& monitor) {
  dial_ = transport_.dial(monitor, [this](base::Result<libp2p::RawConnectionPtr> result) {
    if (!result) return;
    raw_ = std::move(*result);
    raw_->start(*this);
    raw_->write(greeting());
  });
}

void Intruder::leave() {
  dial_.reset();
  raw_.reset();
}

base::Bytes Intruder::greeting() {
  constexpr std::string_view kGreeting = "\x13/multistream/1.0.0\n\x07/noise\n";
  auto bytes = base::to_bytes(base::as_bytes(kGreeting));
  switch (random_.below(3)) {
    case 0:
      return {};
    case 1:
      bytes.resize(random_.below(bytes.size()));
      return bytes;
    default:
      bytes.resize(random_.below(2) == 0 ? 0 : bytes.size());
      for (auto left = random_.below(2'000); left > 0; --left) {
        bytes.push_back(static_cast<std::uint8_t>(random_.next()));
      }
      return bytes;
  }
}

}  // namespace mexport::sim
