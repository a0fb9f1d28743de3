import socket

s = socket.socket()
try:
    s.connect(("198.51.100.1", 80))
except OSError as error:
    print(error)
