import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.2)
s.sendto(b"halo", ("127.0.0.1", 5000))
try:
    print(s.recvfrom(1024))
except TimeoutError:
    print("tidak ada balasan")
