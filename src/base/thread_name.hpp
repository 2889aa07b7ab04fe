// SPDX-License-Identifier: MIT
#pragma once

namespace mexport::base {

/// Names the calling thread for the system's tools (top -H, /proc). At most 15 characters.
void name_this_thread(const char* name);

}  // namespace mexport::base
