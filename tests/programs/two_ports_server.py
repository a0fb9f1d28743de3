import socket
import time

# For others; the clients are not meant.
status = socket.create_server(("127.0.0.1", 5001))
time.sleep(0.5)
s = socket.create_server(("127.0.0.1", 5000))
conn, addr = s.accept()
conn.sendall(conn.recv(1024).upper())
conn.close()
