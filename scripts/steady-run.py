#!/usr/bin/env python3
"""Runs programs of tests/programs under `netscope run` many times in a row as an ordinary user, threads, forks and a wire
included, and looks at every run: each call and each packet that must be there is there, every call has returned, every
packet has an owner, the programs end as they should, and no process of them is left, nor anything that holds a network.

    scripts/steady-run.py [ROUNDS [NETSCOPE]]     default: 50 target/debug/netscope

Each round is one run of every case. As root it runs as the user 65534.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PROGRAMS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "programs"
USER = 65534
# A run that takes longer hangs: the slowest here takes three seconds on an idle machine.
HANGS = 90
MARK = f"NETSCOPE_STEADY={os.getpid()}"

ECHO = {"socket": 1, "connect": 1, "sendto": 1, "recvfrom": 1, "close": 1}
SPOKEN = ["--input", "halo\\nclose\\n"]
CLIENT_CLOSES = {"close": "fin", "by": "client", "states": ("TIME-WAIT", "CLOSED")}
SERVER_CLOSES = {"close": "fin", "by": "server", "states": ("CLOSED", "TIME-WAIT")}
# Two processes that close about the same time: either may be first, or both.
ANY_CLOSES = {"close": "fin", "by": None}
# A server that never returns is told to end: by SIGINT, and when that takes it longer than a second, by SIGTERM.
ENDED = ("SIGINT", "SIGTERM")


def pair(server, client, *options):
    run = lambda name: f"python3 {PROGRAMS / name}"
    return ["--server", run(server), "--client", run(client), *options]


def alone(name):
    return ["--", "python3", str(PROGRAMS / name)]


def server_of(clients, threads=0, **more):
    """Calls of a server that serves each client once: one recv for the message and one for its end."""
    calls = {"socket": 1, "setsockopt": 1, "bind": 1, "listen": 1, "accept4": clients, "recvfrom": 2 * clients}
    return {**calls, "sendto": clients, "close": 1 + clients, "clone3": threads, **more}


# The calls are those that succeed, by side; what a signal interrupts and the system starts anew is not among them.
CASES = [
    ("one client", {
        "args": pair("echo_server.py", "echo_client.py", *SPOKEN),
        "calls": {"client": ECHO, "server": server_of(1)},
        "talks": 1, "bytes": (4, 4), "packets": (9, 11), "end": CLIENT_CLOSES,
        "programs": [(ENDED, None), (0, "HALO")],
    }),
    ("threads, 3 clients", {
        "args": pair("threaded_server.py", "echo_client.py", "--clients", "3", *SPOKEN),
        "calls": {"client": {name: 3 * n for name, n in ECHO.items()}, "server": server_of(3, 3)},
        "talks": 3, "bytes": (4, 4), "packets": (27, 33), "end": CLIENT_CLOSES,
        "programs": [(ENDED, None)] + 3 * [(0, "halo")],
    }),
    ("forks, 2 clients", {
        "args": pair("fork_server.py", "echo_client.py", "--clients", "2", *SPOKEN),
        "calls": {
            "client": {name: 2 * n for name, n in ECHO.items()},
            # Each child closes the listener and its connection, the parent the connection, and in the end the listener.
            "server": server_of(2, clone=2, close=7),
        },
        "talks": 2, "bytes": (4, 4), "packets": (18, 22), "end": CLIENT_CLOSES,
        "programs": [(ENDED, None)] + 2 * [(0, "halo")],
    }),
    ("a RST", {
        "args": pair("unread_server.py", "echo_client.py", *SPOKEN),
        "calls": {"client": {**ECHO, "recvfrom": 0}, "server": server_of(1, recvfrom=1, sendto=0)},
        "talks": 1, "bytes": (4, 0), "packets": (5, 6),
        "end": {"close": "rst", "by": "server", "states": ("CLOSED", "CLOSED")},
        "programs": [(ENDED, None), (1, "ConnectionResetError")],
    }),
    ("UDP", {
        "args": pair("udp_server.py", "udp_client.py"),
        "calls": {"client": ECHO, "server": {"socket": 1, "bind": 1, "recvfrom": 1, "sendto": 1, "close": 1}},
        "talks": 1, "bytes": (4, 4), "packets": (2, 2), "end": None,
        "programs": [(ENDED, None), (0, "HALO")],
    }),
    ("over a wire", {
        "args": pair("echo_server.py", "echo_client.py", "--delay", "5ms", *SPOKEN),
        "calls": {"client": ECHO, "server": server_of(1)},
        "talks": 1, "bytes": (4, 4), "packets": (9, 11), "end": CLIENT_CLOSES,
        "programs": [(ENDED, None), (0, "HALO")],
    }),
    ("two threads of one program", {
        "args": alone("threads.py"),
        "calls": {None: {"socket": 2, "setsockopt": 1, "bind": 1, "listen": 1, "connect": 1, "accept4": 1, "clone3": 1,
                         "sendto": 2, "recvfrom": 3, "shutdown": 1, "close": 3}},
        "talks": 1, "bytes": (4, 4), "packets": (9, 11), "end": SERVER_CLOSES,
        "programs": [(0, "HALO")],
    }),
    ("two forks of one program", {
        "args": alone("forks.py"),
        "calls": {None: {"socket": 2, "setsockopt": 1, "bind": 1, "listen": 1, "connect": 1, "accept4": 1, "clone": 2,
                         "sendto": 2, "recvfrom": 2, "close": 6}},
        "talks": 1, "bytes": (4, 4), "packets": (9, 11), "end": ANY_CLOSES,
        "programs": [(0, "HALO")],
    }),
]


def start(netscope, args):
    command = [netscope, "run", "--format", "jsonl", "--lang", "en", *args]
    home = tempfile.gettempdir()
    name, value = MARK.split("=")
    options = {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            cwd=home, env={**os.environ, "HOME": home, name: value}, **options)


def left_over():
    """Processes that a run has started and that are still there: whatever holds a network of its own is one of them."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if MARK.encode() in (folder / "environ").read_bytes().split(b"\0"):
                state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
                found.append(f"{folder.name} ({state}) {(folder / 'cmdline').read_text()!r}")
        except OSError:
            # Somebody else's, or gone.
            pass
    return found


