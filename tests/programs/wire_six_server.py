import socket

s = socket.create_server(("2001:db8::2", 5000), family=socket.AF_INET6)
conn, addr = s.accept()
conn.sendall(conn.recv(100).upper())
conn.close()
