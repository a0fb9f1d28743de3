import socket

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()
client.sendall(b"satu")
client.sendall(b"dua")
print(conn.recv(1024))
client.close()
print(conn.recv(1024))
conn.close()
