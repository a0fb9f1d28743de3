import socket

# What a resolver does with a name.
asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asks.connect(("192.0.2.53", 53))
