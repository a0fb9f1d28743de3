#!/usr/bin/env python3
"""Holds what `netscope open FILE --format jsonl` says of each TCP frame against `tshark -T fields`, over any captures.

    scripts/parity.py [--netscope PROGRAM] [--jobs N] [--zeek PROGRAM] FILE|DIRECTORY...

Directories are searched for captures, gzip included. Prints the tables of docs/parity.md and the first frames that differ,
and ends with 1 where something differs. With --zeek, conn_state and history are held against its conn.log as well.
A frame counts that has one TCP header, outside an ICMP error, whose flags were captured; in a tunnel, the innermost
addresses. Needs tshark.
"""
import argparse
import collections
import concurrent.futures
import ipaddress
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

MAGICS = {bytes.fromhex(magic) for magic in ("d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a", "34cdb2a1", "a1b2cd34")}
LABELS = ["retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "lost_segment",
          "ack_lost_segment", "duplicate_ack", "zero_window", "zero_window_probe", "zero_window_probe_ack", "window_full",
          "window_update", "keep_alive", "keep_alive_ack", "reused_ports"]
NUMBERS = {"seq": "tcp.seq", "ack": "tcp.ack", "len": "tcp.len", "win": "tcp.window_size_value"}
FIELDS = ["frame.number", "frame.protocols", "tcp.stream", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport",
          "tcp.dstport", "tcp.flags", *NUMBERS.values(), *(f"tcp.analysis.{label}" for label in LABELS)]
FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
# A program that takes longer for one capture hangs.
HANGS = 300


def captures(paths):
    """Every capture among files and below directories, by its first bytes."""
    for path in map(pathlib.Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_file():
                continue
            with open(file, "rb") as opened:
                magic = opened.read(4)
            if magic in MAGICS or magic[:2] == b"\x1f\x8b" or not path.is_dir():
                yield file


def theirs(file, home):
    """The TCP frames as tshark sees them: number -> facts. `None` for one that is TCP and cannot be compared."""
    command = ["tshark", "-n", "-r", str(file), "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"]
    command += itertools.chain.from_iterable(("-e", field) for field in FIELDS)
    environment = dict(os.environ, WIRESHARK_CONFIG_DIR=home, LC_ALL="C")
    out = subprocess.run(command, capture_output=True, env=environment, timeout=HANGS).stdout.decode("utf-8", "replace")
    frames = {}
    for line in out.split("\n"):
        values = line.split("\t")
        if len(values) != len(FIELDS):
            continue
        row = {field: value.split(",") if value else [] for field, value in zip(FIELDS, values)}
        layers = row["frame.protocols"][0].split(":") if row["frame.protocols"] else []
        if "tcp" in layers:
            frames[int(row["frame.number"][0])] = facts(row, layers)
    return frames


def facts(row, layers):
    """One frame of tshark's in netscope's words."""
    before = layers[:layers.index("tcp")]
    network = next((layer for layer in reversed(before) if layer in ("ip", "ipv6")), None)
    if "icmp" in before or "icmpv6" in before or network is None or layers.count("tcp") > 1 or not row["tcp.flags"]:
        return None
    depth = before.count(network) - 1
    end = lambda which, port: (ipaddress.ip_address(row[f"{network}.{which}"][depth]), int(row[port][0]))
    bits = int(row["tcp.flags"][0], 16)
    number = lambda field: int(row[field][0]) if row[field] else None
    found = {name: number(field) for name, field in NUMBERS.items()}
    found.update(
        conn=number("tcp.stream"), src=end("src", "tcp.srcport"), dst=end("dst", "tcp.dstport"),
        flags={name for bit, name in enumerate(FLAGS) if bits >> bit & 1},
        analysis={label for label in LABELS if row[f"tcp.analysis.{label}"]},
    )
    return found


def ours(netscope, file):
    """The same of netscope; UDP and the like are left out. `None` for a file whose format it refuses."""
    done = subprocess.run([netscope, "open", str(file), "--format", "jsonl"], capture_output=True, timeout=HANGS)
    if done.returncode not in (0, 2) or b"panicked" in done.stderr:
        sys.exit(f"netscope ends with {done.returncode} on {file}:\n{done.stderr.decode('utf-8', 'replace')}")
    if done.returncode == 2 and not done.stdout:
        return None
    frames = {}
    for line in done.stdout.decode("utf-8").splitlines():
        record = json.loads(line)
        if record.get("proto") != "tcp" or record["kind"] != "packet":
            continue
        for which in ("src", "dst"):
            host, _, port = record[which].rpartition(":")
            record[which] = (ipaddress.ip_address(host.strip("[]")), int(port))
        record["flags"] = {flag for flag in record["flags"] if flag in FLAGS}
        record["analysis"] = set(record["analysis"])
        frames[record["frame"]] = record
    return frames


def compare(netscope, file, home):
    """What agrees in one capture, as counters, and the frames that do not."""
    tally, differ = collections.Counter(), []
    frames, mine = theirs(file, home), ours(netscope, file)
    wanted = {number: found for number, found in frames.items() if found}
    if mine is None:
        tally["refused"], tally["refused frames"] = 1, len(wanted)
        return tally, differ
    tally["frames"] = len(wanted)
    tally["only netscope"] = sum(number not in frames for number in mine)
    for number, found in wanted.items():
        said = mine.get(number)
        if said is None:
            differ.append(f"frame {number}: TCP in tshark only")
            continue
        tally["both"] += 1
        for name in ("src", "dst", "flags", *NUMBERS, "analysis"):
            # Without the flag the number means nothing; a header that was cut has no length.
            if name == "ack" and "ACK" not in found["flags"] or found[name] is None:
                continue
            tally[name, "of"] += 1
            same = said.get(name) == found[name]
            tally[name, "agree"] += same
            if not same:
                differ.append(f"frame {number}: {name} is {found[name] or '-'} in tshark, {said.get(name) or '-'} in netscope")
        for label in LABELS:
            tally[label, label in found["analysis"], label in said["analysis"]] += 1
    common = [number for number in wanted if number in mine]
    group = lambda told: {frozenset(numbers) for numbers in groups(common, told).values()}
    connections = group(wanted)
    tally["connections"], tally["same connections"] = len(connections), len(connections & group(mine))
    return tally, differ


def groups(numbers, told):
    by_connection = collections.defaultdict(list)
    for number in numbers:
        by_connection[told[number]["conn"]].append(number)
    return by_connection


def zeek(program, netscope, file):
    """conn_state and history against Zeek's conn.log, where both have the same connections in the same direction."""
    tally = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "-C", "-b", "-r", str(pathlib.Path(file).resolve()), "base/protocols/conn"]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=10)
            lines = (pathlib.Path(folder) / "conn.log").read_text(errors="replace").splitlines()
        except (subprocess.TimeoutExpired, FileNotFoundError):
            return tally
    names = next(line.split("\t")[1:] for line in lines if line.startswith("#fields"))
    logged = collections.defaultdict(list)
    for row in (dict(zip(names, line.split("\t"))) for line in lines if not line.startswith("#")):
        if row["proto"] == "tcp":
            logged[row["id.orig_h"], row["id.orig_p"], row["id.resp_h"], row["id.resp_p"]].append(row)
    out = subprocess.run([netscope, "open", str(file), "--connections", "--format", "jsonl"], capture_output=True).stdout
    listed = collections.defaultdict(list)
    for record in map(json.loads, out.decode().splitlines()):
        if record["kind"] == "connection" and record["proto"] == "tcp":
            ends = [record[end].rpartition(":") for end in ("client", "server")]
            listed[tuple(part for host, _, port in ends for part in (host.strip("[]"), port))].append(record)
    # Letters of newer Zeeks, and the one that -C leaves out.
    plain = lambda history: "".join(letter for letter in history.strip("-") if letter not in "TtCcWwGg")
    for key, rows in logged.items():
        records = listed.get(key, [])
        if len(rows) != len(records) or any("c" in record["history"].lower() for record in records):
            tally["not compared"] += len(rows)
            continue
        for row, record in zip(rows, records):
            tally["compared"] += 1
            tally["state"] += row["conn_state"] == record["conn_state"]
            tally["history"] += plain(row["history"]) == plain(record["history"])
            if row["conn_state"] != record["conn_state"]:
                tally["states", row["conn_state"], record["conn_state"], file.name] += 1
    return tally


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def percent(part, of):
    # Never rounded up to all of them.
    return f"{int(part * 100_000 / of) / 1000:g} %" if of else "–"


