"""Machines in files: snapshots, what other tools wrote of sockets, and scans, in files and in folders of them.

A scan is laid beside the machine that has the address which it asked, a scan of loopback beside this machine; a host
that nobody else tells of is a machine of its own, as seen from outside. A file is read again only when it has changed,
or the rules have. What is broken is a trouble, and the rest is shown. It refuses to show two machines under one name:
of one machine the newest look counts, and another machine of the same name gets its file's name behind its own. A look
that is left out for a newer one is told, for what tells them apart, the name and machine-id(5), can be a copy's too.
"""

from __future__ import annotations

import os

from hb_engine.app.hub.sight import Machine, Trouble
from hb_engine.model.answer import Scan
from hb_engine.model.errors import HbError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.app.looking.inputs import Given
    from hb_engine.app.looking.look import Bench
    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.app.ruling.check import Judged

    Mark = tuple[int, int, int]

ABOUT = "files"
LOOPBACK = "loopback"
MOST = 20  # troubles that are told one by one
NAMED = 5  # files that are named in one sentence


@record
class Read:
    """What one file came to."""

    machines: tuple[Machine, ...] = ()
    scans: tuple[Scan, ...] = ()  # of one host each
    troubles: tuple[Trouble, ...] = ()


@record
class Found:
    """What all files came to, beside this machine, which may have gained scans."""

    here: Machine | None
    machines: tuple[Machine, ...] = ()
    troubles: tuple[Trouble, ...] = ()


