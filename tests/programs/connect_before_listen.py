import socket

server = socket.socket()
server.bind(("127.0.0.1", 5000))
client = socket.socket()
try:
    client.connect(("127.0.0.1", 5000))
except ConnectionRefusedError as error:
    print(error)
server.listen()
