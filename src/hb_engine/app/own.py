"""This machine's own openings, asked from the outside of their sockets: what speaks behind what listens.

Only openings of the network namespace that hb runs in can be reached, and only TCP listeners and UDP sockets have
anybody to ask; the others are told as not asked. A connection to a wildcard bind goes over loopback, where a firewall
seldom stands: what others reach is for `hb scan` from elsewhere to say.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.naming import Namer
from hb_engine.identify.question import Settings
from hb_engine.model.answer import Answer, ScannedHost
from hb_engine.registry.assignments import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.model.opening import Opening

QUICK = Settings(slow=0.0, budget=2.0, wait=1.0, talk=4.0, versions=False)  # for one port that a person waits for
THOROUGH = Settings()
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}  # noqa: S104 -- nothing is bound here
KINDS = {"tcp": ("listener", "activation", "kernel"), "udp": ("listener", "bound", "activation", "kernel")}


def speaks(
    openings: Iterable[Opening],
    settings: Settings = THOROUGH,
    *,
    allowed: tuple[str, ...] = (),
    tell: Callable[[], None] = lambda: None,
) -> dict[str, Answer]:
    """What each opening that can be asked says, by its key. `tell` is called for every one that is done."""
    places = {opening.key: place for opening in openings if (place := place_of(opening))}
    if not places:
        return {}
    short = Registry.open(folders.data()).short
    namer = Namer(short, settings, allowed=allowed, random=os.urandom, clock=time.time)
    hosts: dict[str, dict[tuple[str, int], Answer]] = {}
    for transport, address, port in places.values():
        reason = "conn-accepted" if transport == "tcp" else "udp-response"
        hosts.setdefault(address, {})[transport, port] = Answer(transport, port, "open", reason)
    asked = [ScannedHost(address, up=True, answers=tuple(answers.values())) for address, answers in hosts.items()]
    named, _ = namer.named(asked, lambda *_: tell())
    found = {(answer.transport, host.address, answer.port): answer for host in named for answer in host.answers}
    return {key: found[place] for key, place in places.items()}


def place_of(opening: Opening) -> tuple[str, str, int] | None:
    """Where an opening can be asked: transport, address, port; None where nobody can be asked from here."""
    kinds = KINDS.get(opening.transport, ())
    if opening.port is None or opening.kind not in kinds or opening.netns.id != own_namespace() or opening.ephemeral:
        return None
    address = min(opening.addresses, key=lambda one: (one not in WILDCARDS, ":" in one), default="")
    return (opening.transport, WILDCARDS.get(address, address), opening.port) if address else None


def own_namespace() -> int:
    """The inode of this process's network namespace; 0 where there are none."""
    try:
        return os.stat("/proc/self/ns/net").st_ino
    except OSError:
        return 0
