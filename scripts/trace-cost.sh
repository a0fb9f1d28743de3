#!/bin/sh
# What following a program costs, beside strace: microseconds a socket call and a call that is not followed (medians), and the
# overhead of netscope as a share of strace's. Rounds alternate; on a busy machine look at the smallest of many.
# Usage: scripts/trace-cost.sh [netscope [rounds [more]]]
# "more" (any word): also strace without a filter, and strace with stacks (-k), in a single round that takes minutes.
set -eu
netscope=${1:-target/release/netscope}
rounds=${2:-3}
more=${3:-}
# The interpreter itself: what python3 is may be a script, whose calls are none of ours.
python=$(python3 -c 'import sys; print(sys.executable)')
program="$python $(dirname "$0")/../tests/programs/pairs.py"
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
    echo "$alone $strace $followed"
    round=$((round + 1))
done | awk '
    function median(a, n,    i, j, t) {
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && a[j] < a[j - 1]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
        return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
    }
    function say(what, alone, strace, ours, other) {
        printf "%-10s alone %.1f, strace %.1f, netscope %.1f us a call: overhead %.1f us, %.2f of strace; %.2f us a call that is not followed\n",
            what, alone, strace, ours, ours - alone, (ours - alone) / (strace - alone), other
        fflush()
    }
    {
        n++
        alone[n] = $2; strace[n] = $6; ours[n] = $10; other[n] = $12 - $4
        say("round " n ":", $2, $6, $10, $12 - $4)
    }
    END {
        say("medians:", median(alone, n), median(strace, n), median(ours, n), median(other, n))
        # They are in order now.
        say("smallest:", alone[1], strace[1], ours[1], other[1])
    }'
if [ -n "$more" ]; then
    echo "strace -f:    $(network "strace -f -o /dev/null $program")"
    echo "strace -f -k: $(network "strace -f -k -o /dev/null --seccomp-bpf -e trace=%network $program")"
fi
