import socket
import threading

server = socket.create_server(("127.0.0.1", 5000))


def layani():
    conn, addr = server.accept()
    conn.sendall(b"selamat datang\n")
    conn.close()


threading.Thread(target=layani).start()
client = socket.create_connection(("127.0.0.1", 5000))
print(client.makefile().readline())
client.close()
