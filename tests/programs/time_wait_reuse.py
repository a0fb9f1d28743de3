import socket


def server():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 5000))
    s.listen()
    return s


first = server()
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = first.accept()
# Who closes first has the TIME-WAIT.
conn.close()
client.recv(1)
client.close()
first.close()
second = server()
