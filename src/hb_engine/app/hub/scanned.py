"""SANS ISC's counts for the pages: what is kept of them, and the one question that a person may send.

The terms are registry/pressure.py's. A page shows what is kept and asks nothing by itself; the button asks, once, with
the mail address that the service wants to know. Without one it is not asked, and the page says how.
"""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.hub.votes import check
from hb_engine.app.looking.port import MAIL
from hb_engine.model.errors import BadInput, Unreachable
from hb_engine.model.record import record
from hb_engine.registry import pressure

FOLDER = "isc"
NO_MAIL = f"Set {MAIL}=you@example.org where hb serve is started, and start it again."


@record
class Kept:
    """The counts that are kept of one port, whether more may be asked for, and of which ports any are kept."""

    port: int
    look: pressure.Look | None = None  # None: nothing was ever asked about this port
    mail: bool = False  # whether there is an address to ask with
    ports: tuple[int, ...] = ()


def kept(port: int, days: int = 30) -> Kept:
    """What is known without asking anybody."""
    check(port)
    folder = _folder()
    if folder is None:
        return Kept(port, mail=bool(os.environ.get(MAIL)))
    return Kept(port, pressure.kept(_desk(folder), port, days), bool(os.environ.get(MAIL)), pressure.ports(folder))


def ask(port: int) -> Kept:
    """Ask SANS ISC, by its terms. Raises BadInput, TooSoon, Unreachable, DataError."""
    check(port)
    if port == 0:
        raise BadInput("there are no counts for port 0", "Ask for a port from 1 to 65535.")
    if not os.environ.get(MAIL):
        raise Unreachable("SANS ISC asks every program to say whom it can write to", NO_MAIL)
    folder = _folder()
    if folder is None:
        raise Unreachable("there is no home folder to keep SANS ISC's answers in", "Set XDG_CACHE_HOME.")
    return Kept(port, pressure.look(_desk(folder), port), mail=True, ports=pressure.ports(folder))


def _desk(folder: str) -> pressure.Desk:
    return pressure.Desk(folder, os.environ.get(MAIL, ""), os.environ.get("HB_ISC") or pressure.BASE)


def _folder() -> str | None:
    cache = folders.cache()
    return os.path.join(cache, FOLDER) if cache else None
