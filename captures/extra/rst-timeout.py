"""A peer that vanished: the keep-alive probes stay unanswered, and the client gives up with RST."""
import ctypes
import socket
import struct

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
# A socket filter that lets nothing through (bpf: ret 0) makes the server deaf.
nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
accepted.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", 1, ctypes.addressof(nothing)))
client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
try:
    client.recv(1)
except TimeoutError:
    pass
