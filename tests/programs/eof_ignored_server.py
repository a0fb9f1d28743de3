import socket

s = socket.create_server(("127.0.0.1", 5000))
while True:
    conn, addr = s.accept()
    while True:
        data = conn.recv(1024)
        conn.sendall(data.upper())
