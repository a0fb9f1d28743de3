#!/usr/bin/env bash
# Runs every fuzz target for a bounded time: scripts/fuzz.sh [SECONDS [TARGET…]]. Needs a C++ compiler and nothing else:
# the coverage that libFuzzer steers by is a compiler pass that stable Rust has, too. cargo-fuzz works on the same crate.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(pcap pcapng decode track open)

export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-$PWD/target}
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
# With a target named, build scripts and procedural macros are built without the coverage pass.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --release --quiet --target "$host"

for target in "${targets[@]}"; do
    found=$(mktemp -d)
    mkdir -p artifacts
    printf '%s: ' "$target"
    log=$(mktemp)
    # The corpus that is kept is read; what is found goes elsewhere, so that a run changes nothing.
    if ! "$CARGO_TARGET_DIR/$host/release/$target" "$found" "corpus/$target" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -max_len="${MAX_LEN:-8192}" -artifact_prefix="artifacts/$target-" -print_final_stats=1 2>"$log"; then
        tail -40 "$log"
        exit 1
    fi
    printf 'edges %s ' "$(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -c6-)"
    sed -n 's/^stat::number_of_executed_units: */executions /p; s/^stat::average_exec_per_sec: */per second /p; s/^stat::peak_rss_mb: */peak MB /p' "$log" | paste -sd' '
    rm -rf "$found" "$log"
done
