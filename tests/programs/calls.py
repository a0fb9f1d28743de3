"""Every kind of socket call, in an order that is always the same."""
import os
import socket
import struct

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 5))
print(server.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
server.bind(("127.0.0.1", 5000))
server.listen(3)

try:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).bind(("127.0.0.1", 5000))
except OSError as error:
    print(error)
try:
    socket.create_connection(("127.0.0.1", 5001))
except OSError as error:
    print(error)

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
client.connect(("127.0.0.1", 5000))
conn, address = server.accept()

client.send(b"halo\n")
print(conn.recv(3, socket.MSG_PEEK))
print(conn.recv(1024))
client.sendmsg([b"satu", b"", b"dua" * 20])
print(conn.recvmsg(100))
conn.send(bytes(range(40)), socket.MSG_MORE)
conn.send(b"!")
print(len(client.recv(41, socket.MSG_WAITALL)))
with open(__file__, "rb") as this:
    print(os.sendfile(client.fileno(), this.fileno(), 0, 10))
print(conn.recv(10, socket.MSG_WAITALL))
client.shutdown(socket.SHUT_WR)
print(conn.recv(1024))
conn.close()
print(client.recv(1024))
client.close()
server.close()

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 5002))
other = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
other.bind(("::1", 5003))
other.sendto(b"enam", ("::1", 5003))
print(other.recvfrom(100))
udp.sendto(b"kabar", ("127.0.0.1", 5002))
print(udp.recvfrom(2))
udp.setblocking(False)
try:
    udp.recv(10)
except BlockingIOError as error:
    print(error)
