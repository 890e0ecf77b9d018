"""The process that serves pages: what it loads, what it gives up, how it says that it is there, and how it ends.

Everything is loaded and every kind of page rendered once while it still may read files; then it gives up its rights and
takes connections. It knows the machine only by what others hand it. Links are made here, after that, and are nowhere
else. It refuses to serve where giving up did not work, and keeps no log of what is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Generator
from typing import Any, Protocol

import uvicorn

from hb_engine.app import folders
from hb_engine.app.hub import staff
from hb_engine.app.hub.wires import Wires
from hb_engine.faces.web.guard import owners, privileges
from hb_engine.faces.web.guard.connections import HEAD, Connections, protocol
from hb_engine.faces.web.guard.gate import ENTER, Gate, headless
from hb_engine.faces.web.guard.links import LASTS, Links
from hb_engine.faces.web.guard.listening import BACKLOG, url
from hb_engine.faces.web.guard.loading import load_late
from hb_engine.faces.web.guard.privileges import Account
from hb_engine.faces.web.guard.sessions import Session, Sessions
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import CODES, DEFAULT, language
from hb_engine.faces.web.live import Caller, follow
from hb_engine.faces.web.ready import settle
from hb_engine.faces.web.rendering import sources
from hb_engine.faces.web.site import Site
from hb_engine.model.errors import CannotLook, HbError
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

GRACE = 1  # seconds that answers under way have when the end comes
KEEP_ALIVE = 60  # seconds; connections.py has less
REST = 0.02  # seconds for others between two templates
WARM = 5.0  # seconds for an address
AGAIN = 1.0  # seconds until a terminal is looked at again
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "server": ("127.0.0.1", 1703),
    "client": ("127.0.0.1", 1703),
    "scheme": "http",
    "method": "GET",
    "root_path": "",
    "query_string": b"",
    "headers": [(b"host", b"127.0.0.1:1703")],
}


@record
class Started:
    """What there is to say once pages are served. `untold` is why users are not told apart, empty where they are."""

    urls: tuple[str, ...]
    user: str  # that this process became, empty where it stayed who it was
    untold: str
    users: tuple[str, ...]  # whom links are for; empty: whoever has one


@record
class Link:
    """A link to give out: what it allows, where it is, and for how many seconds it is good."""

    right: str
    url: str
    lasts: int = LASTS


class Teller(Protocol):
    """Where it is said. `watched`: somebody is at the terminal that is standard input, and may press Enter."""

    watched: bool

    def started(self, started: Started, links: tuple[Link, ...]) -> None:
        """Pages are served from now on."""

    def fresh(self, links: tuple[Link, ...]) -> None:
        """New links were asked for."""

    def failed(self, error: HbError) -> None:
        """Nothing will be served."""


class Web:
    """What staff.supervise has done in the serving process: `web(wires)` serves until it is told to end, and gives the
    exit status."""

    def __init__(
        self, sockets: list[socket.socket], teller: Teller, *, writing: bool = False, to: Account | None = None
    ) -> None:
        self._sockets, self._teller, self._writing, self._to = sockets, teller, writing, to
        self._caller: Caller | None = None

    def __call__(self, wires: Wires) -> int:
        """Load, give up, serve."""
        try:
            return self._run(wires)
        except HbError as error:
            self._teller.failed(error)
            return 2

    def _run(self, wires: Wires) -> int:
        gc.enable()  # hb's other verbs are over before garbage matters
        privileges.shut({0, 1, 2, wires.sights, wires.questions, *[one.fileno() for one in self._sockets]})
        telling, users = owners.telling(), owners.users(os.environ)
        names = tuple([owners.name_of(uid) for uid in sorted(users)]) if users else ()
        gate, connections = Gate(Sessions(), Links(users)), Connections(telling.owner)
        hub = Hub(Registry.open(folders.data()), Threats.open(), self._ask, writing=self._writing)
        site = Site(hub, gate)
        config = configured(site.app, connections)
        loops = config.get_loop_factory()
        load_late()
        with asyncio.Runner(loop_factory=loops) as runner:
            runner.run(warm(site))
        privileges.drop(self._to)
        staff.mortal()  # giving up rights has undone it
        settle()
        urls = tuple([url(one) for one in self._sockets])
        started = Started(urls, self._to.name if self._to else "", telling.why, names)
        with asyncio.Runner(loop_factory=loops) as runner:
            return runner.run(self._serve(config, site, connections, wires, started))

    async def _ask(self, question: str, **words: Any) -> Any:
        if self._caller is None:
            raise CannotLook("hb serve is still starting", "Try again in a moment.")
        return await self._caller(question, **words)

    async def _serve(
        self, config: uvicorn.Config, site: Site, connections: Connections, wires: Wires, started: Started
    ) -> int:
        self._caller, server, ending = Caller(wires), Server(config), asyncio.Event()
        following = asyncio.create_task(follow(site.hub, wires))
        tasks = (following, asyncio.create_task(connections.watch()), asyncio.create_task(compile_all(site)))
        following.add_done_callback(lambda _: ending.set())  # the supervisor has ended: nobody looks any more
        serving = asyncio.create_task(server.serve(self._sockets))
        serving.add_done_callback(lambda _: ending.set())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
        self._hear_wishes(site.gate, started.urls[0])
        self._teller.started(started, self._links(site.gate, started.urls[0]))
        await ending.wait()
        site.hub.close()  # streams end
        server.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._caller.close(), return_exceptions=True)
        await serving
        return 0

    def _links(self, gate: Gate, at: str) -> tuple[Link, ...]:
        rights = ("read", "write") if self._writing else ("read",)
        return tuple([Link(right, f"{at}{ENTER}{gate.links.give(right)}") for right in rights])

    def _hear_wishes(self, gate: Gate, at: str) -> None:
        """Fresh links for each SIGUSR1, and for each line of a terminal: those before are used up, or too old."""
        loop = asyncio.get_running_loop()

        def wish() -> None:
            self._teller.fresh(self._links(gate, at))

        loop.add_signal_handler(signal.SIGUSR1, wish)
        if self._teller.watched:
            loop.add_reader(0, typed, 0, wish)


def typed(descriptor: int, wish: Callable[[], None]) -> None:
    """A line of a terminal: a wish. In the background the terminal is somebody else's: what is typed is not read."""
    loop = asyncio.get_running_loop()
    if os.tcgetpgrp(descriptor) != os.getpgrp():
        loop.remove_reader(descriptor)
        loop.call_later(AGAIN, loop.add_reader, descriptor, typed, descriptor, wish)
        return
    try:
        data = os.read(descriptor, 4096)
    except OSError:  # the terminal is gone
        data = b""
    if data:
        wish()
    else:
        loop.remove_reader(descriptor)


