"""The serving process's ends of the wires: questions that go out, sights that come in, and streams that tell browsers.

Many questions may be out at a time, each with a time after which whoever asks is told what to do. A process that ends
takes only its own stream along: its questions are refused with a reason, and while nobody looks the sight says so.
It trusts what comes over these descriptors, which processes with more rights made, and nothing else.
"""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from hb_engine.app.hub import wires
from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Fresh, Sight, Trouble
from hb_engine.app.hub.wires import Wires
from hb_engine.faces.web import ready
from hb_engine.faces.web.hub import Hub
from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.model.record import replace

PATIENCE = 75.0  # seconds that an answer is waited for: longer than the desk gives its own children
MOST = 256  # questions that are out at a time
AWAY = Trouble(
    "looker",
    "the process that looks has ended, and is started again",
    "What is shown is of the last look. If this stays, the terminal that runs hb serve shows why.",
)


class Caller:
    """The way to the desk: `await caller("machine-past", host="web-17")`, in one event loop."""

    def __init__(self, given: Wires, *, patience: float = PATIENCE) -> None:
        self._control, self._patience = given.questions, patience
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._writer: asyncio.StreamWriter | None = None
        self._here = asyncio.Event()  # a desk is there
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, question: str, **words: Any) -> Any:
        """The answer. Raises what model/errors.py has."""
        body = wires.question(question, words)
        if self._task is None:
            self._task = asyncio.create_task(self._serve())
        if len(self._waiting) >= MOST:
            raise CannotLook("too many questions wait for an answer already", "Try again in a minute.")
        self._number = (self._number + 1) & 0xFFFFFFFF
        number, answer = self._number, asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(self._patience):
                await self._here.wait()
                self._ask(number, body)
                return wires.loaded(await answer)
        except TimeoutError as error:
            told = f"there was no answer within {self._patience:g} seconds"
            raise CannotLook(told, "Try again; the terminal that runs hb serve may show why.") from error
        finally:
            self._waiting.pop(number, None)

    @property
    def waiting(self) -> int:
        """How many questions are out."""
        return len(self._waiting)

    async def close(self) -> None:
        """Ask nobody any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ask(self, number: int, body: bytes) -> None:
        if self._writer is None:
            raise _gone()
        self._writer.write(wires.frame(number, body))

    async def _serve(self) -> None:
        """One desk after another, as each is announced."""
        async for descriptor in announced(self._control):
            reader, self._writer = await asyncio.open_unix_connection(sock=socket.socket(fileno=descriptor))
            self._here.set()
            try:
                while (got := await _frame(reader)) is not None:
                    number, body = got
                    if number in self._waiting and not self._waiting[number].done():
                        self._waiting[number].set_result(body)
            finally:
                self._here.clear()
                self._writer.close()
                self._writer = None
                self._refuse()

    def _refuse(self) -> None:
        """Nobody will answer what is out."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(_gone())


def _gone() -> CannotLook:
    return CannotLook("the process that answers has ended, and is started again", "Try again in a moment.")


async def follow(hub: Hub, given: Wires) -> None:
    """Show every sight that comes, until the supervisor has ended; then the hub is closed."""
    try:
        async for descriptor in announced(given.sights):
            await _looks(hub, descriptor)
            if AWAY not in hub.sight.troubles:
                hub.show(replace(hub.sight, number=hub.sight.number + 1, troubles=(AWAY, *hub.sight.troubles)))
    finally:
        hub.close()


async def _looks(hub: Hub, descriptor: int) -> None:
    """Show what one looker sees, until it ends."""
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    try:
        while (got := await _frame(reader)) is not None:
            seen = await ready.unpacked(got[1])
            sight = shown(hub.sight, seen)
            if isinstance(seen, Sight):
                await ready.make(hub, sight)
            hub.show(sight)
    finally:
        transport.close()


def shown(before: Sight, seen: Sight | Fresh) -> Sight:
    """The sight to show: numbers only grow, also where another looker counts anew."""
    if isinstance(seen, Sight):
        return replace(seen, number=max(seen.number, before.number + 1))
    return again(before, seen.taken_at)


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes] | None:
    """A frame's number and body; None at the end, also where it comes in the middle of one."""
    try:
        length, number = wires.head(await reader.readexactly(wires.HEAD), wires.LARGEST_ANSWER)
        return number, await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError, Truncated):
        return None


async def announced(control: int) -> Any:
    """The descriptors that come over a socket, until its other side ends."""
    loop = asyncio.get_running_loop()
    with socket.socket(fileno=os.dup(control)) as channel:
        channel.setblocking(False)
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
            except BlockingIOError:
                ready = asyncio.Event()
                loop.add_reader(channel, ready.set)
                try:
                    await ready.wait()
                finally:
                    loop.remove_reader(channel)
                continue
            except OSError:
                return
            if not data:
                return
            for descriptor in descriptors:
                yield descriptor
