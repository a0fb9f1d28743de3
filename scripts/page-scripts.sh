#!/bin/sh
# Fetches the two scripts of others that `make pages` runs in the browser: axe-core and Mermaid's parser. Each is taken
# from its npm package at one version and must have one digest. They are kept below the build folder.
set -eu
cd "$(dirname "$0")/.."
to=${CARGO_TARGET_DIR:-target}/tmp/page-scripts

fetch() {
    package=$1 version=$2 inside=$3 digest=$4
    file=$to/${inside##*/}
    if [ -f "$file" ] && echo "$digest  $file" | sha256sum --check --status; then
        return
    fi
    folder=$(mktemp -d)
    command -v npm >/dev/null 2>&1 || {
        echo "page-scripts: npm is needed to fetch $package (apt-get install npm)" >&2
        exit 1
    }
    (cd "$folder" && npm pack --silent "$package@$version" >/dev/null && tar xzf ./*.tgz)
    echo "$digest  $folder/package/$inside" | sha256sum --check --status || {
        echo "page-scripts: $inside of $package $version is not what it was" >&2
        exit 1
    }
    mkdir -p "$to"
    mv "$folder/package/$inside" "$file"
    rm -r "$folder"
}

fetch axe-core 4.14.1 axe.min.js 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
fetch @mermaid-js/tiny 11.17.2 dist/mermaid.tiny.js 7a644017d37f93c8359790884e6b67fb1f747c78eb20475952404bd87190a3f8
