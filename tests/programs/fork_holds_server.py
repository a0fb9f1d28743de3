import os
import socket

s = socket.create_server(("127.0.0.1", 5000))
while True:
    conn, addr = s.accept()
    if os.fork() == 0:
        s.close()
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
        conn.close()
        os._exit(0)
    held = conn
