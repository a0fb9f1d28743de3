import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("127.0.0.1", 5001))
s.send(b"halo")
try:
    print(s.recv(1024))
except ConnectionRefusedError as error:
    print(error)
