"""A client that vanished and comes back on the same port: its SYN meets the old connection, which answers with an ACK."""
import socket

TCP_REPAIR = 19

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000), source_address=("127.0.0.1", 40000))
accepted, _ = server.accept()
client.send(b"halo")
accepted.recv(10)
# Closing in repair mode sends nothing, as in a crash.
client.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
client.close()
again = socket.create_connection(("127.0.0.1", 5000), source_address=("127.0.0.1", 40000))
answered, _ = server.accept()
again.close()
answered.recv(1)
answered.close()
