"""Socket calls, and in between everything by which a program can learn on which processors it may run."""
import os
import socket
import subprocess
import sys
import threading

ALL = os.sched_getaffinity(0)
ONE = {min(ALL)}
server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()
main = threading.get_native_id()


def says(where, may, expected=ALL):
    print(where, "as expected" if may == expected else f"{sorted(may)}, not {sorted(expected)}", flush=True)


def pairs():
    for _ in range(200):
        client.send(b"x")
        conn.recv(1)


def status():
    with open("/proc/self/status") as lines:
        word = next(line.split()[1] for line in lines if line.startswith("Cpus_allowed:"))
    bits = int(word.replace(",", ""), 16)
    return {cpu for cpu in range(bits.bit_length()) if bits >> cpu & 1}


def while_main_receives(act):
    """Acts in another thread as soon as the main one sleeps in recv, then sends it a byte."""
    def other():
        asleep = 0
        while asleep < 3:
            with open(f"/proc/self/task/{main}/stat") as stat:
                asleep = asleep + 1 if stat.read().split(") ")[1][0] == "S" else 0
        act()
        client.send(b"x")
    thread = threading.Thread(target=other)
    thread.start()
    conn.recv(1)
    thread.join()


pairs()
says("asked", os.sched_getaffinity(0))
pairs()
says("read", status())
while_main_receives(lambda: says("of a thread that waits", os.sched_getaffinity(main)))
while_main_receives(lambda: says("in a new thread", os.sched_getaffinity(0)))
pairs()
child = os.fork()
if child == 0:
    says("in a child", os.sched_getaffinity(0))
    os._exit(0)
os.waitpid(child, 0)
pairs()
subprocess.run([sys.executable, "-c", f"import os; print('in another program', os.sched_getaffinity(0) == {ALL})"], check=True)
while_main_receives(lambda: os.sched_setaffinity(main, ONE))
says("set by another thread", os.sched_getaffinity(0), ONE)
pairs()
says("set before", os.sched_getaffinity(0), ONE)
os.sched_setaffinity(0, ALL)
pairs()
says("set back", os.sched_getaffinity(0))
for end in (client, conn, server):
    end.close()
