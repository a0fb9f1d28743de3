"""Copies descriptors, and makes a process."""
import os
import socket
import subprocess
import sys

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()
# A copy keeps the connection open when the first is closed.
copy = client.dup()
other = os.dup(client.fileno())
os.dup2(other, 100)
client.close()
copy.send(b"halo")
print(conn.recv(100))
sys.stdout.flush()
subprocess.run(["/bin/true"])
if os.fork() == 0:
    os._exit(0)
os.wait()
os.closerange(90, 110)
