import socket

# The address of somebody else's example.
server = socket.create_server(("192.0.2.77", 5000))
