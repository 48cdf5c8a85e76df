#!/usr/bin/env bash
# Installs what `npm run test:real` runs against, on Debian or Ubuntu. As often as wanted; no service is started.
set -euo pipefail

declare -A packages=([etcd]=etcd-server [tmux]=tmux)
missing=()
for program in "${!packages[@]}"; do
  if ! command -v "$program" >/dev/null; then missing+=("${packages[$program]}"); fi
done

if [ "${#missing[@]}" -gt 0 ]; then
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
  install() { $sudo apt-get install -y --no-install-recommends "${missing[@]}"; }
  install || { $sudo apt-get update && install; }
fi
printf 'there: %s, %s\n' "$(etcd --version | head -n 1)" "$(tmux -V)"
