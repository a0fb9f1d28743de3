"""An end that vanishes without a FIN, as in a crash: the next segment finds no socket and is answered with RST.

TCP_REPAIR makes close() silent; it needs CAP_NET_ADMIN, which the recording script has in its own network namespace.
"""
import socket
import time

TCP_REPAIR = 19

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
client.send(b"halo")
accepted.recv(100)
accepted.send(b"halo juga")
client.recv(100)
time.sleep(0.1)
server.close()
accepted.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
accepted.close()
client.send(b"masih di sana?")
time.sleep(0.1)
client.close()
