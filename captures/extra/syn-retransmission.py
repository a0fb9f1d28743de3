"""A listener whose queue is full: it drops the SYN, and the client's kernel sends it again after a second."""
import socket
import time

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 5000))
server.listen(0)
first = socket.create_connection(("127.0.0.1", 5000))
second = socket.socket()
second.setblocking(False)
second.connect_ex(("127.0.0.1", 5000))
time.sleep(0.5)
accepted, _ = server.accept()
second.setblocking(True)
time.sleep(1)
again, _ = server.accept()
for end in (first, accepted, second, again):
    end.close()
