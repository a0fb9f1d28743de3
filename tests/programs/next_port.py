import socket

first = socket.create_server(("127.0.0.1", 5000))
for port in range(5000, 5003):
    second = socket.socket()
    try:
        second.bind(("127.0.0.1", port))
        break
    except OSError:
        second.close()
second.listen()
