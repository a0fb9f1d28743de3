"""Write, write, read: Nagle holds the second small write until the delayed ACK of the first one."""
import socket
import threading

server = socket.create_server(("127.0.0.1", 5000))


def serve():
    accepted, _ = server.accept()
    for _ in range(3):
        accepted.recv(10)
        accepted.send(b"pong")
    got = 0
    while got < 20:
        got += len(accepted.recv(20))
    accepted.send(b"answer")
    accepted.recv(1)
    accepted.close()


thread = threading.Thread(target=serve)
thread.start()
client = socket.create_connection(("127.0.0.1", 5000))
for _ in range(3):
    client.send(b"ping")
    client.recv(10)
client.send(b"0123456789")
client.send(b"0123456789")
client.recv(10)
client.close()
thread.join()
