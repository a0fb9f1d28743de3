#!/bin/sh
# Makes the pictures in docs/pictures/: `scripts/screenshots.sh [NETSCOPE]`. The drawings are netscope's own; the pages are
# photographed in headless Chromium (CHROMIUM names it, else it is looked for).
set -eu

netscope=${1:-target/release/netscope}
place=docs/pictures
mkdir -p "$place"

for lang in en id; do
    "$netscope" open captures/half-close.pcapng --lang "$lang" -o "$place/half-close.$lang.svg"
    "$netscope" open captures/reordering-three-places.pcapng --lang "$lang" -o "$place/reordering.$lang.svg"
    "$netscope" plot captures/rto-backoff.pcapng --kind tcptrace --lang "$lang" -o "$place/plot.$lang.svg"
done

browser=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
    echo "screenshots: no Chromium, so the pictures of the page stay as they are" >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for lang in en id; do
    "$netscope" open captures/half-close.pcapng --lang "$lang" -o "$folder/page.html"
    # The page as it is after two steps: the script is the page's own, the last line only presses its buttons.
    printf '<script>addEventListener("load",function(){setTimeout(function(){document.querySelector("[data-step=first]").click();for(var i=0;i<6;i++)document.querySelector("[data-step=next]").click();scrollTo(0,0)},300)})</script>\n' >>"$folder/page.html"
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1400,1000 --virtual-time-budget=3000 \
        --screenshot="$place/page.$lang.png" "file://$folder/page.html" >/dev/null 2>&1
    "$netscope" report captures/half-close.pcapng --lang "$lang" -o "$folder/lab.html"
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,1600 --virtual-time-budget=2000 \
        --screenshot="$place/lab.$lang.png" "file://$folder/lab.html" >/dev/null 2>&1
done
ls "$place"
