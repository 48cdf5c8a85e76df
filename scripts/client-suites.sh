#!/usr/bin/env bash
# Runs tests of Toxiproxy clients of other languages, unmodified and as the registries have them, against `prism-chaos proxy`. Where a client comes
# without tests that want a server, scripts/client-suites has a use of it.
#   client-suites.sh fetch            fetches and builds the clients into .real/clients; needs go, cargo, a JDK, mvn, python3 with venv, npm
#   client-suites.sh run              runs them all; ports 8474 and 8475 must be free, because some suites know no other
#   client-suites.sh run toxiproxy    the same against the real server, for comparison
set -euo pipefail

# Where rustup and go.dev put theirs, for a shell that was not told.
PATH="$PATH:$HOME/.cargo/bin:/usr/local/go/bin"

root="$(cd "$(dirname "$0")/.." && pwd)"
uses="$root/scripts/client-suites"
clients="$root/.real/clients"
go_module=github.com/Shopify/toxiproxy/v2@v2.12.0
rust_version=0.1.6
java_version=2.1.7
python_version=0.1.1
node_version=4.1.0

fetch_go() {
  local source
  source="$(go mod download -json "$go_module" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')"
  # api_test.go starts a server in its own process on 8475; where that port is taken it talks to whoever listens there.
  (cd "$source" && CGO_ENABLED=0 go test -c -o "$clients/go/api.test" . && CGO_ENABLED=0 go build -o "$clients/go/toxiproxy-cli" ./cmd/cli)
  sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' "$source/api_test.go" >"$clients/go/tests"
}

fetch_rust() {
  local manifest
  mkdir -p src
  touch src/lib.rs
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\ntoxiproxy_rust = "=%s"\n' "$rust_version" >Cargo.toml
  manifest="$(cargo metadata --format-version 1 | grep -o '"manifest_path":"[^"]*toxiproxy_rust-[^"]*"' | cut -d'"' -f4)"
  rm -rf crate
  cp -r "$(dirname "$manifest")" crate
  (cd crate && cargo test --quiet --test toxiproxy_rust --no-run)
}

fetch_java() {
  cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>fetch</groupId><artifactId>fetch</artifactId><version>0</version>
  <dependencies>
    <dependency><groupId>eu.rekawek.toxiproxy</groupId><artifactId>toxiproxy-java</artifactId><version>$java_version</version></dependency>
  </dependencies>
</project>
POM
  mvn -q dependency:copy-dependencies -DoutputDirectory=jars
}

fetch_python() {
  python3 -m venv venv
  venv/bin/pip install --quiet --disable-pip-version-check "toxiproxy-python==$python_version"
}

fetch_node() {
  npm install --prefix . --silent --no-audit --no-fund "toxiproxy-node-client@$node_version"
}

fetch() {
  for client in go rust java python node; do
    mkdir -p "$clients/$client"
    if [ -e "$clients/$client/fetched" ]; then
      printf '%s: is there\n' "$client"
      continue
    fi
    (cd "$clients/$client" && "fetch_$client" && touch fetched)
    printf '%s: fetched\n' "$client"
  done
}

log="$(mktemp)"
server=""
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  server=""
}
trap 'stop; rm -f "$log"' EXIT

# Starts a server on a port, and waits until it listens.
start() {
  if [ "$kind" = toxiproxy ]; then
    "$root/.real/bin/toxiproxy-server" -host 127.0.0.1 -port "$1" >"$log" 2>&1 &
  else
    node "$root/bin/dev.js" proxy --host 127.0.0.1 --port "$1" >"$log" 2>&1 &
  fi
  server=$!
  for _ in $(seq 200); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && kill -0 "$server" 2>/dev/null; then return; fi
    sleep 0.05
  done
  printf 'no server on port %s:\n' "$1" >&2
  cat "$log" >&2
  exit 1
}

# Deletes every proxy of a server.
empty() {
  python3 - "$1" <<'PYTHON'
import json, sys
from urllib.request import Request, urlopen
for name in json.load(urlopen(sys.argv[1] + "/proxies")):
    urlopen(Request(sys.argv[1] + "/proxies/" + name, method="DELETE"))
PYTHON
}

