#!/usr/bin/env python3
"""Fetches public captures for scripts/parity.py: the test data of other network tools, out of the source packages of this
machine's Debian. They are of many authors and licences, and stay outside the repository.

    scripts/public-captures.py DIRECTORY

Needs apt-get; no root, and no change to the machine's own sources. What the mirror does not have is named and left out.
"""
import gzip
import hashlib
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request

# No compiled copy of it is left beside the scripts.
sys.dont_write_bytecode = True
from parity import MAGICS

PACKAGES = ["aircrack-ng", "dnscap", "golang-github-google-gopacket", "golang-github-gopacket-gopacket", "libnet-pcap-perl",
            "libpcap", "ndpi", "nfdump", "python-dpkt", "ruby-packetfu", "scapy", "snort", "suricata", "tcpdump", "tcpflow",
            "tcpreplay", "tcptrace", "wireshark"]
LARGEST = 300_000_000


class Apt:
    """apt-get with the machine's sources as source packages, in a folder of its own."""

    def __init__(self, folder):
        wanted = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)"],
                                capture_output=True, text=True, check=True).stdout
        lines = set()
        for line in wanted.splitlines():
            if line.endswith(" main"):
                lines.add(f"deb-src {line}\n")
        (folder / "sources.list").write_text("".join(sorted(lines)))
        (folder / "lists" / "partial").mkdir(parents=True)
        self.command = ["apt-get", "-q", "-o", f"Dir::Etc::SourceList={folder / 'sources.list'}", "-o", "Dir::Etc::SourceParts=-",
                        "-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder}"]
        subprocess.run([*self.command, "update"], capture_output=True)

    def addresses(self, package):
        """Where the upstream archives of a package lie."""
        found = subprocess.run([*self.command, "--print-uris", "--download-only", "source", package], capture_output=True, text=True)
        return re.findall(r"'(\S+\.orig[^']*\.tar\.[a-z0-9]+)'", found.stdout)


def unpack(archive, package, directory, seen):
    """Writes the captures of an archive, each once."""
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile() or not 24 <= member.size <= LARGEST:
                continue
            data = tar.extractfile(member).read()
            if data[:2] == b"\x1f\x8b":
                try:
                    data = gzip.decompress(data)
                except (OSError, EOFError):
                    continue
            digest = hashlib.sha1(data).hexdigest()
            if data[:4] in MAGICS and digest not in seen:
                seen.add(digest)
                name = pathlib.PurePath(member.name).name.replace(" ", "_")
                (directory / f"{package}-{digest[:6]}-{name}").write_bytes(data)
                count += 1
    return count


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    seen, total = set(), 0
    with tempfile.TemporaryDirectory() as folder:
        apt = Apt(pathlib.Path(folder))
        for package in PACKAGES:
            archive, count = pathlib.Path(folder) / "archive", 0
            try:
                addresses = apt.addresses(package)
                for address in addresses:
                    urllib.request.urlretrieve(address, archive)
                    count += unpack(archive, package, directory, seen)
            except (OSError, tarfile.TarError) as error:
                print(f"{package}: {error}")
                continue
            print(f"{package}: {count} captures" if addresses else f"{package}: no source package here")
            total += count
    print(f"{total} captures in {directory}")


if __name__ == "__main__":
    main()
