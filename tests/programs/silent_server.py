import socket

s = socket.create_server(("127.0.0.1", 5000))
conn, addr = s.accept()
print(conn.recv(1024))
conn.recv(1024)
