"""A forged RST, sent through a raw socket with a sequence number far outside the window: its receiver ignores it."""
import socket
import struct
import time


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, address = server.accept()
client.send(b"halo")
accepted.recv(100)
local = socket.inet_aton("127.0.0.1")
# The sequence number is a guess; one in some ten thousand guesses would lie in the window.
header = struct.pack("!HHIIBBHHH", address[1], 5000, 0x12345678, 0, 5 << 4, 0x04, 0, 0, 0)
pseudo = local + local + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(header))
header = header[:16] + struct.pack("!H", checksum(pseudo + header)) + header[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.sendto(header, ("127.0.0.1", 0))
time.sleep(0.1)
accepted.send(b"halo juga")
client.recv(100)
client.close()
accepted.recv(1)
accepted.close()
