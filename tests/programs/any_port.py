import socket
import threading

# Port 0: one that nobody has.
server = socket.create_server(("127.0.0.1", 0))


def layani():
    conn, addr = server.accept()
    conn.sendall(b"selamat datang\n")
    conn.close()


thread = threading.Thread(target=layani)
thread.start()
client = socket.create_connection(server.getsockname())
print(client.makefile().readline())
thread.join()
client.close()
