// SPDX-License-Identifier: MIT
#include "monitor/loss.hpp"

namespace mexport::monitor {

std::string_view to_string(LossReason reason) {
  switch (reason) {
    case LossReason::queue_full:
      return "queue_full";
    case LossReason::queue_bytes:
      return "queue_bytes";
    case LossReason::sink_queue_full:
      return "sink_queue_full";
    case LossReason::disk_error:
      return "disk_error";
    case LossReason::stopped:
      return "stopped";
    case LossReason::spool_full:
      return "spool_full";
    case LossReason::unrouted:
      return "unrouted";
    case LossReason::refused:
      return "refused";
    case LossReason::host_queue_full:
      break;
  }
  return "host_queue_full";
}

}  // namespace mexport::monitor
