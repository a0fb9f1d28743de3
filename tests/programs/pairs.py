"""20,000 pairs of send and recv in one process, and how long one call took: the median of 40 turns of 500 pairs."""
import os
import socket
import time

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
conn, address = server.accept()


def measure(turns, count, calls, work):
    took = []
    for _ in range(turns):
        start = time.perf_counter()
        for _ in range(count):
            work()
        took.append((time.perf_counter() - start) * 1e6 / count / calls)
    return sorted(took)[turns // 2]


def pair():
    client.send(b"x")
    conn.recv(1)


print("us", measure(40, 500, 2, pair))
# Calls that no tracer asks for.
print("other", measure(40, 5000, 1, os.getppid))
