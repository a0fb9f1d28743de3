#!/bin/sh
# Draws every recorded capture with a netscope and checks the pictures with the programs that will read them: pdflatex
# compiles the LaTeX, an XML parser reads the SVG, Mermaid's own parser takes the diagrams (npm fetches it).
# `scripts/pictures.sh [NETSCOPE] [FOLDER]` leaves everything in FOLDER. What is missing is said; the rest is checked.
set -eu

netscope=${1:-target/release/netscope}
folder=${2:-$(mktemp -d)}
mkdir -p "$folder"
failed=0

bad() {
    echo "pictures: $1" >&2
    failed=1
}

has() {
    command -v "$1" >/dev/null 2>&1 || {
        bad "$1 is missing, so $2 is not checked"
        return 1
    }
}

for capture in captures/*.pcapng captures/extra/*.pcapng; do
    for lang in en id; do
        name=$folder/$(basename "$capture" .pcapng).$lang
        for ending in svg mmd tex; do
            "$netscope" open "$capture" --lang "$lang" -o "$name.$ending" || bad "$capture as $ending"
        done
        for kind in time-sequence tcptrace throughput rtt in-flight; do
            # A capture without TCP has no plots, and of several connections the first is drawn.
            if "$netscope" open "$capture" --connections --format jsonl | grep -q '"proto":"tcp","conn":0,'; then
                "$netscope" plot "$capture" --conn 0 --kind $kind --lang "$lang" -o "$name.$kind.svg" ||
                    bad "the plot $kind of $capture"
            fi
        done
    done
done

if has xmllint SVG; then
    xmllint --noout "$folder"/*.svg || bad "an SVG is no XML"
fi
if has pdflatex LaTeX; then
    for tex in "$folder"/*.tex; do
        pdflatex -interaction=nonstopmode -halt-on-error -output-directory "$folder" "$tex" >"${tex%.tex}.out" 2>&1 ||
            bad "pdflatex refuses $tex: see ${tex%.tex}.out"
    done
fi
if has npm Mermaid; then
    (cd "$folder" && npm install --silent --no-save mermaid jsdom >/dev/null) || bad "npm could not fetch Mermaid"
    cat >"$folder/parse.mjs" <<'JS'
import fs from "fs";
import { JSDOM } from "jsdom";
const { window } = new JSDOM("<!DOCTYPE html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
for (const file of process.argv.slice(2)) {
    try {
        await mermaid.parse(fs.readFileSync(file, "utf8"));
    } catch (error) {
        console.error(file, error.message);
        process.exitCode = 1;
    }
}
JS
    node "$folder/parse.mjs" "$folder"/*.mmd || bad "Mermaid refuses a diagram"
fi
[ $failed -eq 0 ] && echo "pictures: everything in $folder is accepted"
exit $failed
