"""Two processes close their ends at one moment. The FINs cross only when the moment is good: record.sh tries again."""
import mmap
import os
import socket

server = socket.create_server(("127.0.0.1", 5000))
client = socket.create_connection(("127.0.0.1", 5000))
accepted, _ = server.accept()
server.close()
ready = mmap.mmap(-1, 2)
child = os.fork() == 0
os.sched_setaffinity(0, {1 if child else 0})
mine, theirs, end, other = (0, 1, client, accepted) if child else (1, 0, accepted, client)
other.close()
ready[mine] = 1
while not ready[theirs]:
    pass
end.close()
if not child:
    os.wait()
