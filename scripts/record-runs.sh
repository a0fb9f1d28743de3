#!/bin/sh
# Records captures/runs/ anew: small programs of tests/programs/ under `netscope run`, with their calls in the file.
#
#   scripts/record-runs.sh [NETSCOPE]     default: target/release/netscope
#
# Needs python3 and what `netscope doctor` calls private-network and tracing.
set -eu

cd "$(dirname "$0")/.."
netscope=${1:-${CARGO_TARGET_DIR:-target}/release/netscope}
if [ ! -x "$netscope" ]; then
    echo "$netscope is missing: run 'make build' first" >&2
    exit 1
fi
netscope=$(realpath "$netscope")
mkdir -p captures/runs
folder=$(realpath captures/runs)

# The commands and what the programs write are part of the file: no path of this machine in them.
cd tests/programs

record() {
    "$netscope" run --lang en --server "python3 $2 2>/dev/null" --client "python3 $3 2>/dev/null" --input "$4" --save "$folder/$1.pcapng" >/dev/null
}

record echo echo_server.py echo_client.py 'halo\nclose\n'
record unread unread_server.py echo_client.py 'halo\nclose\n'
record udp udp_server.py udp_client.py 'merah\n'
