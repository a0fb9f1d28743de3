"""Calls from everywhere: functions, methods, several lines, comprehensions, generators, threads, forks, asyncio."""

import asyncio
import contextlib
import os
import socket
import socketserver
import threading


class Kantor(
    socketserver.BaseRequestHandler
):

    def handle(self):
        # A comment.
        data = self.request.recv(
            1024,
        )
        self.balas(data)

    def balas(self, data): self.request.sendall(
        data.upper()
    )


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def tanya(port, kata):
    s = socket.create_connection(("127.0.0.1", port))
    with contextlib.closing(s):
        (
            s
            .sendall(kata)
        )
        return b"".join(iter(lambda: s.recv(2), b""))


def potongan(s):
    while True:
        data = s.recv(
            3
        )
        if not data:
            return
        yield data


server = Server(("127.0.0.1", 0), Kantor)
port = server.server_address[1]
thread = threading.Thread(target=server.serve_forever)
thread.start()

print([tanya(port, kata) for kata in (b"satu", b"dua")])

threads = [
    threading.Thread(target=tanya, args=(port, b"tiga"))
    for _ in range(3)
]
for one in threads:
    one.start()
for one in threads:
    one.join()

s = socket.create_connection(("127.0.0.1", port)); s.sendall(b"empat"); print(list(potongan(s))); s.close()

child = os.fork()
if child == 0:
    tanya(port, b"lima")
    os._exit(0)
os.waitpid(child, 0)


async def klien():
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"enam"
    )
    await writer.drain()
    print(await reader.read(100))
    writer.close()


asyncio.run(klien())

exec(compile("""
s = socket.create_connection(("127.0.0.1", port))
s.sendall(b"tujuh")
""", "<string>", "exec"))
print(s.recv(10) + s.recv(10) if True else None)
s.close()

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
udp.bind(("127.0.0.1", 0))
try:
    udp.sendto(b"delapan", udp.getsockname())
finally:
    for _ in range(600): pass
    print(udp.recvfrom(100)[0])
















server.shutdown()
thread.join()
server.server_close()
