import socket

s = socket.create_server(("127.0.0.1", 5000))
conn, addr = s.accept()
while True:
    data = conn.recv(1024)
    if not data:
        break
    conn.sendall(data)
    # One level too deep.
    conn.close()
