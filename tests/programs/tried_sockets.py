import socket

# What Java and Go do before they begin.
for family in (socket.AF_INET, socket.AF_INET6):
    socket.socket(family, socket.SOCK_STREAM).close()
server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
conn, address = server.accept()
client.close()
conn.recv(1)
conn.close()
