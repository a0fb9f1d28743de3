#!/bin/sh
# What following a program costs, beside strace: microseconds a socket call and a call that is not followed (medians), and the
# overhead of netscope as a share of strace's. Rounds alternate; on a busy machine look at the smallest of many.
# Usage: scripts/trace-cost.sh [netscope [rounds]]
set -eu
netscope=${1:-target/release/netscope}
rounds=${2:-3}
program="python3 $(dirname "$0")/../tests/programs/pairs.py"
network() {
    unshare --user --map-root-user --net sh -c "ip link set lo up && $1" | tr '\n' ' '
}
round=1
while [ "$round" -le "$rounds" ]; do
    alone=$(network "$program")
    strace=$(network "strace -f -o /dev/null --seccomp-bpf -e trace=%network,read,write,close $program")
    # shellcheck disable=SC2086
    followed=$("$netscope" run --format json --timeout 120s -- $program |
        sed -n 's/.*"kind":"process".*"output":"\([^"]*\)".*/\1/p' | sed 's/\\n/ /g')
    echo "round $round"
    echo "  alone:    $alone"
    echo "  strace:   $strace"
    echo "  netscope: $followed"
    echo "$alone $strace $followed" |
        awk '{ printf "  overhead: %.1f us a call, %.2f of strace; %.2f us a call that is not followed\n", $10 - $2, ($10 - $2) / ($6 - $2), $12 - $4 }'
    round=$((round + 1))
done
