"""One write of 4000 bytes on an MTU of 1500: segments without PSH, the last one with it."""
import socket

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
client.send(b"0123456789" * 400)
got = 0
while got < 4000:
    got += len(accepted.recv(4000))
client.close()
accepted.recv(1)
accepted.close()
