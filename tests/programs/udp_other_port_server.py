import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5000))
data, addr = s.recvfrom(1024)
# A socket of its own for the reply, with a port of its own.
reply = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
reply.sendto(data.upper(), addr)
