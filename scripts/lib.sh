# SPDX-License-Identifier: MIT
# Shared by ./run and ./test: the Debian packages, the presets, and a few words to the user.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mexport
# A second clone in another folder finds the first one's objects.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true

build_packages=(
  g++ cmake ninja-build pkg-config ccache mold git ca-certificates
  libboost1.81-dev libboost-json1.81-dev libboost-system1.81-dev libssl-dev libsodium-dev
  libprotozero-dev libisal-dev zlib1g-dev libsqlite3-dev librabbitmq-dev prometheus-cpp-dev libspdlog-dev libfmt-dev libcli11-dev libxxhash-dev
)
test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev
  clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev llvm-19
  python3 python3-venv python3-pip python3-pika python3-yaml rabbitmq-server prometheus docker-compose buildah openssl curl iproute2 zsh fish make
)

# Progress goes to stderr: the stdout of ./run belongs to mexport.
say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "neither root nor sudo: cannot run: $*"
  fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# need_packages NAME…: installs what is missing; touches neither apt nor the network when nothing is.
need_packages() {
  local missing=() name
  command -v dpkg-query >/dev/null || die "this script sets up Debian 12; elsewhere, see CONTRIBUTING.md for what is needed"
  for name in "$@"; do
    installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  install_packages "${missing[@]}" >&2 </dev/null
}

# Debian starts the daemons that it installs, unless this file says no; the tests start their own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d ours=no status=0
  as_root apt-get -q update
  if [ ! -e $policy ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy
    as_root chmod 755 $policy
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" || status=$?
  [ $ours = no ] || as_root rm $policy
  return $status
}

# configured PRESET TESTS: whether build/PRESET is ready, with (ON) or without (OFF) its tests.
configured() {
  local folder=$root/build/$1
  [ -f "$folder/build.ninja" ] && { [ "$2" = OFF ] || grep -q '^MEXPORT_TESTS:BOOL=ON$' "$folder/CMakeCache.txt"; }
}

# configure PRESET [CMAKE ARGUMENT…]
configure() {
  say "configuring build/$1"
  (cd "$root" && cmake --preset "$@" >&2)
}

# build PRESET TARGET…
build() {
  local preset=$1
  shift
  say "building build/$preset ($*)"
  (cd "$root" && cmake --build "build/$preset" --target "$@" >&2)
}
