import socket

# Every address that begins with 127 is this host.
server = socket.create_server(("127.1.2.3", 5000))
s = socket.create_connection(("127.1.2.3", 5000))
s.close()
