"""20,000 pairs of send and recv in one process, and how long one call took."""
import socket
import time

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
conn, address = server.accept()
PAIRS = 20_000
start = time.monotonic()
for _ in range(PAIRS):
    client.send(b"x")
    conn.recv(1)
print("us", (time.monotonic() - start) * 1e6 / PAIRS / 2)
# Calls that no tracer asks for.
import os
start = time.monotonic()
for _ in range(200_000):
    os.getppid()
print("other", (time.monotonic() - start) * 1e6 / 200_000)
