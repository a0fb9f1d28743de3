import socket

server = socket.create_server(("::1", 5000), family=socket.AF_INET6)
client = socket.create_connection(("127.0.0.1", 5000))
