#!/bin/sh
# Records captures/ anew: every demo with every variant, by netscope itself.
#
#   scripts/record-captures.sh [NETSCOPE]     default: target/release/netscope
#
# captures/extra/ is recorded by captures/extra/record.sh.
set -eu

cd "$(dirname "$0")/.."
netscope=${1:-${CARGO_TARGET_DIR:-target}/release/netscope}
if [ ! -x "$netscope" ]; then
    echo "$netscope is missing: run 'make build' first" >&2
    exit 1
fi

# One line a scenario, then its variants where it has several.
"$netscope" --lang en demo --list | awk '
    /^$/ { exit }
    /^ +variants: / { sub(/^ +variants: /, ""); gsub(/,/, ""); variants = $0; next }
    { flush(); name = $1; variants = "" }
    function flush(   n, all, i) {
        n = split(variants, all, " ")
        for (i = 1; i <= n; i++) print name, all[i]
        if (name != "" && n == 0) print name
    }
    END { flush() }
' | while read -r scenario variant; do
    file=captures/$scenario${variant:+-$variant}.pcapng
    # shellcheck disable=SC2086 # the option and its value, or nothing
    "$netscope" demo "$scenario" ${variant:+--variant $variant} --save "$file" --lang en --quiet </dev/null >/dev/null
    echo "$file"
done
