#!/bin/sh
# Installs what netscope needs and this machine lacks. `scripts/setup.sh` for building, `scripts/setup.sh test` also for
# the test suite. Asks nothing, and says nothing about what is already there.
set -eu

purpose=${1:-build}
case $purpose in
build | test) ;;
*)
    echo "usage: scripts/setup.sh [build|test]" >&2
    exit 2
    ;;
esac

has() {
    command -v "$1" >/dev/null 2>&1
}

fail() {
    echo "setup: $1" >&2
    exit 1
}

# The manager, and what it calls each package.
libc= iproute=iproute2 strace=strace python=python3 browser=chromium tidy=tidy
latex="texlive-latex-base texlive-latex-recommended texlive-pictures"
if has apt-get; then
    manager=apt-get compiler=gcc cxx=g++ libc=libc6-dev pcap=libpcap-dev tshark=tshark
    # The browser without its windows brings less along; older Debians do not have it.
    headless=chromium-headless-shell
elif has dnf; then
    manager=dnf compiler=gcc cxx=gcc-c++ pcap=libpcap-devel tshark=wireshark-cli iproute=iproute
    latex="texlive-collection-latexrecommended texlive-pgf"
elif has pacman; then
    manager=pacman python=python compiler=gcc cxx=gcc pcap=libpcap tshark=wireshark-cli
    latex="texlive-latexrecommended texlive-pictures"
elif has apk; then
    manager=apk compiler=gcc cxx=g++ libc=musl-dev pcap=libpcap-dev tshark=tshark tidy=tidyhtml latex=texlive
elif has zypper; then
    manager=zypper compiler=gcc cxx=gcc-c++ pcap=libpcap-devel tshark=wireshark
    latex="texlive-collection-latexrecommended texlive-pgf"
else
    manager=none compiler="a C compiler" cxx="a C++ compiler" pcap="libpcap with its headers" tshark=tshark
fi

# libpcap is there when the C compiler links with it: a runtime library alone is not enough.
links_with_pcap() {
    has cc || return 1
    dir=$(mktemp -d)
    echo 'char *pcap_lib_version(void); int main(void) { return !pcap_lib_version(); }' >"$dir/probe.c"
    if cc "$dir/probe.c" -o "$dir/probe" ${LIBPCAP_LIBDIR:+-L"$LIBPCAP_LIBDIR"} -lpcap >/dev/null 2>&1; then
        found=0
    else
        found=1
    fi
    rm -r "$dir"
    return $found
}

has_browser() {
    [ -z "${CHROMIUM:-}" ] || return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable chromium-headless-shell; do
        ! has "$name" || return 0
    done
    return 1
}

# pdflatex with what the reports load.
has_latex() {
    has pdflatex && has kpsewhich && kpsewhich booktabs.sty tikz.sty >/dev/null 2>&1
}

missing=
has cc || missing="$missing $compiler${libc:+ $libc}"
links_with_pcap || missing="$missing $pcap"
if [ "$purpose" = test ]; then
    # The fuzzer is C++.
    has c++ || missing="$missing $cxx"
    has tshark || missing="$missing $tshark"
    # unshare and ip make the networks that some tests run in.
    has unshare || missing="$missing util-linux"
    has ip || missing="$missing $iproute"
    # Programs that are followed, and the tool that follows them as well.
    has python3 || missing="$missing $python"
    has strace || missing="$missing $strace"
    # Programs that read what netscope writes: pages, HTML, LaTeX.
    has_browser || missing="$missing $browser"
    has tidy || missing="$missing $tidy"
    has_latex || missing="$missing $latex"
fi

if [ -n "$missing" ]; then
    [ "$manager" != none ] || fail "please install:$missing (no package manager that this script knows was found)"
    if [ "$(id -u)" -eq 0 ]; then
        root=
    elif has sudo; then
        root=sudo
    else
        fail "missing:$missing. This user is not root and there is no sudo: install them as root, or build without libpcap: cargo build --no-default-features"
    fi
    echo "setup: installing$missing" >&2
    # $missing and $root are lists of words on purpose.
    # shellcheck disable=SC2086
    case $manager in
    apt-get)
        export DEBIAN_FRONTEND=noninteractive
        $root apt-get update -qq >&2 || echo "setup: the package lists could not be updated; trying with the old ones" >&2
        if apt-cache show "$headless" >/dev/null 2>&1; then
            missing=$(echo "$missing" | sed "s/ $browser\( \|\$\)/ $headless\1/")
        fi
        # sudo drops the environment, so the variable is set again behind it; tshark asks a question otherwise.
        # A machine that is thrown away need not wait for its disk.
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            ${CI:+-o Dpkg::Options::=--force-unsafe-io} $missing >&2
        ;;
    dnf) $root dnf install -y -q $missing >&2 ;;
    pacman) $root pacman -S --noconfirm --needed $missing >&2 ;;
    apk) $root apk add -q $missing >&2 ;;
    zypper) $root zypper --non-interactive --quiet install $missing >&2 ;;
    esac || fail "the package manager could not install:$missing"
    links_with_pcap || fail "libpcap was installed, and the linker still does not find it"
fi

if ! has cargo; then
    if [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        fail "the Rust toolchain is installed but not on the PATH: . \"${CARGO_HOME:-$HOME/.cargo}/env\""
    fi
    fail "the Rust toolchain is missing. Install it from https://rustup.rs (as yourself, not as root), then run this again"
fi
