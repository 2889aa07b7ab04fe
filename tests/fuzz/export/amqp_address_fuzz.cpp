// SPDX-License-Identifier: MIT
// Any text as a list of brokers: what is accepted is shown in a form that says the same, without
// its password.
#include "base/bytes.hpp"
#include "export/amqp/address.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mexport::exporter::amqp;
  const auto list = parse_addresses(mexport::base::as_text({data, size}));
  if (!list) {
    if (to_string(list.error()).empty()) std::abort();
    return 0;
  }
  if (list->size() > kMaxBrokers) std::abort();
  for (const auto& address : *list) {
    auto again = parse_address(address.to_string());
    if (!again || again->password.reveal() != "(hidden)") std::abort();
    again->password = address.password;
    if (*again != address) std::abort();
  }
  return 0;
}
