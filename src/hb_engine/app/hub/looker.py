"""The looker: the process that has rights, and looks, again and again.

Each look becomes a Sight, which goes over a pipe to the pages; of a look that shows nothing new only the time goes. A
look is never begun while another is under way, and one is made at once where the desk asks for it. It answers nobody
and listens to nothing but that wish.
"""

from __future__ import annotations

import os
import time

from hb_engine.app.hub import wires
from hb_engine.app.hub.viewing import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from hb_engine.app.hub.questions import Place
    from hb_engine.app.hub.sight import Fresh, Sight

    Told = TypeVar("Told")

LONGEST = 600.0  # seconds for a look: one that waits for ever is ended, and another looker begun, which is told
LEAST = 1.0  # seconds between the ends of two looks, whatever is asked


def run(place: Place, every: float, descriptor: int, nudged: int, *, recording: bool = False) -> None:
    """Look every so many seconds, until nobody reads any more."""
    view = View(place, recording=recording)
    while True:
        began = time.monotonic()
        try:
            send(descriptor, within(LONGEST, view.look))
        except (BrokenPipeError, ConnectionResetError):
            return
        wait(nudged, pause(every, time.monotonic() - began, unfinished=view.unfinished))


def within(seconds: float, look: Callable[[], Told]) -> Told:
    """What a look came to. Where it takes longer this process is ended, by SIGALRM: what keeps it (a dead file server,
    a file of the kernel's that is never whole) cannot be asked to stop, and pages would show an old sight as if it
    were of now."""
    from signal import ITIMER_REAL, SIG_DFL, SIGALRM, setitimer, signal  # only hb serve

    before = signal(SIGALRM, SIG_DFL)
    setitimer(ITIMER_REAL, seconds)
    try:
        return look()
    finally:
        setitimer(ITIMER_REAL, 0)
        signal(SIGALRM, before)


def pause(every: float, took: float, *, unfinished: bool) -> float:
    """Seconds until the next look: at least as many as this one took, so that half of the time nobody looks."""
    return LEAST if unfinished else max(every - took, took, LEAST)


def send(descriptor: int, seen: Sight | Fresh) -> None:
    """Hand a sight on. Raises OSError where nobody reads any more."""
    wires.send(descriptor, seen.number & 0xFFFFFFFF, wires.dumped(seen))


def wait(nudged: int, seconds: float) -> None:
    """Wait for so long, or until a look is wished for; many wishes are one."""
    import select  # only hb serve

    if select.select([nudged], [], [], seconds)[0]:
        try:
            os.read(nudged, 4096)
        except BlockingIOError:
            return
