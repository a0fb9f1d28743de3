import socket

first = socket.create_server(("127.0.0.1", 5000))
second = socket.socket()
second.bind(("127.0.0.1", 5000))
