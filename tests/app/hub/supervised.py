"""hb serve's processes without pages: what the serving one hears goes to standard output, a line of JSON each.

    python -m tests.app.hub.supervised SECONDS [--write] [FILE ...]

It takes lines: `ask NAME {words}` asks the desk, `end STATUS` ends the serving process. Questions that tests need are
made here: pid (the desk's), wait (until it is killed), written (a write that says so).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import Any

from hb_engine.app.hub import desk, looker, questions, staff
from hb_engine.app.hub.questions import Place, Question
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.live import Caller, follow
from hb_engine.model.errors import HbError

LOAD, LOOK, ANSWER = questions.load, looker.run, desk.run
MADE = {
    "pid": (Question("pid", ""), lambda _place: os.getpid()),
    "wait": (Question("wait", ""), lambda _place: signal.pause()),
    "wait-slowly": (Question("wait-slowly", "", slow=True), lambda _place: signal.pause()),
    "written": (Question("written", "", writes=True), lambda _place: "written"),
}

UNASKED: Any = None  # registry and threats: no page is shown here that would look a port up


def say(word, **told):
    """One write, so that lines of several processes do not mix."""
    os.write(1, json.dumps({"word": word, **told}).encode() + b"\n")


def load(name):
    return MADE[name] if name in MADE else LOAD(name)


def looking(*words, **more):
    say("looker", pid=os.getpid(), files=open_files(), nice=os.nice(0))
    LOOK(*words, **more)


def answering(*words):
    say("desk", pid=os.getpid(), files=open_files(), nice=os.nice(0))
    ANSWER(*words)


def open_files():
    """What descriptors lead to, but for the standard ones and /dev/null."""
    names = [name for name in os.listdir("/proc/self/fd") if int(name) > 2 and os.path.lexists(f"/proc/self/fd/{name}")]
    found = [os.readlink(f"/proc/self/fd/{name}").partition(":")[0] for name in names]
    return sorted(one for one in found if one not in ("/dev/null", f"/proc/{os.getpid()}/fd"))


def web(wires):
    say("web", pid=os.getpid(), files=open_files(), nice=os.nice(0))
    return asyncio.run(serve(wires))


async def serve(wires):
    caller = Caller(wires)
    hub = Hub(UNASKED, UNASKED, caller)
    ending = asyncio.Event()
    status = [0]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ending.set)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    following = asyncio.create_task(follow(hub, wires))
    following.add_done_callback(lambda _: ending.set())
    tasks = [asyncio.create_task(one) for one in (shown(hub), heard(lines, hub, ending, status))]
    await ending.wait()
    for one in (following, *tasks):
        one.cancel()
    await asyncio.gather(following, *tasks, caller.close(), return_exceptions=True)
    say("ending")
    return status[0]


async def shown(hub):
    number = 0
    while not hub.closed:
        sight = await hub.change(number)
        number = sight.number
        troubles = [one.about for one in sight.troubles]
        say("sight", number=number, names=[one.name for one in sight.machines], troubles=troubles)


async def heard(lines, hub, ending, status):
    asked = set()
    while line := await lines.readline():
        word, name, rest = [*line.decode().split(maxsplit=2), "", ""][:3]
        if word == "ask":
            asked.add(asyncio.create_task(answered(hub, name, json.loads(rest or "{}"))))
        if word == "end":
            status[0] = int(name)
            ending.set()


async def answered(hub, name, words):
    try:
        say("answer", to=name, value=repr(await hub.ask(name, **words)))
    except HbError as error:
        say("error", to=name, kind=type(error).__name__, message=error.message)


if __name__ == "__main__":
    questions.load, looker.run, desk.run = load, looking, answering
    files = tuple(one for one in sys.argv[2:] if one != "--write")
    say("supervisor", pid=os.getpid())
    done = staff.supervise(web, Place(writing="--write" in sys.argv, files=files), float(sys.argv[1]))
    say("done", status=done)
    sys.exit(done)
