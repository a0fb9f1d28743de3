import socket

server = socket.socket()
server.bind(("127.0.0.1", 5000))
while True:
    client = socket.socket()
    try:
        client.connect(("127.0.0.1", 5000))
        break
    except ConnectionRefusedError:
        client.close()
        server.listen()
conn, address = server.accept()
client.close()
conn.recv(1)
conn.close()
