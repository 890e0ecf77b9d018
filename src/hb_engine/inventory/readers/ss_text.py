"""The table of ss (iproute2), best of `ss -tulpen`: one socket a line, columns set apart by spaces.

Processes stand in users:(("name",pid=1,fd=3)), with -e uid:, ino:, cgroup: and v6only: behind. ss escapes nothing, so a
process's name may hold quotes and brackets: numbers are looked for from the right. Only LISTEN and UNCONN are ways in.
Source: misc/ss.c of iproute2. It refuses ports that are told by name, which depend on whose /etc/services was read.
"""

from __future__ import annotations

from hb_engine.inventory.linux import cgroups
from hb_engine.inventory.reading import LINE, Format, Seen, inventory, packed
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Gap, Host
from hb_engine.model.owner import Container, Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory

FORMAT = Format("ss", "the text of ss -tulpen")
TRANSPORTS = ("tcp", "udp", "sctp", "dccp", "mptcp")
STATES = ("LISTEN", "UNCONN")
OTHERS = ("ESTAB", "TIME-WAIT", "CLOSE-WAIT", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "LAST-ACK", "CLOSING")
NO_PORTS = ("nl", "u_str", "u_dgr", "u_seq", "p_raw", "p_dgr", "raw", "icmp6", "v_str", "v_dgr", "xdp", "tipc")
SOURCE = "ss (a file)"
MOST = 64  # processes of one socket
BEYOND = Gap(
    "raw and packet sockets, other network namespaces, redirects, packages and executables",
    "ss -tulpen does not tell of them",
    "hb snapshot on the machine itself",
    "owners exe pkg signed script image udplite raw packet vsock netns forward redirect tap tunnel tcp:bound",
)
ASKED = {
    "tcp": "-t",
    "udp": "-u",
    "sctp": "-S",
    "dccp": "-d",
}  # a kind of which no line speaks may not have been asked for
CHOSEN = Gap("whether a port was asked for or chosen by the kernel", "ss does not tell", BEYOND.remedy, "ephemeral")


def claims(head: bytes) -> bool:
    """Whether it begins with ss's titles, or with a line of its table."""
    first = head.split(b"\n")[0].decode("ascii", "replace").split()
    if "Local" in first and "Recv-Q" in first:
        return True
    return len(first) >= 5 and any(word in first[:2] for word in (*STATES, *OTHERS))


def read(data: bytes, name: str, at: float) -> tuple[Inventory, ...]:
    """The inventory. Raises DataError where no line is one of ss's, or a port stands there by name."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    sockets, nameless, rows, kinds = [], 0, 0, set()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split(maxsplit=6)
        if not words or "Recv-Q" in words:
            continue
        seen = _socket(words, line, number)
        rows += 1
        kinds.add("tcp" if words[0] in ("mptcp", *OTHERS) else words[0])
        if seen is not None:
            kinds.add(seen.transport)
            sockets.append(seen)
            nameless += not seen.owners
    if not rows:
        raise DataError("the file has titles of ss and no socket", "Keep the output of ss -tulpen, run as root.")
    gaps = [BEYOND, CHOSEN]
    if nameless:
        what = f"the processes of {nameless} socket{'s' if nameless != 1 else ''}"
        gaps.insert(0, Gap(what, "ss was not given -p, or not run as root", "sudo ss -tulpen", "owners"))
    return (inventory(Host(name, ""), at, SOURCE, (*gaps, *_unasked(kinds)), sockets),)


def _unasked(kinds: set[str]) -> tuple[Gap, ...]:
    """The kinds of sockets of which there is no line: nobody can tell whether ss was asked for them."""
    missing = [kind for kind in ASKED if kind not in kinds]
    options = " ".join([ASKED[kind] for kind in missing])
    why = f"no line of the file is of them, and ss shows only what it is asked for ({options})"
    return (Gap(f"{', '.join(missing)} sockets", why, BEYOND.remedy, " ".join(missing)),) if missing else ()


def _socket(words: list[str], line: str, number: int) -> Seen | None:
    """One line's socket; None for one that is no way in. Raises DataError."""
    transport = words[0] if words[0] in TRANSPORTS else ""
    rest = words[1:] if transport else words
    if not rest or rest[0] not in STATES:
        if rest and (rest[0] in OTHERS or words[0] in NO_PORTS):
            return None
        raise _wrong(number, "this is no line of ss -tulpen")
    transport = transport or ("tcp" if rest[0] == "LISTEN" else "udp")  # one kind alone: ss leaves its column out
    if len(rest) < 5 or not (rest[1].isdigit() and rest[2].isdigit()):
        raise _wrong(number, "this line of ss is not whole")
    address, interface, port = _place(rest[3], number)
    tail = line[line.find(rest[4], line.find(rest[3]) + len(rest[3])) + len(rest[4]) :][:LINE]
    unit, box = _cgroup(_field(tail, "cgroup:"))
    uid = _number(_field(tail, "uid:"))
    return Seen(
        "tcp" if transport == "mptcp" else transport,
        address,
        port,
        interface,
        listening=rest[0] == "LISTEN",
        owners=_owners(tail, unit, box, uid),
        unit=unit,
        container=box,
        uid=uid if uid is not None or "ino:" not in tail else 0,  # -e leaves root's out
        inode=_number(_field(tail, "ino:")),
        flags=(("mptcp",) if transport == "mptcp" else ()) + (("v6only",) if "v6only:1" in tail.split() else ()),
    )


def _place(text: str, number: int) -> tuple[str, str, int]:
    """127.0.0.53%lo:53, [::]:22, *:80, [fe80::1]%eth0:546."""
    place, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()):
        raise _wrong(number, "the port of a socket is no number; ss was run without -n")
    if len(port) > 5 or int(port) > 65535:
        raise _wrong(number, "the port of a socket is none")
    place, _, interface = place.partition("%")
    address = place.strip("[]")
    if address != "*" and packed(address) is None:
        raise _wrong(number, "the address of a socket is none")
    return address, interface[:16], int(port)


def _owners(tail: str, unit: str | None, box: Container | None, uid: int | None) -> tuple[Owner, ...]:
    """The processes of users:(("sshd",pid=871,fd=3),("sshd",pid=871,fd=4)), each once."""
    start = tail.find("users:((")
    if start < 0:
        return ()
    found: dict[int, Owner] = {}
    rest = tail[start + len("users:((") :]
    while rest.startswith('"') and len(found) < MOST:
        comm, mark, rest = rest[1:].partition('",pid=')
        pid, _, rest = rest.partition(",fd=")
        if not mark or not (pid.isascii() and pid.isdigit()):
            break
        found[int(pid)] = Owner(int(pid), comm=comm[:64], exe_state="unreadable", uid=uid, unit=unit, container=box)
        _, more, rest = rest.partition("),(")
        rest = rest if more else ""
    return tuple(found.values())


def _cgroup(path: str) -> tuple[str | None, Container | None]:
    if not path.startswith("/"):
        return None, None
    box = cgroups.container_of(path)
    return cgroups.lasting(cgroups.unit_of(path)), Container(box.runtime, box.id) if box else None


def _field(tail: str, name: str) -> str:
    """A field behind the processes: the last of its name, for a process may call itself like one."""
    return next((word[len(name) :] for word in reversed(tail.split()) if word.startswith(name)), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _wrong(number: int, what: str) -> DataError:
    return DataError(f"line {number}: {what}", "Keep the whole output of ss -tulpen, run as root.")
