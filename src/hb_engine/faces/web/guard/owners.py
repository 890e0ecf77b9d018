"""Whose a connection is, and who may use the pages at all: users of this machine, by what the kernel says of sockets.

Cookies of 127.0.0.1 are sent to every port of it, and a link can be read in the arguments of the program that opens
it. So another user's web server could steal the one, and another user's eyes the other; what they cannot do is to be
somebody else to the kernel. It refuses to guess: where the kernel can be asked and names nobody, nobody is let in.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping
from typing import TypeAlias

from hb_engine.model.errors import CannotLook
from hb_engine.model.record import record

NOBODY = -1  # the kernel was asked, and names no user
NO_LOGIN = 0xFFFFFFFF
End: TypeAlias = tuple[str, int] | None


@record
class Telling:
    """Whether users are told apart here, and if not, why; `owner` gives the uid of a connection's other end.

    It is None where the system does not tell, and NOBODY where it could have and knows of none. An end that is None has
    no address any more: its connection was broken off before it was taken. `close` when done.
    """

    owner: Callable[[End, End], int | None]
    told: bool
    why: str = ""
    close: Callable[[], None] = lambda: None


def _untold(_client: End, _server: End) -> int | None:
    return None


def telling() -> Telling:
    """How connections are told apart on this machine: tried once, with a connection to ourselves."""
    if not sys.platform.startswith("linux"):
        return Telling(_untold, told=False, why=f"{sys.platform} does not say whose a connection is")
    from hb_engine.inventory.linux.peer import Peers  # Linux alone has it

    try:
        peers = Peers()
    except CannotLook as error:
        return Telling(_untold, told=False, why=f"the kernel does not say whose a connection is: {error}")
    try:
        found = _tried(peers.owner)
    except (CannotLook, OSError) as error:
        peers.close()
        return Telling(_untold, told=False, why=f"the kernel does not say whose a connection is: {error}")
    if found != os.getuid():
        peers.close()
        return Telling(_untold, told=False, why=f"the kernel says {found} of a connection that is {os.getuid()}'s")

    def owner(client: End, server: End) -> int | None:
        if client is None or server is None:  # whoever it was can be asked for no more, and may have sent a request
            return NOBODY
        try:
            uid = peers.owner(client, server)
        except CannotLook:
            return NOBODY
        return NOBODY if uid is None else uid

    return Telling(owner, told=True, close=peers.close)


def _tried(owner: Callable[[tuple[str, int], tuple[str, int]], int | None]) -> int | None:
    """Who the kernel says we are, by a connection within this process; over IPv6 where there is no IPv4."""
    try:
        listener = socket.create_server(("127.0.0.1", 0))
    except OSError:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    with listener, socket.create_connection(listener.getsockname()[:2], timeout=2) as client:
        accepted, _ = listener.accept()
        with accepted:
            return owner(client.getsockname()[:2], accepted.getsockname()[:2])


def users(environment: Mapping[str, str], uid: int | None = None, login: int | None = None) -> frozenset[int] | None:
    """Whom links are for: whoever started hb, root, and whoever became root to do so. None: whoever has one.

    Root is among them since relays that belong to the system (WSL's, for one) connect as root; it could read the
    pages anyhow. Where root started hb and nobody is known to stand behind that, any user with a link is let in: the
    administrator's tunnel may be any account's.
    """
    own = (os.getuid() if hasattr(os, "getuid") else None) if uid is None else uid
    if own is None:
        return None
    if own:
        return frozenset((0, own))
    behind = {_login() if login is None else login}
    behind |= {int(text) for name in ("SUDO_UID", "PKEXEC_UID") if _is_number(text := environment.get(name, ""))}
    people = frozenset(behind - {0, NO_LOGIN})
    return people | {0} if people else None


def name_of(uid: int | None) -> str:
    """A user's name, the number where there is none, empty where nobody is known."""
    if uid is None or uid < 0:
        return ""
    try:
        import pwd  # there is none on Windows

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError, OSError):
        return str(uid)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _login() -> int:
    """Who logged in, whatever became of that since (audit's loginuid; proc_pid_loginuid(5))."""
    try:
        with open("/proc/self/loginuid", encoding="ascii") as file:
            return int(file.read(12))
    except (OSError, ValueError):
        return NO_LOGIN
