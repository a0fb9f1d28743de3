import socket

s = socket.create_connection(("127.0.0.1", 5000))
for _ in range(10):
    s.sendall(b"halo " + b"dunia\n")
    print(s.recv(1024))
s.close()
