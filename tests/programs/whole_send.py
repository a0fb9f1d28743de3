import socket
import threading

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()


def read():
    while conn.recv(65536):
        pass
    conn.close()


reader = threading.Thread(target=read)
reader.start()
client.settimeout(10)
data = bytes(6_000_000)
while data:
    data = data[client.send(data):]
client.close()
reader.join()
