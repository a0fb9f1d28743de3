"""One segment in the middle does not get through: duplicate ACKs with SACK report the hole, the client fills it."""
import ctypes
import socket
import struct
import time

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
# The sequence number of the next byte: the repair mode shows it, and -1 leaves the mode without a probe.
client.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
client.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, 2)
following = client.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) & 0xFFFFFFFF
client.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, -1)
# A socket filter that drops the segment which begins 2 × 1448 bytes later (bpf: ld [4]; jeq; ret).
dropped = (following + 2 * 1448) & 0xFFFFFFFF
code = [(0x20, 0, 0, 4), (0x15, 0, 1, dropped), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFFFFFF)]
program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
accepted.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(code), ctypes.addressof(program)))
client.send(b"x" * 8 * 1448)
time.sleep(0.05)
accepted.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
got = 0
while got < 8 * 1448:
    got += len(accepted.recv(65536))
client.close()
accepted.recv(1)
accepted.close()
