"""Files that are judged in the place of this machine: snapshots, scans, and what other tools wrote of sockets.

A scan becomes an inventory of each host that it asked, and what it could not tell becomes its gaps: who holds a port,
what listens on loopback, and every port that gave no certain answer. So a rule that requires a port is broken only by
a port that was closed, never by one that was filtered or that nobody asked.

Files are read one after the other, and a file of many machines line by line: nothing is held that was judged already.
"""

from __future__ import annotations

import os

from hb_engine.app.looking import spoken
from hb_engine.inventory.reading import HEAD, LARGEST, Seen, inventory
from hb_engine.model.answer import Answer
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Gap, Host, Inventory
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from hb_engine.model.answer import Scan, ScannedHost

PORTS = range(1, 65536)
CERTAIN = ("open", "closed")
UP_TO_IT = "hb snapshot on the machine itself"
OUTSIDE = (
    Gap("who holds the ports", "a scan sees them from outside", UP_TO_IT, "owners"),
    Gap("what listens for this machine alone", "no packet from outside reaches it", UP_TO_IT, "loopback"),
    Gap("at how many addresses ports are open", "a scan knows those that it asked", UP_TO_IT, "scope"),
    Gap("taps, raw sockets, and other network namespaces", "a scan sees none of them", UP_TO_IT,
        "raw packet sctp dccp udplite vsock netns"),
)  # fmt: skip


@record
class Given:
    """A machine out of a file: its inventory, and what its openings said, by their keys, where the file tells."""

    inventory: Inventory
    answers: dict[str, Answer]
    source: str


@record
class Broken:
    """A file, or a line of one, that is no machine: where it is, why, and when it was written (0.0: not known)."""

    source: str
    error: BadInput | DataError
    written_at: float = 0.0


class Files:
    """What is in some files, and in all files of folders, a machine at a time, so that a fleet needs no more memory
    than its largest machine. `total` is how many machines there seem to be; it grows where a file has several.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        """Raises BadInput where a folder cannot be listed, or a file is not there."""
        self._paths = [name for path in paths for name in _files(path)]
        for path in self._paths:
            if path != "-" and "\0" not in path and not os.path.lexists(path):
                _opened(path).close()  # raises: a name that was mistyped is told before anything is judged
        self.total = len(self._paths)

    def __iter__(self) -> Iterator[Given | Broken]:
        """Every machine, and what is broken in its place: what comes after that is read all the same."""
        for path in self._paths:
            try:
                yield from self._in(path)
            except (BadInput, DataError) as error:
                yield Broken(path, error)
            except OSError as error:  # in the middle of it
                yield Broken(path, _unreadable(path, error))

    def _in(self, path: str) -> Iterator[Given | Broken]:
        with _opened(path) as file:
            first = file.readline(LARGEST + 1)
            at = os.fstat(file.fileno()).st_mtime
            if not is_lined(first):
                yield from _whole(path, first, file, at)
                return
            lines = _lines(file, path)
            second = next(lines, b"")
            try:
                one = _read(first, _name(path), at, path)
            except DataError as error:
                if not is_lined(second):  # a document that is broken into lines at odd places
                    yield from _whole(path, b"".join([first, second, *lines]), file, at)
                    return
                yield Broken(path, _named(error, f"{_shown(path)}: line 1"), at)
            else:
                yield from one
            if second:
                self.total += _count(path)
                yield from self._rest(second, lines, path, at)

    def _rest(self, second: bytes, lines: Iterator[bytes], path: str, at: float) -> Iterator[Given | Broken]:
        from itertools import chain  # as all of this: only for files

        for number, line in enumerate(chain((second,), lines), 2):
            if line.isspace():
                continue
            try:
                yield from _read(line, _name(path), at, path)
            except DataError as error:
                yield Broken(path, _named(error, f"{_shown(path)}: line {number}"), at)


def read_all(paths: Iterable[str]) -> Iterator[Given]:
    """Everything in some files, or in all files of folders, one after the other. Names are looked up at once.

    Raises BadInput and DataError, with the file's name, when it comes to what is broken.
    """
    return _whole_ones(Files(paths))


def _whole_ones(files: Files) -> Iterator[Given]:
    for one in files:
        if isinstance(one, Broken):
            raise one.error
        yield one


def read(path: str) -> tuple[Given, ...]:
    """The machines in one file, whichever format it has. Raises BadInput and DataError, with the file's name."""
    return tuple(read_all([path]))


def is_lined(line: bytes) -> bool:
    """Whether a line looks like a whole machine, as hb writes it: a file of many machines has one in each line."""
    from hb_engine.inventory.readers import hb_json  # the one format that has

    line = line.removeprefix(b"\xef\xbb\xbf").strip()
    return line.endswith(b"}") and hb_json.claims(line[:HEAD])


def _whole(path: str, first: bytes, file: IO[bytes], at: float) -> tuple[Given, ...]:
    """A file that is read in one go."""
    data = first + file.read(max(LARGEST + 1 - len(first), 0))
    try:
        return _read(data, _name(path), at, path)
    except DataError as error:
        raise _named(error, _shown(path)) from error


def _named(error: DataError, where: str) -> DataError:
    return DataError(f"{where}: {error.message}", error.remedy)


def _name(path: str) -> str:
    return os.path.basename(path).partition(".")[0] if path != "-" else "standard input"


def _lines(file: IO[bytes], path: str) -> Iterator[bytes]:
    """The lines that are left, each bounded."""
    while line := file.readline(LARGEST + 1):
        if len(line) > LARGEST:
            raise DataError(f"{_shown(path)}: a line has more than {LARGEST} bytes", "Split it by hosts.")
        yield line


def _count(path: str) -> int:
    """How many lines a file has besides the first; 0 for a pipe, which can be read once only."""
    if path == "-":
        return 0
    lines, last = 0, b""
    with open(path, "rb", buffering=0) as file:
        while data := file.read(1 << 20):
            lines, last = lines + data.count(b"\n"), data[-1:]
    return max(lines - (last == b"\n"), 0)


def _read(data: bytes, name: str, at: float, path: str) -> tuple[Given, ...]:
    from hb_engine.inventory import reading  # a format each
    from hb_engine.scan import reading as scans

    head = reading.head_of(data)
    if any(reader.claims(head) for reader in reading.readers()):
        return tuple([Given(seen, spoken.answers(data, seen), path) for seen in reading.read(data, name, at)])
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


def _opened(path: str) -> IO[bytes]:
    """A file to read. Raises BadInput."""
    try:
        if path != "-" and os.path.exists(path) and not os.path.isfile(path):  # a pipe by name would keep us for ever
            raise BadInput(f"{_shown(path)} is no file", "Name a file, a folder of files, or - for standard input.")
        return open(0 if path == "-" else path, "rb", closefd=path != "-")
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: Exception) -> BadInput:
    reason = getattr(error, "strerror", None) or "no such name can be"
    return BadInput(f"{_shown(path)} cannot be read: {reason}", "Name a file that is yours to read.")


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path if path.isprintable() and len(path) <= 200 else repr(path)[:200]
