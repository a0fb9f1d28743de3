import socket

s = socket.create_server(("127.0.0.1", 5000))
conn, addr = s.accept()
ended = False
# As with Java's readLine() and PrintWriter: the end is remembered, and errors are swallowed.
for _ in range(10):
    data = b"" if ended else conn.recv(1024)
    ended = not data
    try:
        conn.sendall(b"echo " + data)
    except OSError:
        pass
conn.close()
