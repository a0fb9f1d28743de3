#!/bin/sh
# Runs `netscope demo tcp` many times and looks at every run: it must succeed, no packet may be missing, both FINs and
# the data between them must be there, and the states must be right. Ends with the median wall time.
#
#   scripts/steady.sh [RUNS [NETSCOPE]]     default: 100 target/release/netscope
set -eu

runs=${1:-100}
netscope=${2:-${CARGO_TARGET_DIR:-target}/release/netscope}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What one run's records must say; prints what they do not.
judge() {
    awk '
        function value(key,   rest) {
            if (!match($0, "\"" key "\":(\"[^\"]*\"|\\[[^]]*\\]|[^,}]*)")) return ""
            rest = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
            gsub(/[]"[]/, "", rest)
            return rest
        }
        /^{"kind":"packet"/ {
            way = value("dir"); len = value("len"); flags = value("flags"); seq = value("seq"); packets++
            if (value("frame") != packets) print "frame " packets " has another number"
            span = len + (flags ~ /SYN|FIN/ ? 1 : 0)
            if (span > 0 && seq != nxt[way] + 0) print "frame " packets ": seq " seq " where " nxt[way] + 0 " is next"
            if (span > 0) nxt[way] = seq + span
            if (flags ~ /FIN/) fins = fins (fins ? " " : "") way
            else if (len > 0 && fins == "c2s" && way == "s2c") between += len
            client = value("client_state"); server = value("server_state")
        }
        /^{"kind":"connection"/ {
            connections++
            if (value("close") != "fin" || value("closed_by") != "client") print "not closed by FIN of the client"
            if ($0 !~ /"bytes_after":21,"accepted":true/) print "not half-closed with 21 bytes accepted"
        }
        /^{"kind":"end"/ { end = $0 }
        END {
            # Three ACKs leave alone only where their end is late: of the second request, of its reply, of the last words.
            if (packets < 14 || packets > 17) print packets + 0 " packets"
            if (fins != "c2s s2c") print "FINs: " fins
            if (between != 21) print between + 0 " bytes between the FINs"
            if (nxt["c2s"] != 28 || nxt["s2c"] != 69) print "ends at " nxt["c2s"] " and " nxt["s2c"]
            if (client != "TIME-WAIT" || server != "CLOSED") print "ends in " client " and " server
            if (connections != 1) print connections + 0 " connections"
            if (end !~ "\"complete\":true,\"packets\":" packets ",\"dropped\":0") print "end: " end
        }
    ' "$1"
}

good=0
run=1
while [ "$run" -le "$runs" ]; do
    began=$(date +%s%N)
    code=0
    "$netscope" demo tcp --format jsonl >"$work/out" 2>"$work/err" </dev/null || code=$?
    echo $((($(date +%s%N) - began) / 1000000)) >>"$work/times"
    wrong=$(judge "$work/out")
    if [ "$code" -eq 0 ] && [ -z "$wrong" ] && [ ! -s "$work/err" ]; then
        good=$((good + 1))
    else
        echo "run $run: exit $code"
        echo "$wrong"
        cat "$work/err"
    fi
    run=$((run + 1))
done
median=$(sort -n "$work/times" | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }')
slowest=$(sort -n "$work/times" | tail -1)
echo "$good of $runs runs good; wall time: median $median ms, slowest $slowest ms"
[ "$good" -eq "$runs" ]
