"""A real server on a port that the kernel chose, in a thread, for requests that no client would send.

with Served(app) as server:
    server.raw(b"GET / HTTP/1.1\\r\\n...")
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from typing import Self

from hb_engine.faces.web.guard import connections, listening
from hb_engine.faces.web.guard.connections import Connections
from hb_engine.faces.web.guard.gate import Gate, session_of
from hb_engine.faces.web.serving import Server, configured

PATIENCE = 20  # seconds; only what is broken takes as long


async def echo(scope, receive, send):
    """An application that says what it was asked, and what of its session it was told."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    session = session_of(scope)
    told = {
        "path": scope["path"],
        "method": scope["method"],
        "body": len(body),
        "user": session.user if session else None,
        "right": session.right if session else None,
    }
    headers = [(b"content-type", b"application/json"), (b"server", b"echo")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


class Served:
    """A server that runs while the with statement does."""

    def __init__(self, app=echo, gate=None, *, owner=lambda *_: None, base=None, sweeping=False, **bounds) -> None:
        self.gate = gate or Gate(pause=_at_once)
        self.connections = Connections(owner, **bounds)
        self._config = configured(self.gate.before(app), self.connections)
        if base is not None:
            self._config.http_protocol_class = connections.bound(base, self.connections)
        self._sockets = listening.listen(("127.0.0.1",), 0)
        self.port = self._sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self._sweeping = sweeping
        self._ready, self._thread = threading.Event(), threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *_) -> None:
        self.loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self):
        self._server = Server(self._config)
        with asyncio.Runner(loop_factory=self._config.get_loop_factory()) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self.loop = asyncio.get_running_loop()
        watching = asyncio.create_task(self.connections.watch()) if self._sweeping else None
        serving = asyncio.create_task(self._server.serve(self._sockets))
        while not self._server.started:  # noqa: ASYNC110 - one turn of the loop, and no time
            await asyncio.sleep(0)
        self._ready.set()
        await serving
        if watching:
            watching.cancel()

    def do(self, function):
        """Call a function in the server's own thread, and wait for what it gives."""

        async def call():
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(PATIENCE)

    def connect(self):
        """A connection of ours."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def raw(self, sent):
        """The answer to some bytes."""
        return self.answers(sent, 1)[0]

    def answers(self, sent, count):
        """So many answers to some bytes, over one connection."""
        with self.connect() as peer, peer.makefile("rb") as stream:
            with contextlib.suppress(ConnectionError):  # it may be closed before all was sent
                peer.sendall(sent)
            return [answer(stream, bodiless=sent.startswith(b"HEAD")) for _ in range(count)]

    def ask(self, path="/", method="GET", headers=(), body=b"", host=None):
        """One request as a browser sends it; the answer."""
        named = [("Host", host or self.host), *headers]
        named += [("Content-Length", str(len(body)))] if body else []
        lines = "".join(f"{name}: {value}\r\n" for name, value in named)
        return self.raw(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body)


class Answer:
    """A status, headers and a body; status 0 where the server only closed."""

    def __init__(self, status, headers, body) -> None:
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name) -> str:
        return str(self.headers.get(name, [""])[-1])

    @property
    def json(self):
        return json.loads(self.body)


def next_answer(peer):
    """The next answer over a connection, where nothing comes behind it."""
    with peer.makefile("rb") as stream:
        return answer(stream)


def answer(stream, *, bodiless=False):
    """The next answer of a stream."""
    with contextlib.suppress(ConnectionResetError):
        first = stream.readline()
        headers: dict[str, list[str]] = {}
        while first and (line := stream.readline().rstrip(b"\r\n")):
            name, _, value = line.partition(b":")
            headers.setdefault(name.decode().lower(), []).append(value.strip().decode("latin-1"))
        if first:
            return Answer(int(first.split()[1]), headers, b"" if bodiless else _body(stream, headers))
    return Answer(0, {}, b"")


def _body(stream, headers):
    if "content-length" in headers:
        return stream.read(int(headers["content-length"][0]))
    whole = b""
    while size := int(stream.readline(), 16):
        whole += stream.read(size)
        stream.readline()
    stream.readline()
    return whole


async def _at_once(_seconds):
    return
