import socket

s = socket.create_connection(("127.0.0.1", 5000))
s.sendall(b"satu")
while s.recv(1024):
    pass
# The server has closed; the kernel takes this all the same.
s.sendall(b"dua")
s.close()
