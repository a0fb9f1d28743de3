import socket

s = socket.socket()
try:
    s.connect(("192.0.2.1", 80))
except OSError as error:
    print(error)
