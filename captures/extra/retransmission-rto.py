"""A server that is deaf for half a second: the client repeats its segment, each time after twice the wait."""
import ctypes
import socket
import struct
import time

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
client.send(b"halo")
accepted.recv(10)
# A socket filter that lets nothing through (bpf: ret 0).
nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
accepted.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", 1, ctypes.addressof(nothing)))
client.send(b"masih ada?")
time.sleep(0.5)
accepted.setsockopt(socket.SOL_SOCKET, 27, 0)
accepted.recv(20)
client.close()
accepted.recv(1)
accepted.close()