# Tells how many tests of a suite passed, and whether all did.
tell() {
  printf '%s: %s of %s passed\n' "$1" "$2" "$3"
  if [ "$2" -ne "$3" ] || [ "$3" -eq 0 ]; then failed=1; fi
}

# The version test wants "git", which is what a server without a version says: 33 of 34 are asked. Each runs alone and leaves its
# proxies, because the suite empties only the server of its own process.
run_go() {
  local passed=0 all=0 test
  start 8475
  while read -r test; do
    if [ "$test" = TestVersionEndpointReturnsVersion ]; then continue; fi
    all=$((all + 1))
    if "$clients/go/api.test" -test.run "^$test\$" >"$clients/go/$test.log" 2>&1; then
      passed=$((passed + 1))
    else
      cat "$clients/go/$test.log" >&2
    fi
    empty http://127.0.0.1:8475
  done <"$clients/go/tests"
  stop
  tell "Go, api_test.go of Toxiproxy 2.12.0" "$passed" "$all"
}

# The steps of Toxiproxy's own end-to-end script, with its command line.
run_go_cli() {
  local passed=0 all=0 step cli="$clients/go/toxiproxy-cli"
  start 8474
  while read -r step; do
    all=$((all + 1))
    # shellcheck disable=SC2086
    if $cli $step >"$clients/go/cli.log" 2>&1; then passed=$((passed + 1)); else cat "$clients/go/cli.log" >&2; fi
  done <<STEPS
create -l 127.0.0.1:0 -u 127.0.0.1:9 shopify_http
list
toggle shopify_http
inspect shopify_http
toggle shopify_http
toxic add --downstream --type=latency --toxicName=latency_downstream --attribute=latency=1000 --attribute=jitter=50 --toxicity=0.99 shopify_http
inspect shopify_http
toxic update --toxicName=latency_downstream --attribute=jitter=20 --toxicity=0.7 shopify_http
inspect shopify_http
toxic delete --toxicName=latency_downstream shopify_http
toxic add --upstream --type=limit_data --toxicName=limit --attribute=bytes=3 shopify_http
toxic delete --toxicName=limit shopify_http
delete shopify_http
STEPS
  stop
  tell "Go, toxiproxy-cli 2.12.0" "$passed" "$all"
}

run_rust() {
  local output
  start 8474
  output="$(cd "$clients/rust/crate" && cargo test --offline --test toxiproxy_rust -- --test-threads 1 2>&1)" || printf '%s\n' "$output" >&2
  stop
  tell "Rust, toxiproxy_rust $rust_version" "$(grep -c '^test .* ok$' <<<"$output")" "$(grep -c '^test .* \.\.\. ' <<<"$output")"
}

# A use prints a line for each step: "ok ..." or "not ok ...".
run_use() {
  local output
  start 8474
  output="$("${@:2}" 2>&1)" || printf '%s\n' "$output" >&2
  stop
  tell "$1" "$(grep -c '^ok ' <<<"$output" || true)" "$(grep -cE '^(not )?ok ' <<<"$output" || true)"
}

run() {
  kind="${1:-built-in}"
  failed=0
  if [ ! -e "$clients/node/fetched" ]; then
    printf 'the clients are not there; scripts/client-suites.sh fetch gets them\n' >&2
    exit 69
  fi
  run_go
  run_go_cli
  run_rust
  run_use "Java, toxiproxy-java $java_version (a use)" java -cp "$clients/java/jars/*" "$uses/java-client-use.java"
  run_use "Python, toxiproxy-python $python_version (a use)" "$clients/python/venv/bin/python" "$uses/python-client-use.py"
  run_use "Node, toxiproxy-node-client $node_version (a use)" node "$uses/node-client-use.mjs" "$clients/node"
  exit "$failed"
}

case "${1:-}" in
  fetch) fetch ;;
  run) run "${2:-}" ;;
  *)
    sed -n '2,7p' "$0" >&2
    exit 64
    ;;
esac
