#!/bin/sh
# What following a program costs, beside strace: microseconds a socket call and a call that is not followed.
# Usage: scripts/trace-cost.sh [netscope]
set -eu
netscope=${1:-target/release/netscope}
program="python3 $(dirname "$0")/../tests/programs/pairs.py"
network() {
    unshare --user --map-root-user --net sh -c "ip link set lo up && $1"
}
for round in 1 2 3; do
    echo "round $round"
    echo "  alone:    $(network "$program" | tr '\n' ' ')"
    echo "  strace:   $(network "strace -f -o /dev/null --seccomp-bpf -e trace=%network,read,write,close $program" | tr '\n' ' ')"
    # shellcheck disable=SC2086
    echo "  netscope: $("$netscope" run --format json --timeout 60s -- $program |
        sed -n 's/.*"kind":"process".*"output":"\([^"]*\)".*/\1/p' | sed 's/\\n/ /g')"
done
