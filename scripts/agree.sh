#!/bin/sh
# Holds the inferred states against the kernel's own over N exchanges made by chance, and says what came of it.
#
#   scripts/agree.sh [N [SEED]]     default: 1000 1
set -eu

cd "$(dirname "$0")/.."
NETSCOPE_AGREE=${1:-1000} NETSCOPE_AGREE_SEED=${2:-1} cargo test --test agree -- --nocapture
