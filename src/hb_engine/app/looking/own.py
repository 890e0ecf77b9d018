"""This machine's own openings, asked from the outside of their sockets: what speaks behind what listens.

Only TCP listeners and UDP sockets have anybody to ask. Those in other network namespaces (containers) are asked from
within, by a child that enters there; where that is not allowed they are left out. A connection to a wildcard bind goes
over loopback, where a firewall seldom stands: what others reach is for `hb scan` from elsewhere to say. A user may bind
to an address that the machine has not (IP_FREEBIND, ip(7)): nobody is asked there, since that would be a stranger.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.looking.naming import Namer
from hb_engine.identify.question import Settings
from hb_engine.model.answer import Answer, ScannedHost
from hb_engine.registry.assignments import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hb_engine.model.opening import Opening

    Place = tuple[str, str, int]

QUICK = Settings(slow=0.0, budget=2.0, wait=1.0, talk=4.0, versions=False)  # for one port that a person waits for
THOROUGH = Settings()
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}  # noqa: S104 -- nothing is bound here
KINDS = {"tcp": ("listener", "activation", "kernel"), "udp": ("listener", "bound", "activation", "kernel")}
AT_ONCE = 8  # children
LONGEST = 180  # seconds that one child takes at most; its talks are bounded far below that


def speaks(
    openings: Iterable[Opening],
    settings: Settings = THOROUGH,
    *,
    allowed: tuple[str, ...] = (),
    tell: Callable[[], None] = lambda: None,
    expected: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Answer]:
    """What each opening that can be asked says, by its key. `tell` is called for every one that is done.

    `expected` are names of services by key, from a baseline: they are asked for first, and a fragile port is asked for
    nothing else.
    """
    known = [opening for opening in openings if place_of(opening)]
    if not known:
        return {}
    names = expected or {}
    expects = {place: names[one.key] for one in known if one.key in names and (place := place_of(one))}
    namer = Namer(
        Registry.open(folders.data()).short, settings, allowed=allowed, random=os.urandom, clock=time.time,
        expects=expects,
    )  # fmt: skip
    groups: dict[int, list[Opening]] = {}
    for opening in known:
        groups.setdefault(opening.netns.id, []).append(opening)
    here = groups.pop(own_namespace(), [])
    found = _told(here, _asked(here, namer, tell))
    elsewhere = [(members, way) for members in groups.values() if (way := _way_in(members))]
    for first in range(0, len(elsewhere), AT_ONCE):
        waits = [(members, _child(members, way, namer)) for members, way in elsewhere[first : first + AT_ONCE]]
        for members, wait in waits:
            found |= _told(members, wait())
            for _ in members:
                tell()
    return found


def _told(openings: list[Opening], answers: list[Answer | None]) -> dict[str, Answer]:
    """Answers by key, without those of nobody; none where a child failed."""
    return {one.key: answer for one, answer in zip(openings, answers, strict=False) if answer is not None}


def _asked(openings: list[Opening], namer: Namer, tell: Callable[[], None]) -> list[Answer | None]:
    """What these say, in their order; asked from this process's namespace. None for an address that is not here."""
    places = [place for one in openings if (place := place_of(one))]
    here = {address: is_here(address) for _, address, _ in places}
    hosts: dict[str, dict[tuple[str, int], Answer]] = {}
    for transport, address, port in [place for place in places if here[place[1]]]:
        reason = "conn-accepted" if transport == "tcp" else "udp-response"
        hosts.setdefault(address, {})[transport, port] = Answer(transport, port, "open", reason)
    asked = [ScannedHost(address, up=True, answers=tuple(answers.values())) for address, answers in hosts.items()]
    named, _ = namer.named(asked, lambda *_: tell())
    found = {(answer.transport, host.address, answer.port): answer for host in named for answer in host.answers}
    return [found.get(place) for place in places]


def is_here(address: str) -> bool:
    """Whether what is sent to an address stays on this machine, in this namespace. Nothing is sent to find out.

    The kernel chooses the address itself as the source of what goes to one of its own (ip-route(8), type local).
    """
    import _socket  # as light as os

    family = _socket.AF_INET6 if ":" in address else _socket.AF_INET
    try:
        one = _socket.socket(family, _socket.SOCK_DGRAM)
    except OSError:
        return False
    try:
        one.connect((address, 9))  # of a datagram socket: a route is looked up, and that is all
        source = str(one.getsockname()[0])
    except (OSError, ValueError):
        return False
    finally:
        one.close()
    packed = [_socket.inet_pton(family, each.partition("%")[0]) for each in (source, address)]
    return packed[0] == packed[1] or packed[0][:1] == packed[1][:1] == b"\x7f"


def place_of(opening: Opening) -> Place | None:
    """Where an opening can be asked: transport, address, port; None where there is nobody to ask."""
    if opening.port is None or opening.kind not in KINDS.get(opening.transport, ()) or opening.ephemeral:
        return None
    addresses = [address.partition("%")[0] for address in opening.addresses]
    address = min(addresses, key=lambda one: (one not in WILDCARDS, ":" in one), default="")
    return (opening.transport, WILDCARDS.get(address, address), opening.port) if address else None


def own_namespace() -> int:
    """The inode of this process's network namespace; 0 where there are none."""
    try:
        return os.stat("/proc/self/ns/net").st_ino
    except OSError:
        return 0


def _way_in(openings: list[Opening]) -> str | None:
    """A path to the network namespace of some openings, that of an owner who is still there."""
    wanted = openings[0].netns.id
    paths = [f"/proc/{owner.pid}/ns/net" for one in openings for owner in one.owners]
    paths += [f"/run/netns/{openings[0].netns.name}"] if openings[0].netns.name else []
    for path in paths:
        try:
            if os.stat(path).st_ino == wanted:
                return path
        except OSError:
            continue
    return None


def _child(openings: list[Opening], way: str, namer: Namer) -> Callable[[], list[Answer | None]]:
    """Have a child enter a namespace and ask there; what is returned waits for its answers, none where it failed."""
    from signal import SIG_DFL, SIGALRM, alarm, signal  # imported by the parent: a child may find a lock held

    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal(SIGALRM, SIG_DFL)
        alarm(LONGEST)  # the kernel ends a child that stands still, and its openings are not heard
        _be_child(openings, way, namer, writer)
    os.close(writer)

    def wait() -> list[Answer | None]:
        import pickle  # our own child's words, over a pipe that nobody else has

        with os.fdopen(reader, "rb") as pipe:
            data = pipe.read()
        os.waitpid(pid, 0)
        answers: list[Answer | None] = pickle.loads(data) if data else []  # noqa: S301 -- see above
        return answers

    return wait


def _be_child(openings: list[Opening], way: str, namer: Namer, writer: int) -> None:
    import pickle  # as above

    try:
        from hb_engine.inventory.linux.syscalls import setns  # Linux only, as other namespaces are

        descriptor = os.open(way, os.O_RDONLY)
        setns(descriptor)
        data = pickle.dumps(_asked(openings, namer, lambda: None))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(data)
    finally:
        os._exit(0)  # nothing of the parent's is to be flushed twice
