import socket


def bound():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 5000))
    return s


# Two may bind it with SO_REUSEADDR, one may listen.
first, second = bound(), bound()
first.listen()
second.listen()
