"""A server that forks for its client, and a client that is a process of its own."""
import os
import socket

server = socket.create_server(("127.0.0.1", 5000))
if os.fork() == 0:
    server.close()
    client = socket.create_connection(("127.0.0.1", 5000))
    client.sendall(b"halo")
    print(client.recv(100))
    client.close()
    os._exit(0)
conn, address = server.accept()
if os.fork() == 0:
    server.close()
    conn.sendall(conn.recv(100).upper())
    conn.close()
    os._exit(0)
conn.close()
os.wait()
os.wait()
