"""Closes sockets in every way but close()."""
import os
import socket
import sys

server = socket.create_server(("127.0.0.1", 5000))


def pair():
    client = socket.create_connection(("127.0.0.1", 5000))
    conn, address = server.accept()
    return client, conn


first, first_peer = pair()
second, second_peer = pair()
third, third_peer = pair()

os.closerange(first.fileno(), first.fileno() + 1)
print(first_peer.recv(1))
null = os.open("/dev/null", os.O_RDONLY)
os.dup2(null, second.fileno())
print(second_peer.recv(1))
copy = third.dup()
third.close()
# Python marks all its descriptors for this.
os.execv(sys.executable, [sys.executable, "-c", "print('selesai')"])
