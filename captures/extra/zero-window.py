"""A server that does not read: its window closes, the client probes, and reading opens the window again."""
import socket
import time

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
server.bind(("127.0.0.1", 5000))
server.listen()
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
client.setblocking(False)
sent = 0
try:
    while sent < 40000:
        sent += client.send(b"x" * 2000)
except BlockingIOError:
    pass
time.sleep(1)
got = 0
while got < sent:
    got += len(accepted.recv(65536))
client.close()
accepted.recv(1)
accepted.close()
