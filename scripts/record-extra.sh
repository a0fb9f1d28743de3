#!/bin/sh
# Records captures/extra/ anew: exchanges of real kernels that no demo makes, each by the small program beside it.
#
#   scripts/record-extra.sh [NETSCOPE]     default: target/release/netscope
#
# Needs python3, unshare and ip; every program runs in a network namespace of its own.
set -eu

cd "$(dirname "$0")/.."
netscope=${1:-${CARGO_TARGET_DIR:-target}/release/netscope}
if [ ! -x "$netscope" ]; then
    echo "$netscope is missing: run 'make build' first" >&2
    exit 1
fi
netscope=$(realpath "$netscope")

record() {
    # Offloads off and the MTU of Ethernet, so that segments are as on a wire.
    unshare --user --map-root-user --net sh -c '
        ip link set lo mtu 1500 up
        ip link set lo gso_max_segs 1 2>/dev/null || true
        "$0" capture -i lo --save "$2" --lang en >/dev/null 2>"$2.log" &
        capture=$!
        until [ -s "$2.log" ]; do sleep 0.05; done
        python3 "$1"
        sleep 0.2
        kill -INT "$capture"
        wait "$capture"
        rm "$2.log"
    ' "$netscope" "$1" "$2"
}

for program in captures/extra/*.py; do
    rule=$(basename "$program" .py)
    file=captures/extra/$rule.pcapng
    tries=1
    record "$program" "$file"
    until "$netscope" open "$file" --format jsonl | grep -q "\"$rule\""; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ]; then
            echo "$file: $rule did not happen in 200 tries" >&2
            exit 1
        fi
        record "$program" "$file"
    done
    echo "$file ($tries)"
done
