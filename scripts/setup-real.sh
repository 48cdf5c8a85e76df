#!/usr/bin/env bash
# Installs what `npm run test:real` runs against, on Debian or Ubuntu. As often as wanted; no service is started.
set -euo pipefail

# A program that must be there, and the package that has it.
declare -A needed=([etcd]=etcd-server [tmux]=tmux [zsh]=zsh [fish]=fish [faketime]=faketime)
packages=()
for program in "${!needed[@]}"; do
  if command -v "$program" >/dev/null; then
    printf '%s is there\n' "$program"
  else
    packages+=("${needed[$program]}")
  fi
done
if [ "${#packages[@]}" -eq 0 ]; then exit 0; fi

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