class Server(uvicorn.Server):
    """uvicorn's server, which leaves signals to us (it would raise them once more at its end) and ends when it is told
    to, not at its next look."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def stop(self) -> None:
        """End: what is being answered has GRACE seconds."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Until it is told to end; the date in answers is a second old at most."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing is captured."""
        yield


def configured(app: Any, connections: Connections) -> uvicorn.Config:
    """What uvicorn is told: nothing is logged of what is asked, and no header of a proxy's is believed."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # faults of ours are told by the site; rest is noise
    config = uvicorn.Config(
        app,
        http=protocol(connections),
        loop="auto",  # uvloop where it is installed
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=HEAD,
    )
    config.load()
    return config


async def warm(site: Site) -> None:
    """Ask every address once, so that whatever is loaded late is loaded now.

    Nobody has looked yet, and nobody answers questions. So every language is had say a number and a date besides, and
    templates are compiled when there is time: their text is here.
    """
    session = Session("", "write", None, "", "")
    for code in CODES:
        spoken = language(code)
        spoken.moment(0.0), spoken.day(0.0), spoken.number(1703), spoken.ago(0.0, 1.0), spoken.span(1.0)
        spoken.listed(["a", "b"])
    for path in (*addresses(site), "/nothing"):
        query = b"q=1703"  # whatever is searched for, it is searched
        scope = {**SCOPE, "path": path, "raw_path": path.encode(), "query_string": query, "state": {"session": session}}
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(headless(site.litestar, scope, _once(), _nowhere), WARM)


def addresses(site: Site) -> tuple[str, ...]:
    """An address for each path that is read from, something in the place of its parameters; in English, and the first
    page in every language."""
    paths = [route.path for route in site.litestar.routes if "GET" in getattr(route, "methods", ())]
    others = tuple([f"/{code}/" for code in CODES if code != DEFAULT])
    return tuple([re.sub(r"\{[^}]*\}", "1703", path) for path in paths if not path.startswith(others)])


async def compile_all(site: Site) -> None:
    """Compile every template for every language, one after the other, between requests. One that is wrong is told of,
    and takes its own page along, and no other."""
    for name in sources():
        for code in CODES:  # the first of them compiles it for all (compiling.py)
            wrong = site.renderers[code].compile(name)
            if wrong:
                sys.stderr.write(f"hb: the template {name} ({code}) is wrong: {wrong}\n")
        await asyncio.sleep(REST)
    settle()


def _once() -> Callable[[], Any]:
    """A request without a body, from somebody who stays for the answer."""
    left = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return left.pop() if left else await asyncio.Event().wait()

    return receive


async def _nowhere(_message: Any) -> None:
    return
