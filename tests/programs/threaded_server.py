import socket
import threading


def layani(conn):
    with conn:
        while True:
            data = conn.recv(1024)
            if not data:
                return
            conn.sendall(data)


s = socket.create_server(("127.0.0.1", 5000))
while True:
    conn, addr = s.accept()
    threading.Thread(target=layani, args=(conn,)).start()
