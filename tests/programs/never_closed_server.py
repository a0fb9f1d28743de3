import socket

s = socket.create_server(("127.0.0.1", 5000))
connections = []
while True:
    conn, addr = s.accept()
    connections.append(conn)
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.sendall(data)
