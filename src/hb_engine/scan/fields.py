"""What the readers of scan results share: a declaration, bounded texts and numbers, and hosts put together by address.

Files come from other programs and other people: every value is checked for its kind and bounded, every text is cut, and
what is wrong is DataError with its place. Nothing is decoded twice and nothing is guessed: a service that another
scanner looked up in a table by its number is no identity.
"""

from __future__ import annotations

from hb_engine.model.answer import STATES, Answer, Scan, ScannedHost, ScanStats
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hb_engine.model.identity import Identity

LONGEST = 4096  # characters of any text
WORD = 64  # characters of a word from a closed list: a state, a reason
FEW, MANY = 64, 1024  # names, and groups of ports that said the same, that a host may have
TRANSPORTS = ("tcp", "udp", "sctp")
LATEST = 253402300799  # 9999-12-31
REPORT = "Scan again, or repair the file."


@record
class Format:
    """A format: its name, and what it is called in a sentence."""

    name: str
    title: str


def wrong(place: str, what: str) -> DataError:
    """The error of a file that is not what it should be. `what` holds no stranger's text."""
    return DataError(f"{place}: {what}", REPORT)


def text(item: Any, place: str, most: int = LONGEST) -> str:
    """A text, cut to `most` characters; nothing (None) is an empty one."""
    if item is None:
        return ""
    if not isinstance(item, str):
        raise wrong(place, "is not a text")
    return item[:most]


def whole(item: Any, place: str, low: int, high: int) -> int:
    """A whole number between two others, itself or as decimal digits."""
    if isinstance(item, str) and len(item) <= 20 and item.isascii() and item.isdigit():
        item = int(item)
    if not isinstance(item, int) or isinstance(item, bool) or not low <= item <= high:
        raise wrong(place, f"is not a number from {low} to {high}")
    return item


def seconds(item: Any, place: str) -> float:
    """A length of time or a time as a number; 0 for None."""
    if item is None:
        return 0.0
    if isinstance(item, str) and len(item) <= 20 and item.isascii() and item.replace(".", "", 1).isdigit():
        item = float(item)
    if isinstance(item, bool) or not isinstance(item, (int, float)) or not 0 <= item <= LATEST:  # NaN compares false
        raise wrong(place, "is not a time")
    return float(item)


def moment(item: Any, place: str) -> float:
    """A time as RFC 3339 writes it, in UTC, as seconds since the epoch; 0 for None. Fractions are kept."""
    if item is None:
        return 0.0
    from datetime import UTC, datetime  # a file is read once

    try:
        at = datetime.fromisoformat(text(item, place, WORD))
        then = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(then.timestamp(), 0.0)
    except (ValueError, OverflowError) as error:
        raise wrong(place, "is not a time such as 2026-11-22T14:02:11Z") from error


def address(item: Any, place: str) -> str:
    """An IPv4 or IPv6 address in its usual form."""
    from ipaddress import ip_address  # a file is read once

    try:
        return str(ip_address(text(item, place, 128)))
    except ValueError as error:
        raise wrong(place, "is not an address") from error


def word(item: Any, place: str) -> str:
    """A word such as a reason: bounded, of letters, digits and dashes."""
    told = text(item, place, WORD)
    if not all(c.isascii() and (c.isalnum() or c in "-_|. ") for c in told):
        raise wrong(place, "is not a word")
    return told


def state(item: Any, place: str) -> str:
    """One of the states of a port."""
    told = word(item, place)
    if told not in STATES:
        raise wrong(place, f"is not a state: {', '.join(STATES)}")
    return told


def transport(item: Any, place: str) -> str:
    """One of the transports that scanners ask."""
    told = word(item, place)
    if told not in TRANSPORTS:
        raise wrong(place, f"is not a transport: {', '.join(TRANSPORTS)}")
    return told