def judge(case, records):
    """What is wrong with a run."""
    of = lambda kind: [record for record in records if record["kind"] == kind]
    packets, calls, programs, talks = of("packet"), of("syscall"), of("process"), of("connection")
    if not records or records[-1]["kind"] != "end":
        yield "the records have no end"
        return
    end = records[-1]
    if not end["complete"] or end["dropped"] != 0 or end["packets"] != len(packets):
        yield f"end: {end}"
    # Who is ended by SIGTERM leaves its listener to the kernel.
    cut = any(program.get("signal") == "SIGTERM" for program in programs)
    yield from judge_calls(case, calls, int(cut))
    low, high = case["packets"]
    if not low <= len(packets) <= high:
        yield f"{len(packets)} packets, not {low} to {high}"
    known = {call["id"] for call in calls}
    for packet in packets:
        if packet.get("owner") is None or isinstance(packet["owner"], int) and packet["owner"] not in known:
            yield f"frame {packet['frame']} has no owner: {packet['info']}"
        if packet["proto"] != ("tcp" if case["end"] else "udp"):
            yield f"frame {packet['frame']} is {packet['proto']}"
        if packet.get("analysis"):
            yield f"frame {packet['frame']}: {packet['analysis']}"
    if len(talks) != case["talks"]:
        yield f"{len(talks)} connections, not {case['talks']}"
    for talk in talks:
        if (talk["bytes"]["c2s"], talk["bytes"]["s2c"]) != case["bytes"]:
            yield f"bytes: {talk['bytes']}"
        wanted = case["end"]
        if wanted and (talk["close"], talk["closed_by"]) != (wanted["close"], wanted["by"] or talk["closed_by"]):
            yield f"closed by {talk['close']} of {talk['closed_by']}"
        if wanted and wanted["by"] and (talk["client_state"], talk["server_state"]) != wanted["states"]:
            yield f"ends in {talk['client_state']} and {talk['server_state']}"
    ends = [(program.get("exit") if "signal" not in program else program["signal"]) for program in programs]
    if len(ends) != len(case["programs"]) or any(
        end not in wanted if isinstance(wanted, tuple) else end != wanted
        for end, (wanted, _) in zip(ends, case["programs"])
    ):
        yield f"programs ended with {ends}"
    for program, (_, said) in zip(programs, case["programs"]):
        if said and said not in program["output"]:
            yield f"{said} is missing in {program['output']!r}"


def judge_calls(case, calls, cut):
    done = collections.defaultdict(collections.Counter)
    last = {}
    for call in calls:
        last[call["tid"]] = call["id"]
        if "error" not in call and call["result"] is not None:
            done[call["side"]][call["call"]] += 1
    for side, wanted in case["calls"].items():
        for name in sorted(set(wanted) | set(done[side])):
            missing = wanted.get(name, 0) - done[side][name]
            if missing != 0 and not (missing == cut and (side, name) == ("server", "close")):
                yield f"{side}: {done[side][name]} times {name}, not {wanted.get(name, 0)}"
    for call in calls:
        # Only what ends a thread never returns.
        if call["exit_time"] is None and (call["call"] not in ("exit", "exit_group") or last[call["tid"]] != call["id"]):
            yield f"{call['call']}({call['args']}) of {call['side']} has not returned"


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    default = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "debug" / "netscope"
    netscope = str(pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else default).resolve())
    good, seen, times = 0, collections.Counter(), collections.defaultdict(list)
    for number in range(1, rounds + 1):
        for name, case in CASES:
            began = time.monotonic()
            child = start(netscope, case["args"])
            try:
                out, err = child.communicate(timeout=HANGS)
                wrong = list(judge(case, [json.loads(line) for line in out.splitlines()]))
                # On a busy machine a packet may have stayed on the wire for longer than asked for, and netscope says so.
                busy = "so busy that packets stayed on the wire" in err
                seen["busy"] += busy
                if child.returncode != 0 or err and not busy:
                    wrong.append(f"exit code {child.returncode}: {err}")
                seen["packets"] += sum('"kind":"packet"' in line for line in out.splitlines())
                seen["calls"] += sum('"kind":"syscall"' in line for line in out.splitlines())
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate()
                wrong = ["it hangs"]
            times[name].append(time.monotonic() - began)
            wrong += [f"left: {process}" for process in left_over()]
            good += not wrong
            for line in wrong:
                print(f"round {number}, {name}: {line}", flush=True)
    for name, took in times.items():
        took.sort()
        print(f"{name}: median {took[len(took) // 2]:.2f} s, slowest {took[-1]:.2f} s")
    total = rounds * len(CASES)
    print(f"{good} of {total} runs good ({rounds} rounds): {seen['calls']} calls, {seen['packets']} packets; "
          f"the wire was late in {seen['busy']}")
    sys.exit(good != total)


main()
