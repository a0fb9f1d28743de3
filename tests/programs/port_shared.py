import socket

first = socket.create_server(("127.0.0.1", 5000), reuse_port=True)
second = socket.create_server(("127.0.0.1", 5000), reuse_port=True)
