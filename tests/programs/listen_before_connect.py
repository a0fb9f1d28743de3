import socket

server = socket.socket()
server.bind(("127.0.0.1", 5000))
server.listen()
client = socket.socket()
client.connect(("127.0.0.1", 5000))
client.close()
