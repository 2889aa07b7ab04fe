// SPDX-License-Identifier: MIT
#include "libp2p/swarm_counters.hpp"

namespace mexport::libp2p {
namespace {

using List = std::vector<std::pair<std::string, std::uint64_t>>;

template <class Reason, std::size_t N>
void append(List& list, const std::string& prefix, const std::array<base::Counter, N>& counters) {
  for (std::size_t i = 0; i < N; ++i) {
    const auto name = to_string(static_cast<Reason>(i));
    list.emplace_back(prefix + std::string(name), counters[i].value());
  }
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> SwarmCounters::list() const {
  List list{
      {"accepted", accepted.value()},
      {"connected", connected.value()},
      {"security_put_off", security_put_off.value()},
      {"refused_filtered", refused_filtered.value()},
      {"streams_refused", streams_refused.value()},
      {"streams_refused_per_protocol", streams_refused_per_protocol.value()},
      {"closed_for_bytes", closed_for_bytes.value()},
      {"closed_for_bytes_total", closed_for_bytes_total.value()},
      {"closed_for_streams", closed_for_streams.value()},
      {"stream_negotiation_failed", stream_negotiation_failed.value()},
      {"stream_negotiation_timeout", stream_negotiation_timeout.value()},
      {"dials", dials.value()},
      {"dials_failed", dials_failed.value()},
      {"dials_failed_locally", dials_failed_locally.value()},
      {"dials_backed_off", dials_backed_off.value()},
      {"dials_without_room", dials_without_room.value()},
      {"dials_forbidden", dials_forbidden.value()},
      {"identify_completed", identify_completed.value()},
      {"identify_failed", identify_failed.value()},
      {"identify_answered", identify_answered.value()},
      {"identify_push_received", identify_push_received.value()},
      {"identify_push_sent", identify_push_sent.value()},
      {"identify_bad_push", identify_bad_push.value()},
      {"identify_push_refused", identify_push_refused.value()},
      {"ping_answered", ping_answered.value()},
      {"ping_refused", ping_refused.value()},
  };
  append<AdmissionRefusal>(list, "refused_", refused);
  append<UpgradeFailure>(list, "handshake_failed_inbound_", handshake_failed_inbound);
  append<UpgradeFailure>(list, "handshake_failed_outbound_", handshake_failed_outbound);
  append<SecurityProtocol>(list, "secured_", secured);
  append<SecurityProtocol>(list, "bytes_in_", bytes_in);
  append<SecurityProtocol>(list, "bytes_out_", bytes_out);
  append<SecurityProtocol>(list, "security_failed_", security_failed);
  append<CloseReason>(list, "closed_", closed);
  append<CloseCode>(list, "close_code_received_", close_codes_received);
  append<CloseCode>(list, "close_code_sent_", close_codes_sent);
  return list;
}

}  // namespace mexport::libp2p
