"""One byte of urgent data between ordinary ones."""
import socket

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
accepted.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
client.send(b"abc")
client.send(b"!", socket.MSG_OOB)
client.send(b"def")
got = b""
while len(got) < 7:
    got += accepted.recv(10)
client.close()
accepted.recv(1)
accepted.close()
