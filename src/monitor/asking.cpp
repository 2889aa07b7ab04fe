// SPDX-License-Identifier: MIT
#include "monitor/asking.hpp"

namespace mexport::monitor {

std::string_view to_string(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::have:
      return "have";
    case AnswerKind::dont_have:
      return "dont_have";
    case AnswerKind::block:
      break;
  }
  return "block";
}

}  // namespace mexport::monitor
