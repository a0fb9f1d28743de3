import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"halo", ("127.0.0.1", 5000))
print(s.recvfrom(1024))
