import socket

s = socket.create_connection(("127.0.0.1", 5000))
s.sendall(b"satu")
print(s.recv(1024))
print(s.recv(1024))
s.sendall(b"dua")
s.sendall(b"tiga")