def report(total, equal, count):
    count -= total["refused"]
    print(f"{equal} of {count} captures agree wholly.")
    if total["refused"]:
        print(f"netscope refuses {total['refused']} files, with {total['refused frames']} frames of TCP, by name or for what is wrong at their beginning.")
    fields = [("frames with TCP", total["both"], total["frames"])]
    fields += [(name, total[name, "agree"], total[name, "of"]) for name in ("src", "dst", "flags", *NUMBERS, "analysis")]
    fields += [("connections with the same frames", total["same connections"], total["connections"])]
    table(["compared", "agree", "of", ""], [(name, agree, of, percent(agree, of)) for name, agree, of in fields])
    print(f"\nTCP in netscope only: {total['only netscope']} frames.")
    rows = []
    for label in LABELS:
        both, only_ours, only_theirs = (total[label, *which] for which in ((True, True), (False, True), (True, False)))
        rows.append((f"`{label}`", both, only_ours, only_theirs, percent(both, both + only_ours), percent(both, both + only_theirs)))
    table(["label", "in both", "in netscope only", "in tshark only", "precise", "complete"], rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--netscope", default="target/release/netscope")
    arguments.add_argument("--zeek")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("captures", nargs="+")
    chosen = arguments.parse_args()
    for program in filter(None, (chosen.netscope, chosen.zeek, "tshark")):
        if not shutil.which(program):
            arguments.error(f"there is no program {program}")
    for path in chosen.captures:
        if not os.path.exists(path):
            arguments.error(f"there is no file {path}")
    files = list(captures(chosen.captures))
    total, zeeks, equal = collections.Counter(), collections.Counter(), 0
    with tempfile.TemporaryDirectory() as home, concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        results = pool.map(lambda file: compare(chosen.netscope, file, home), files)
        for file, (tally, differ) in zip(files, results):
            total += tally
            equal += not tally["refused"] and not differ and not tally["only netscope"] and tally["connections"] == tally["same connections"]
            for line in differ[:3]:
                print(f"{file}: {line}")
            if len(differ) > 3:
                print(f"{file}: and {len(differ) - 3} more")
        report(total, equal, len(files))
        if chosen.zeek:
            for tally in pool.map(lambda file: zeek(chosen.zeek, chosen.netscope, file), files):
                zeeks += tally
            whole = zeeks["compared"]
            table(["Zeek", "agree", "of", ""], [(name, zeeks[name], whole, percent(zeeks[name], whole)) for name in ("state", "history")])
            states = sorted((key[1:], times) for key, times in zeeks.items() if key[0] == "states")
            table(["Zeek", "netscope", "capture", "times"], [(*key, times) for key, times in states])
            print(f"\nNot compared: {zeeks['not compared']} (split by a timeout of Zeek's, or with a wrong checksum).")
    return 0 if equal + total["refused"] == len(files) else 1


if __name__ == "__main__":
    sys.exit(main())
