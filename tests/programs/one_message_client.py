import socket

s = socket.create_connection(("127.0.0.1", 5000))
s.sendall(b"halo")
try:
    print(s.recv(1024))
except ConnectionResetError as error:
    print(error)
s.close()
