"""One machine's answers through psutil, as they came: families as numbers, psutil's own statuses, None for denied.

The live source and a file from somebody else's machine pass the same door, so that a bug report can carry the data that
shows it. It is strangers' data: anything that is not of the right shape is a DataError, never a guess.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Value = TypeVar("Value")

FORMAT = "hb-psutil/1"
SYSTEMS = ("darwin", "windows", "linux")
TCP, UDP = 1, 2  # SOCK_STREAM and SOCK_DGRAM, the same number on the three systems
FAMILIES = {2: "ipv4", 10: "ipv6", 23: "ipv6", 30: "ipv6"}  # AF_INET; AF_INET6 of Linux, Windows and macOS
LISTEN = "LISTEN"
MOST = 1_000_000  # rows or processes; a recording with more is no machine's


@record
class Row:
    """A socket as psutil lists it. `fd` is -1 where the system does not tell, `pid` None where it names nobody."""

    fd: int
    family: str
    transport: str
    address: str
    port: int
    connected: bool
    status: str
    pid: int | None


@record
class Process:
    """A process as far as it could be read. Times are seconds since the epoch; None is: denied, or not told.

    `exe_there` is False where the executable's file is gone, `services` are Windows' services that run in the process.
    """

    pid: int
    name: str = ""
    exe: str | None = None
    exe_there: bool | None = None
    cmdline: tuple[str, ...] | None = None
    username: str | None = None
    uid: int | None = None
    ppid: int | None = None
    created: float | None = None
    services: tuple[str, ...] = ()


@record
class Recording:
    """One look. `listed_at` is when the sockets were listed, `denied` the processes whose sockets were not shown."""

    system: str
    host: str
    release: str
    kernel: str
    boot_time: float | None
    psutil: str
    privileged: bool
    listed_at: float
    ephemeral: tuple[int, int] | None
    interfaces: dict[int, str]
    rows: tuple[Row, ...]
    denied: tuple[int, ...]
    processes: dict[int, Process]
    addresses: tuple[str, ...] = ()  # as psutil writes them, a zone (%en0) behind those of a link


def parse(document: object) -> Recording:
    """A recording from its JSON document. Raises DataError where it is not one."""
    top = _Fields(document, "the recording")
    if top.text("format") != FORMAT:
        raise DataError(f"This is no recording of the kind {FORMAT}.", "Record it again with tools/record_psutil.py.")
    system = top.text("system")
    if system not in SYSTEMS:
        raise DataError(f"A recording of the system {system!r:.40} cannot be read.", f"Known: {', '.join(SYSTEMS)}.")
    processes = [_process(_Fields(one, "a process")) for one in top.list("processes")]
    return Recording(
        system=system,
        host=top.text("host"),
        release=top.text("release"),
        kernel=top.text("kernel"),
        boot_time=top.maybe("boot_time", _number),
        psutil=top.text("psutil"),
        privileged=top.get("privileged", _flag),
        listed_at=top.get("listed_at", _number),
        ephemeral=top.maybe("ephemeral", _range),
        interfaces=dict(top.get("interfaces", _interfaces)),
        rows=tuple([row for one in top.list("connections") if (row := _row(_Fields(one, "a connection")))]),
        denied=tuple([_integer(pid) for pid in top.list("denied")]),
        processes={process.pid: process for process in processes},
        addresses=top.maybe("addresses", _strings) or (),  # recordings of before have none
    )


def _row(fields: _Fields) -> Row | None:
    """A socket of TCP or UDP with a local port; None for the others (unix sockets, sockets that are not bound)."""
    family, kind = FAMILIES.get(fields.get("family", _integer)), fields.get("type", _integer)
    local = fields.list("laddr")
    if family is None or kind not in (TCP, UDP) or not local:
        return None
    address, port = fields.get("laddr", _place)
    return Row(
        fd=fields.get("fd", _integer),
        family=family,
        transport="tcp" if kind == TCP else "udp",
        address=address,
        port=port,
        connected=bool(fields.list("raddr")),
        status=fields.text("status"),
        pid=fields.maybe("pid", _integer),
    )


def _process(fields: _Fields) -> Process:
    return Process(
        pid=fields.get("pid", _integer),
        name=fields.maybe("name", _string) or "",
        exe=fields.maybe("exe", _string) or None,
        exe_there=fields.maybe("exe_there", _flag),
        cmdline=fields.maybe("cmdline", _strings),
        username=fields.maybe("username", _string),
        uid=fields.maybe("uid", _integer),
        ppid=fields.maybe("ppid", _integer),
        created=fields.maybe("create_time", _number),
        services=fields.maybe("services", _strings) or (),
    )


class _Fields:
    """A JSON object whose fields are read by type, with errors that say which one was wrong."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise DataError(f"Where {what} should be, there is {value!r:.60}.", "Record it again.")
        self._value = value
        self._what = what

    def get(self, name: str, read: Callable[[object], Value]) -> Value:
        try:
            return read(self._value[name])
        except KeyError:
            raise DataError(f"The field {name} is missing from {self._what}.", "Record it again.") from None
        except DataError as error:
            raise DataError(f"The field {name} of {self._what}: {error.message}", error.remedy) from None

    def maybe(self, name: str, read: Callable[[object], Value]) -> Value | None:
        return None if self._value.get(name) is None else self.get(name, read)

    def text(self, name: str) -> str:
        return self.get(name, _string)

    def list(self, name: str) -> list[object]:
        return self.get(name, _list)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong("text", value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong("true or false", value)
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong("a whole number", value)
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong("a number", value)
    try:
        return float(value)
    except OverflowError:
        raise _wrong("a time", value) from None


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > MOST:
        raise _wrong("a list", value)
    return value


def _strings(value: object) -> tuple[str, ...]:
    return tuple([_string(item) for item in _list(value)])


def _place(value: object) -> tuple[str, int]:
    address, port = (*_list(value), None, None)[:2]
    if not isinstance(address, str) or not 0 <= _integer(port) <= 65535:
        raise _wrong("an address and a port", value)
    return address, _integer(port)


def _range(value: object) -> tuple[int, int]:
    first, last = (*[_integer(item) for item in _list(value)], -1, -1)[:2]
    if not 0 < first <= last <= 65535:
        raise _wrong("a range of ports", value)
    return first, last


def _interfaces(value: object) -> list[tuple[int, str]]:
    """Pairs of an interface's number and name, as socket.if_nameindex() gives them."""
    pairs = [_list(item) for item in _list(value)]
    if any(len(pair) != 2 for pair in pairs):
        raise _wrong("pairs of number and name", value)
    return [(_integer(pair[0]), _string(pair[1])) for pair in pairs]


def _wrong(wanted: str, value: object) -> DataError:
    return DataError(f"expected {wanted}, found {repr(value)[:60]}.", "Record it again.")
