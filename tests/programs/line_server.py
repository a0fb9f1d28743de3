import socket

s = socket.create_server(("127.0.0.1", 5000))
while True:
    conn, addr = s.accept()
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            conn.sendall(line.upper())
