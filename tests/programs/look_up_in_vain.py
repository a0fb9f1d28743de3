import socket

asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    asks.connect(("192.0.2.53", 53))
except OSError:
    asks.close()
server = socket.create_server(("127.0.0.1", 5000))
