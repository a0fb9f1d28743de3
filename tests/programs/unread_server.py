import socket

s = socket.create_server(("127.0.0.1", 5000))
while True:
    conn, addr = s.accept()
    conn.recv(2)
    conn.close()
