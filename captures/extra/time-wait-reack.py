"""The last ACK does not get through: the server repeats its FIN, and the client answers again from TIME-WAIT."""
import ctypes
import socket
import struct
import time

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
client.close()
accepted.recv(1)
time.sleep(0.1)
# A socket filter that lets nothing through (bpf: ret 0).
nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
accepted.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", 1, ctypes.addressof(nothing)))
accepted.shutdown(socket.SHUT_WR)
time.sleep(0.05)
accepted.setsockopt(socket.SOL_SOCKET, 27, 0)
time.sleep(0.5)
accepted.close()
