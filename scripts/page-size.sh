#!/bin/sh
# How long a page takes and how large it is beside the JSON lines of the same capture, for about 100,000 packets of each shape:
# `scripts/page-size.sh [NETSCOPE] [GENERATE]`. The best of three runs. Fails where the page takes three times as long, or is larger.
set -eu

netscope=${1:-target/release/netscope}
generate=${2:-target/release/examples/generate}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
failed=0

# Seconds of the fastest of three runs, with the output in a file.
best() {
    for _ in 1 2 3; do
        LC_ALL=C sh -c '/usr/bin/time -f %e -o "$1" "$2" open "$3" --format "$4" -q -o "$5" "$6" "$7"' \
            sh "$folder/time" "$netscope" "$1" "$2" "$folder/out.$2" "${3:---lang}" "${4:-en}"
        cat "$folder/time"
    done | sort -n | head -1
}

echo "| capture | packets | JSON lines | page | time | size | page of connection 0 | page with --limit 1000 |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- |"
for shape in "many 70" "bulk 100" "tiny 8"; do
    set -- $shape
    packets=$("$generate" --shape "$1" --mb "$2" -o "$folder/x.pcap" 2>&1 | cut -d' ' -f1)
    jsonl=$(best "$folder/x.pcap" jsonl)
    page=$(best "$folder/x.pcap" html)
    lines=$(wc -c <"$folder/out.jsonl")
    size=$(wc -c <"$folder/out.html")
    best "$folder/x.pcap" html --conn 0 >/dev/null
    one=$(wc -c <"$folder/out.html")
    best "$folder/x.pcap" html --limit 1000 >/dev/null
    few=$(wc -c <"$folder/out.html")
    awk -v shape="$1" -v n="$packets" -v a="$jsonl" -v b="$page" -v lines="$lines" -v size="$size" -v one="$one" -v few="$few" 'BEGIN {
        printf "| %s | %d | %.2f s, %.1f MB | %.2f s, %.1f MB, %d bytes a packet | × %.2f | × %.2f | %.1f MB | %.1f MB |\n",
            shape, n, a, lines / 1e6, b, size / 1e6, size / n, b / a, size / lines, one / 1e6, few / 1e6
        exit !(b < 3 * a && size <= lines)
    }' || failed=1
done
exit $failed
