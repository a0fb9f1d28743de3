"""Two threads that take turns, so that every run makes the same calls."""
import socket
import threading

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()


def layani():
    conn.sendall(conn.recv(100).upper())
    conn.shutdown(socket.SHUT_WR)


client.sendall(b"halo")
thread = threading.Thread(target=layani)
thread.start()
thread.join()
print(client.recv(100), client.recv(100))
