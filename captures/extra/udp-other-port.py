"""A UDP server that answers from a new socket, hence from another port, as TFTP servers do."""
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 5000))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"connect", ("127.0.0.1", 5000))
_, address = server.recvfrom(100)
answers = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for colour in (b"merah", b"hijau"):
    answers.sendto(colour, address)
    client.recvfrom(100)
