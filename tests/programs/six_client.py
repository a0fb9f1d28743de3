import socket

c = socket.create_connection(("::1", 5000))
c.sendall(b"halo")
print(c.recv(100))
c.close()