def broken_off(line: int) -> Gap:
    """The gap of a file that ends before its end."""
    return Gap(
        "the rest of the scan",
        f"the file breaks off in line {line}",
        "scan again, or read the whole file",
    )


class Hosts:
    """Hosts put together from what a file says of them, in the order in which they were first named."""

    def __init__(self) -> None:
        self._hosts: dict[str, ScannedHost] = {}
        self._answers: dict[str, dict[tuple[str, int], Answer]] = {}

    def host(self, address: str) -> ScannedHost:
        """What is known of a host so far."""
        found = self._hosts.get(address)
        if found is None:
            found = self._hosts[address] = ScannedHost(address)
            self._answers[address] = {}
        return found

    def put(self, host: ScannedHost) -> None:
        """What is known of a host now; its answers are added to those that it has, its ranges too."""
        before = self.host(host.address)
        for answer in host.answers:
            self.answer(host.address, answer)
        names = tuple(dict.fromkeys((*before.names, *host.names)))[:FEW]
        started = min([at for at in (before.started_at, host.started_at) if at], default=0.0)
        self._hosts[host.address] = replace(
            host,
            names=names,
            answers=(),
            rest=(*before.rest, *host.rest)[:MANY],
            started_at=started,
            ended_at=max(before.ended_at, host.ended_at),
        )

    def answer(self, address: str, answer: Answer) -> None:
        """One port; what is said later of the same port stands in place of what was said before."""
        self.host(address)
        self._answers[address][answer.transport, answer.port] = answer

    def said(self, address: str, transport: str, port: int) -> Answer | None:
        """What was said of a port so far."""
        return self._answers.get(address, {}).get((transport, port))

    def ports(self, address: str, transport: str) -> set[int]:
        """The ports of which something was said."""
        return {port for name, port in self._answers.get(address, {}) if name == transport}

    def seen_at(self, address: str, at: float) -> None:
        """A time at which something was heard of a host."""
        host = self.host(address)
        started = min(host.started_at or at, at)
        self._hosts[address] = replace(host, started_at=started, ended_at=max(host.ended_at, at))

    def all(self) -> Iterator[ScannedHost]:
        """The hosts, the answers of each by port."""
        for address, host in self._hosts.items():
            answers = sorted(self._answers[address].values(), key=lambda answer: (answer.port, answer.transport))
            spoke = any(answer.state in ("open", "closed") for answer in answers)
            up = True if host.up is None and spoke else host.up
            yield replace(host, up=up, answers=tuple(answers))


def scan_of(
    hosts: Hosts, scanner: str, *, gaps: tuple[Gap, ...] = (), complete: bool = True, asked: tuple[str, ...] = ()
) -> Scan:
    """A Scan of what a file without a head of its own says; its times are those of its hosts."""
    found = tuple(hosts.all())
    started = min([host.started_at for host in found if host.started_at], default=0.0)
    ended = max([host.ended_at for host in found], default=0.0)
    stats = ScanStats(engine="file", seconds=max(ended - started, 0.0))
    return Scan(found, stats, started, ended, asked, gaps, complete, scanner)


def held(identity: Identity | None, *, identified: bool, spoke: bool) -> str:
    """What can be said of an open port before anybody holds it against the registry; empty once it is named."""
    if identity is not None:
        return ""
    return "not-asked" if not identified else "unknown" if spoke else "silent"


def ports_text(ports: list[int]) -> str:
    """Ports in ranges: 1-21,23-79."""
    runs: list[list[int]] = []
    for port in sorted(set(ports)):
        if runs and port == runs[-1][1] + 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return ",".join([f"{first}-{last}" if first < last else f"{first}" for first, last in runs])


def ranges(item: Any, place: str) -> str:
    """Ports in ranges as text, checked."""
    told = text(item, place, 600_000)
    for part in told.split(",") if told else ():
        first, dash, last = part.partition("-")
        low = whole(first, place, 0, 65535)
        if dash:
            whole(last, place, low, 65535)
    return told
