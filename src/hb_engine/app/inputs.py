"""Files that are judged in the place of this machine: snapshots, scans, and what other tools wrote of sockets.

A scan becomes an inventory of each host that it asked, and what it could not tell becomes its gaps: who holds a port,
what listens on loopback, and every port that gave no certain answer. So a rule that requires a port is broken only by
a port that was closed, never by one that was filtered or that nobody asked.
"""

from __future__ import annotations

import os

from hb_engine.inventory.reading import LARGEST, Seen, inventory
from hb_engine.model.answer import Answer
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Gap, Host, Inventory
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.model.answer import Scan, ScannedHost

PORTS = range(1, 65536)
CERTAIN = ("open", "closed")
UP_TO_IT = "hb snapshot on the machine itself"
OUTSIDE = (
    Gap("who holds the ports", "a scan sees them from outside", UP_TO_IT, "owners"),
    Gap("what listens for this machine alone", "no packet from outside reaches it", UP_TO_IT, "loopback"),
    Gap("taps, raw sockets, and other network namespaces", "a scan sees none of them", UP_TO_IT,
        "raw packet sctp dccp udplite vsock netns"),
)  # fmt: skip


@record
class Given:
    """A machine out of a file: its inventory, and what its openings said, by their keys, where the file tells."""

    inventory: Inventory
    answers: dict[str, Answer]
    source: str


def read_all(paths: Iterable[str]) -> tuple[Given, ...]:
    """Everything in some files, or in all files of folders. Raises BadInput and DataError, with the file's name."""
    return tuple([given for path in paths for name in _files(path) for given in read(name)])


def read(path: str) -> tuple[Given, ...]:
    """The machines in one file, whichever format it has. Raises BadInput and DataError, with the file's name."""
    data, at = _bytes(path)
    name = os.path.basename(path).partition(".")[0] if path != "-" else "standard input"
    try:
        return _read(data, name, at, path)
    except DataError as error:
        raise DataError(f"{_shown(path)}: {error.message}", error.remedy) from error


def _read(data: bytes, name: str, at: float, path: str) -> tuple[Given, ...]:
    from hb_engine.inventory import reading  # a format each
    from hb_engine.scan import reading as scans

    head = reading.head_of(data)
    if any(reader.claims(head) for reader in reading.readers()):
        return tuple([Given(seen, {}, path) for seen in reading.read(data, name, at)])
    if any(reader.claims(head) for reader in scans.readers()):
        return of_scan(scans.read(data), path)
    titles = [reader.FORMAT.title for reader in reading.readers()] + [one.FORMAT.title for one in scans.readers()]
    known = ", ".join(titles)
    raise DataError("the file is empty" if not head else "the file is in no format that hb reads", f"It reads {known}.")


def of_scan(scan: Scan, source: str = "") -> tuple[Given, ...]:
    """The hosts of a scan that were up, as inventories."""
    return tuple([_of_host(host, scan, source) for host in scan.hosts if host.up is not False])


def _of_host(host: ScannedHost, scan: Scan, source: str) -> Given:
    opened = {(one.transport, one.port): one for one in host.answers if one.state == "open"}
    address = host.address.partition("%")[0]
    sockets = [Seen(name, address, port, listening=name != "udp") for name, port in opened]
    gaps = (*OUTSIDE, *_unsure(host), *scan.gaps)
    at = host.ended_at or scan.ended_at or scan.started_at
    about = Host(host.names[0] if host.names else host.address, "", addresses=(address,))
    made = inventory(about, at, f"{scan.scanner} from outside", gaps, sockets)
    openings = [(one, opened[one.transport, one.port or 0]) for one in made.openings]
    named = tuple([replace(opening, registered=answer.registered) for opening, answer in openings])
    answers = {opening.key: answer for opening, answer in openings if answer.identity}
    return Given(replace(made, openings=named), answers, source)


def _unsure(host: ScannedHost) -> list[Gap]:
    """The ports that gave no certain answer, silent and never asked alike."""
    found = []
    for transport in ("tcp", "udp"):
        certain = {one.port for one in host.answers if one.transport == transport and one.state in CERTAIN}
        for rest in host.rest:
            if rest.transport == transport and rest.state in CERTAIN:
                certain.update(_numbers(rest.ports))
        missing = ranges([port for port in PORTS if port not in certain])
        if missing:
            words = " ".join([f"{transport}/{span}" for span in missing])
            why = "they were not asked, or did not answer"
            what = f"{transport} ports {', '.join(missing[:4])}{' ...' if len(missing) > 4 else ''}"
            found.append(Gap(what, why, "scan these ports", words))
    return found


def _numbers(ports: str) -> set[int]:
    """The ports of 1-21,23-79."""
    found: set[int] = set()
    for span in ports.split(","):
        first, _, last = span.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            found.update(range(int(first), min(int(last or first), 65535) + 1))
    return found


def ranges(ports: list[int]) -> list[str]:
    """Ports in ascending order as 1-21, 23, 25-79."""
    spans: list[list[int]] = []
    for port in ports:
        if spans and spans[-1][1] == port - 1:
            spans[-1][1] = port
        else:
            spans.append([port, port])
    return [str(first) if first == last else f"{first}-{last}" for first, last in spans]


def _files(path: str) -> list[str]:
    if path == "-" or not os.path.isdir(path):
        return [path]
    try:
        names = sorted([name for name in os.listdir(path) if not name.startswith(".")])
    except OSError as error:
        raise BadInput(f"{_shown(path)} cannot be read: {error.strerror}", "Name files that are yours.") from error
    found = [os.path.join(path, name) for name in names if os.path.isfile(os.path.join(path, name))]
    if not found:
        raise BadInput(f"{_shown(path)} holds no file", "Put snapshots there: hb snapshot -o FILE.")
    return found


def _bytes(path: str) -> tuple[bytes, float]:
    """A file's bytes and when they were written."""
    try:
        if path != "-" and os.path.exists(path) and not os.path.isfile(path):  # a pipe by name would keep us for ever
            raise BadInput(f"{_shown(path)} is no file", "Name a file, a folder of files, or - for standard input.")
        with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
            return file.read(LARGEST + 1), os.fstat(file.fileno()).st_mtime
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or "no such name can be"
        raise BadInput(f"{_shown(path)} cannot be read: {reason}", "Name a file that is yours to read.") from error


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path if path.isprintable() and len(path) <= 200 else repr(path)[:200]