class Elsewhere:
    """The files of some paths, looked at again and again."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = paths
        self._read: dict[str, tuple[Mark, Read]] = {}
        self._loaded: Loaded | None = None
        self._judge: _Judge | None = None

    def look(self, here: Machine | None, loaded: Loaded | None) -> Found:
        """All machines in the files, held against the baseline where there is one, each under its name throughout."""
        told = self.found(here, loaded)
        return replace(told, machines=tuple([_called(one) for one in told.machines]))

    def found(self, here: Machine | None, loaded: Loaded | None) -> Found:
        """The same, where `seen` and `report` have the name that the machine gives itself: rules go by that."""
        if self._judge is None or loaded is not self._loaded:
            self._loaded, self._judge, self._read = loaded, _Judge(loaded), {}
        names, troubles = _listed(self._paths)
        self._read = {name: one for name, one in self._read.items() if name in names}
        reads = [self._of(name, self._judge) for name in names]
        machines, told = _named([one for read in reads for one in read.machines], here)
        scans = [scan for read in reads for scan in read.scans]
        troubles += [each for read in reads for each in read.troubles] + told
        return _with_scans(here, machines, scans, _few(troubles), self._judge)

    def _of(self, name: str, judge: _Judge) -> Read:
        mark = _mark(name)
        known = self._read.get(name)
        if known is None or mark is None or known[0] != mark:
            known = (mark or (0, 0, 0), _read(name, judge))
            self._read[name] = known
        return known[1]


class _Judge:
    """Machines out of files, judged; and against the baseline, where there is one."""

    def __init__(self, loaded: Loaded | None) -> None:
        self._loaded = loaded
        self._judged: Judged | None = None
        self._bench: Bench | None = None

    def machine(self, given: Given, outside: tuple[Scan, ...] = ()) -> Machine:
        """One machine of a file."""
        if self._loaded is None:
            from hb_engine.app.looking.look import Bench

            self._bench = self._bench or Bench()
            seen = self._bench.judged(given.inventory, given.answers)
            return Machine(seen.host.name, seen, None, given.source, outside)
        from hb_engine.app.ruling.check import Judged, Wanted

        self._judged = self._judged or Judged(self._loaded, Wanted(ask=False, hidden=False))
        looked = self._judged.looked(given.inventory, given.answers, given.source)
        return Machine(looked.seen.host.name, looked.seen, looked.report, given.source, outside)


def _read(name: str, judge: _Judge) -> Read:
    """One file, whatever it holds."""
    if name == "-":
        told = "standard input can be read once, and hb serve looks again and again"
        return Read(troubles=(Trouble(ABOUT, told, "Write it to a file, and name that."),))
    try:
        scan = _scan(name)
        if scan is not None:
            hosts = [host for host in scan.hosts if host.up is not False]
            return Read(scans=tuple([replace(scan, hosts=(host,)) for host in hosts]))
        from hb_engine.app.looking.inputs import Broken, Files  # brings all formats along

        found = list(Files((name,)))
    except HbError as error:
        return Read(troubles=(_trouble(name, error),))
    except OSError as error:
        return Read(troubles=(Trouble(ABOUT, f"{name} cannot be read: {error.strerror}", "Name files to read."),))
    broken = tuple([_trouble(one.source, one.error) for one in found if isinstance(one, Broken)])
    return Read(tuple([judge.machine(one) for one in found if not isinstance(one, Broken)]), (), broken)


def _scan(name: str) -> Scan | None:
    """The scan that a file holds; None where it holds something else. Raises DataError, OSError."""
    from hb_engine.inventory import reading as inventories
    from hb_engine.scan import reading

    if not os.path.isfile(name):  # inputs.py says what is wrong with it
        return None
    with open(name, "rb") as file:
        first = file.read(reading.HEAD)
        if any(one.claims(inventories.head_of(first)) for one in inventories.readers()):
            return None
        head = first.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not any(one.claims(head) for one in reading.readers()):
            return None
        return reading.read(first + file.read(reading.LARGEST + 1))


def _with_scans(
    here: Machine | None, machines: list[Machine], scans: list[Scan], troubles: tuple[Trouble, ...], judge: _Judge
) -> Found:
    """Every scan laid beside the machines that have its address; the rest are machines of their own."""
    every = [*([here] if here else []), *machines]
    owners: dict[str, list[int]] = {}
    for number, one in enumerate(every):
        for address in one.seen.host.addresses:
            owners.setdefault(_place(address), []).append(number)
    owners.pop(LOOPBACK, None)  # everybody has one; only this machine's was asked from here
    if here:
        owners[LOOPBACK] = [0]
    outside: dict[int, tuple[Scan, ...]] = {}
    alone: dict[str, list[Scan]] = {}
    for scan in scans:
        address = _place(scan.hosts[0].address)
        for number in owners.get(address, ()):
            outside[number] = (*outside.get(number, ()), scan)
        if address not in owners:
            alone.setdefault(address, []).append(scan)
    told = [replace(one, outside=outside[number]) if number in outside else one for number, one in enumerate(every)]
    names = {one.name for one in told}
    told += [_unique(_from_outside(group, judge), names) for group in alone.values()]
    first = told[0] if here else None
    return Found(first, tuple(told[1:] if here else told), troubles)


def _place(address: str) -> str:
    """An address without its interface; every loopback address is one and the same place (RFC 1122, 3.2.1.3)."""
    bare = address.partition("%")[0]
    return LOOPBACK if bare.startswith("127.") or bare == "::1" else bare


def _from_outside(scans: list[Scan], judge: _Judge) -> Machine:
    """A machine that scans alone tell of: by the latest of them."""
    from hb_engine.app.looking.inputs import of_scan

    ordered = sorted(scans, key=lambda one: one.hosts[0].ended_at or one.ended_at or one.started_at)
    (given,) = of_scan(ordered[-1], "scan")
    return judge.machine(given, tuple(ordered))


def _named(machines: list[Machine], here: Machine | None) -> tuple[list[Machine], list[Trouble]]:
    """Machines under names of their own: of one machine the newest look."""
    newest: dict[tuple[str, str], Machine] = {}
    left: dict[str, str] = {}  # files whose looks are not shown, by the machine's name
    for one in machines:
        if here is not None and _is_same(one, here):
            left[one.source] = one.name  # it is looked at here
            continue
        place = (one.name, one.seen.host.machine)
        before = newest.get(place)
        if before is None or before.seen.taken_at <= one.seen.taken_at:
            newest[place], older = one, before
        else:
            older = one
        if older is not None and older.source != newest[place].source:
            left[older.source] = older.name
    names = {here.name} if here is not None else set[str]()
    found: list[Machine] = []
    troubles = _left_out(left)
    for one in newest.values():
        named = _unique(one, names)
        found.append(named)
        if named.name != one.name:
            told = f"{one.source} tells of another machine that is called {one.name} too; it is shown as {named.name}"
            troubles.append(Trouble(ABOUT, told, "Give each machine a name of its own.", hint=True))
    return found, troubles


def _left_out(left: dict[str, str]) -> list[Trouble]:
    """What is said of looks that newer ones stand for: one sentence, however many there are."""
    if not left:
        return []
    named = [f"{os.path.basename(source)} ({name})" for source, name in left.items()]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    told = f"not shown, for there is a newer look at the same machine: {', '.join(named[:NAMED])}{more}"
    return [
        Trouble(ABOUT, told, "A copy of a machine is told apart once its name or its machine-id is another.", hint=True)
    ]


def _is_same(one: Machine, other: Machine) -> bool:
    """Whether two looks are of one machine, as far as they tell."""
    ids = {one.seen.host.machine, other.seen.host.machine} - {""}
    return one.name == other.name and len(ids) < 2


def _unique(machine: Machine, names: set[str]) -> Machine:
    """A machine under a name that none of these is; it is added to them."""
    base = os.path.basename(machine.source)
    wanted = [machine.name, f"{machine.name} ({base})"] + [f"{machine.name} ({base}, {n})" for n in range(2, 100)]
    name = next((one for one in wanted if one not in names), wanted[-1])
    names.add(name)
    return machine if name == machine.name else replace(machine, name=name)


def _called(machine: Machine) -> Machine:
    """A machine that is known by its name in all that is told of it: nothing of it must lead to its namesake."""
    host = machine.seen.host
    if host.name == machine.name:
        return machine
    host = replace(host, name=machine.name)
    report = replace(machine.report, host=host) if machine.report else None
    return replace(machine, seen=replace(machine.seen, host=host), report=report)


def _listed(paths: Iterable[str]) -> tuple[list[str], list[Trouble]]:
    """The files of some paths, those of folders in the order of their names."""
    names: dict[str, None] = {}
    troubles: list[Trouble] = []
    for path in paths:
        try:
            names.update(dict.fromkeys(_inside(path)))
        except OSError as error:
            troubles.append(Trouble(ABOUT, f"{path} cannot be read: {error.strerror}", "Name files to read."))
    return list(names), troubles


def _inside(path: str) -> Iterator[str]:
    if path == "-" or not os.path.isdir(path):
        yield path
        return
    for name in sorted(os.listdir(path)):
        whole = os.path.join(path, name)
        if not name.startswith(".") and os.path.isfile(whole):
            yield whole


def _mark(name: str) -> Mark | None:
    """What changes where a file does; None where that cannot be told."""
    try:
        found = os.stat(name)
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _trouble(name: str, error: HbError) -> Trouble:
    message = error.message if name in error.message else f"{name}: {error.message}"
    return Trouble(ABOUT, message, error.remedy)


def _few(troubles: list[Trouble]) -> tuple[Trouble, ...]:
    if len(troubles) <= MOST:
        return tuple(troubles)
    more = f"and {len(troubles) - MOST} more such troubles with files"
    return (*troubles[:MOST], Trouble(ABOUT, more, "Each is told once those before it are mended."))
