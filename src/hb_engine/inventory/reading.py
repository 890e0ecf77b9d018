"""Files with a machine's openings, by hb or by other tools, read back as Inventories: one format, one file.

A reader is a module in readers/ with FORMAT, a declaration; claims(head), whether the first bytes look like its format;
and read(data, name, at). The format is told by the content, never by a file's name. A file that is wrong is DataError
with the place; no file's content raises anything else.
"""

from __future__ import annotations

from hb_engine.model.endpoint import scope_of
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Opening, Unowned, identity_of
from hb_engine.model.owner import Container, Owner
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from hb_engine.model.inventory import Gap

    class Reader(Protocol):
        """A file of readers/."""

        FORMAT: Format
        claims: Callable[[bytes], bool]
        read: Callable[[bytes, str, float], tuple[Inventory, ...]]


LARGEST = 1 << 28  # bytes
HEAD = 4096  # bytes that a reader sees to tell its format by
LINE = 4096  # characters of one line that are kept of a stranger's text
HOST = Netns(0)
UNSEEN = Unowned("untold", "the file does not name the process")


@record
class Format:
    """A format: `name` for programs, `title` for people."""

    name: str
    title: str


@record
class Seen:
    """A socket as a file tells of it. `address` is text; a wildcard is 0.0.0.0, :: or *, which takes both families."""

    transport: str
    address: str
    port: int
    interface: str = ""
    listening: bool = True
    owners: tuple[Owner, ...] = ()
    unit: str | None = None
    container: Container | None = None
    uid: int | None = None
    inode: int | None = None
    flags: tuple[str, ...] = ()


def read(data: bytes, name: str, at: float) -> tuple[Inventory, ...]:
    """The inventories that are in these bytes; `name` and `at` are the host's name and the time where it tells none.

    Raises DataError for what no reader claims, and for what is broken.
    """
    if len(data) > LARGEST:
        raise DataError(f"the file has {len(data)} bytes, more than {LARGEST}", "Split it by hosts.")
    head = head_of(data)
    if not head:
        raise DataError("the file is empty", "Whatever was to write it may have failed.")
    for reader in readers():
        if reader.claims(head):
            return reader.read(data, name, at)
    known = ", ".join([reader.FORMAT.title for reader in readers()])
    raise DataError("the file is in no format that hb reads", f"It reads {known}.")


def head_of(data: bytes) -> bytes:
    """The beginning of a file, as readers see it."""
    return data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()


def readers() -> list[Reader]:
    """Every reader, by name."""
    from pkgutil import iter_modules  # 8 ms, once a file

    from hb_engine.inventory import readers as folder

    names = sorted([module.name for module in iter_modules(folder.__path__)])
    return [__import__(f"{folder.__name__}.{name}", fromlist=("FORMAT",)) for name in names]


def inventory(host: Host, at: float, source: str, gaps: tuple[Gap, ...], sockets: Iterable[Seen]) -> Inventory:
    """An inventory of sockets that a file told of. Those of one owner on one port and scope are one opening."""
    groups: dict[tuple[object, ...], list[Seen]] = {}
    for socket in sockets:
        groups.setdefault(_group(socket), []).append(socket)
    openings = tuple([_opening(members) for members in groups.values()])
    return Inventory(host, at, Coverage(privileged=False, sources=(source,), gaps=gaps), openings)


def _group(socket: Seen) -> tuple[object, ...]:
    identity = identity_of(socket.owners, socket.unit, socket.container, None)
    scope = _scope(socket)
    return (socket.transport, socket.port, scope, socket.interface, identity, socket.listening)


def _opening(members: list[Seen]) -> Opening:
    first = members[0]
    owners = tuple({owner.pid: owner for one in members for owner in one.owners}.values())
    return Opening(
        "listener" if first.listening else "bound",
        first.transport,
        first.port,
        tuple(dict.fromkeys([address for one in members for address in _addresses(one.address)])),
        tuple(sorted({family for one in members for family in _families(one.address)})),
        _scope(first),
        HOST,
        interface=first.interface,
        owners=owners,
        unowned=None if owners else UNSEEN,
        uid=first.uid,
        unit=first.unit,
        container=first.container,
        flags=tuple(dict.fromkeys([flag for one in members for flag in one.flags])),
        inodes=tuple([one.inode for one in members if one.inode is not None]),
    )


def _addresses(address: str) -> tuple[str, ...]:
    return ("0.0.0.0", "::") if address == "*" else (address,)  # noqa: S104 -- nothing is bound here


def _families(address: str) -> tuple[str, ...]:
    return ("ipv4", "ipv6") if address == "*" else ("ipv6",) if ":" in address else ("ipv4",)


def _scope(socket: Seen) -> str:
    scope = "public" if socket.address == "*" else scope_of(packed(socket.address) or bytes(4))
    return "loopback" if socket.interface == "lo" else scope


def packed(address: str) -> bytes | None:
    """An address's 4 or 16 bytes, or None for text that is none."""
    from socket import AF_INET, AF_INET6, inet_pton  # only where a file is read

    try:
        return inet_pton(AF_INET6 if ":" in address else AF_INET, address)
    except (OSError, ValueError):
        return None
