import socket

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()
client.setblocking(False)
print(client.send(bytes(20_000_000)))
client.close()
while conn.recv(65536):
    pass
conn.close()
