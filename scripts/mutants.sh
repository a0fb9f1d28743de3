#!/usr/bin/env bash
# Changes the code in one place at a time and looks whether a test notices: scripts/mutants.sh [GLOB…], without one all of
# src/annotate and src/track. The library's own tests come first; what they miss is shown to the tests of the whole
# program. Ends with the numbers for docs/mutants.md and the survivors. Takes hours for everything, minutes for a file.
# Needs cargo-mutants: cargo install --locked cargo-mutants
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cargo-mutants >/dev/null || {
    echo "cargo-mutants is missing: cargo install --locked cargo-mutants" >&2
    exit 2
}
globs=("$@")
[ ${#globs[@]} -gt 0 ] || globs=('src/annotate/**' 'src/track/**')
files=()
for glob in "${globs[@]}"; do files+=(--file "$glob"); done
out=${MUTANTS_OUT:-$PWD/target/mutants}
rm -rf "$out"
mkdir -p "$out"
export CARGO_PROFILE_DEV_DEBUG=0

# Survivors and timeouts are results, not failures; anything else that goes wrong is one.
pass() {
    local code=0
    nice -n 10 cargo mutants --no-shuffle --colors never --output "$out" "${files[@]}" "$@" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || [ "$code" -eq 3 ]
}

count() {
    wc -l <"$1"
}

pass -- --lib
first=$out/first
cp -r "$out/mutants.out" "$first"
# What is neither caught nor impossible to build runs once more, with every test that reads captures.
pass --iterate -- --lib --test catalogue_rules --test captures --test report --test catalogue --test cli
second=$out/mutants.out

total=$(cargo mutants --list "${files[@]}" | wc -l)
printf '\n| mutants | do not build | caught by the library'"'"'s tests | caught by the other tests | timeout | survive |\n'
printf '| --- | --- | --- | --- | --- | --- |\n'
printf '| %d | %d | %d | %d | %d | %d |\n\n' "$total" "$(count "$first/unviable.txt")" "$(count "$first/caught.txt")" \
    "$(count "$second/caught.txt")" "$(count "$second/timeout.txt")" "$(count "$second/missed.txt")"
cat "$second/timeout.txt" "$second/missed.txt"
