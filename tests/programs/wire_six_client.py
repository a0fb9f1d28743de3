import socket

c = socket.create_connection(("2001:db8::2", 5000))
c.sendall(b"halo")
print(c.recv(100))
c.close()
