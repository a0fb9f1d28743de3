import socket

first = socket.create_connection(("127.0.0.1", 5000))
first.sendall(b"satu")
print(first.recv(1024))
second = socket.create_connection(("127.0.0.1", 5000))
second.sendall(b"dua")
second.settimeout(1.5)
try:
    print(second.recv(1024))
except TimeoutError:
    print("belum dijawab")
first.close()
second.settimeout(None)
second.sendall(b"tiga")
print(second.recv(1024))
second.close()
