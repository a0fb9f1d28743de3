import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 5000))
while True:
    pesan = input("pesan: ")
    if pesan == "close":
        break
    s.sendall(pesan.encode())
    print(s.recv(1024).decode())
s.close()
