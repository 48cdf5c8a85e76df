#!/usr/bin/env bash
# Installs what `npm run test:real` runs against, on Debian or Ubuntu. As often as wanted; no service is started.
set -euo pipefail

if command -v etcd >/dev/null; then
  printf 'etcd is there: %s\n' "$(etcd --version | head -n 1)"
  exit 0
fi

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
install() { $sudo apt-get install -y --no-install-recommends etcd-server; }
install || { $sudo apt-get update && install; }
printf 'installed: %s\n' "$(etcd --version | head -n 1)"
