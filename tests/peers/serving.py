"""Small servers on loopback, for peers that misbehave: started for one test, counted, and gone with it.

A peer is a function that is given one accepted connection; it may send for ever, since its connection is closed under
it when the test is over. What a peer saw is counted on its own side, so that tests need not believe ours.
"""

from __future__ import annotations

import contextlib
import socket
import threading


class Seen:
    """What came to a server: the address it serves on, connections, bytes either way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0
        self.received = bytearray()
        self.sent = 0
        self.waker = 0
        self.over = threading.Event()
        self.lock = threading.Lock()


class Connection:
    """One connection of a peer, with its sends and receives counted."""

    def __init__(self, sock: socket.socket, seen: Seen, number: int) -> None:
        self.socket, self.seen, self.number = sock, seen, number

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)
        with self.seen.lock:
            self.seen.sent += len(data)

    def receive(self, size: int = 65536) -> bytes:
        data = self.socket.recv(size)
        with self.seen.lock:
            self.seen.received += data
        return data

    def drain(self) -> None:
        """Take what comes, until the other side has had enough."""
        while self.receive():
            pass

    def pause(self, seconds: float) -> bool:
        """Wait; True where the test is over."""
        return self.seen.over.wait(seconds)


@contextlib.contextmanager
def tcp(peer, address="127.0.0.1"):
    """Serve a peer on a port of loopback."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family, backlog=128) as server:
        seen = Seen(server.getsockname()[1])
        open_now: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def hold(sock: socket.socket, number: int) -> None:
            with sock, contextlib.suppress(OSError):
                peer(Connection(sock, seen, number))

        def accept() -> None:
            while True:
                sock, sender = server.accept()
                if sender[1] == seen.waker:  # everybody before it was taken
                    sock.close()
                    return
                seen.connections += 1
                open_now.append(sock)
                threads.append(threading.Thread(target=hold, args=(sock, seen.connections), daemon=True))
                threads[-1].start()

        acceptor = threading.Thread(target=accept, daemon=True)
        acceptor.start()
        try:
            yield seen
        finally:
            seen.over.set()
            with socket.socket(family) as waker:
                waker.bind((address, 0))
                seen.waker = waker.getsockname()[1]
                waker.connect(server.getsockname())
                acceptor.join(5)
            for sock in open_now:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(5)


@contextlib.contextmanager
def udp(peer):
    """Serve a peer of datagrams: it is given the socket, one datagram, and who sent it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        seen = Seen(server.getsockname()[1])

        def serve() -> None:
            while not seen.over.is_set():
                try:
                    data, sender = server.recvfrom(65536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                seen.connections += 1
                seen.received += data
                with contextlib.suppress(OSError):
                    peer(server, data, sender, seen)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            seen.over.set()
            thread.join(5)
