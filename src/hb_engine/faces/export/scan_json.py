"""A scan as one JSON document (kind scan), and as lines while it runs (NDJSON).

The document has what the scan knows of every port, the many that said the same as ranges. The lines are documents of
their own: scan-start, then scan-port and scan-host as they are known, scan-end. A port may have several lines (open
first, named later): the last one counts. A line has no field called ip, addr, host, name, domain or input at its top,
by which other tools would take it for their own.

Fields stand in the order of the contract, further ones after them. Lengths of time are seconds with a fraction, to the
microsecond; NaN and infinities become null. `confidence` is nmap's scale of 0 to 10, by the kind of proof.
"""

from __future__ import annotations

from hb_engine.model.record import items
from hb_engine.wire.json_text import LITERALS, array, document, members, value
from hb_engine.wire.opening_json import number, texts, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost, ScanStats
    from hb_engine.model.compared import Compared
    from hb_engine.model.identity import Certificate, Identity, Tls
    from hb_engine.wire.json_text import Quote

    Pairs = list[tuple[str, str]]

CONFIDENCE = {"nonce": 10, "structure": 10, "banner": 8, "pattern": 5, "port": 3}  # nmap's conf, by kind of proof
COUNTED = ("open", "closed", "filtered")  # always in a summary; other states where there are any
LATEST = 253402300799  # 9999-12-31: a time that no file should bring, kept from breaking the document


def scan(seen: Scan, compared: tuple[Compared, ...] | None = None) -> str:
    """The whole scan as one document; `compared` is null where nobody compared it with the inside."""

    def fields(q: Quote) -> Pairs:
        each = "null" if compared is None else value([dict(items(one)) for one in compared], q)
        return [
            ("hosts", array([members(host_fields(host, q), q) for host in seen.hosts])),
            *_end(seen, q),
            ("compared", each),
        ]

    return _document("scan", fields)


class Lines:
    """The lines of one scan, each written as soon as something is known; nothing is written twice.

    It remembers the ports of hosts that are not done yet, and forgets them with the host.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._told: dict[str, dict[tuple[str, int], Answer]] = {}
        self._done: set[str] = set()

    def start(self, asked: Iterable[str], started_at: float, scanner: str = "hb") -> None:
        """The first line: what was asked, and when."""
        words = tuple(asked)
        self._line(
            "scan-start",
            lambda q: [("scanner", q(scanner)), ("asked", texts(words, q)), ("started_at", moment(started_at))],
        )

    def found(self, address: str, answer: Answer) -> None:
        """One port, unless just this was said of it already."""
        told = self._told.setdefault(address, {})
        key = (answer.transport, answer.port)
        if told.get(key) == answer:
            return
        told[key] = answer
        self._line("scan-port", lambda q: [("address", q(address)), ("port", port(answer, q))])

    def done(self, host: ScannedHost) -> None:
        """One host: first what was not yet said of its ports, then the host without them."""
        if host.address in self._done:
            return
        for answer in host.answers:
            self.found(host.address, answer)
        self._told.pop(host.address, None)
        self._done.add(host.address)
        self._line("scan-host", lambda q: [pair for pair in host_fields(host, q) if pair[0] != "ports"])

    def end(self, seen: Scan) -> None:
        """The hosts that are left, and the last line: what it cost, what was not seen, whether it is whole."""
        for host in seen.hosts:
            self.done(host)
        self._line("scan-end", lambda q: _end(seen, q))

    def _line(self, kind: str, fields: Callable[[Quote], Pairs]) -> None:
        self._write(_document(kind, fields))


def _document(kind: str, fields: Callable[[Quote], Pairs]) -> str:
    head = [("schema", '"hb/1"'), ("kind", f'"{kind}"')]
    return document(lambda q: members([*head, *fields(q)], q))


def _end(seen: Scan, q: Quote) -> Pairs:
    return [
        ("stats", stats(seen.stats, q)),
        ("gaps", value([dict(items(gap)) for gap in seen.gaps], q)),
        ("complete", LITERALS[seen.complete]),
        ("scanner", q(seen.scanner)),
        ("asked", texts(seen.asked, q)),
        ("started_at", moment(seen.started_at)),
        ("ended_at", moment(seen.ended_at)),
    ]


def host_fields(host: ScannedHost, q: Quote) -> Pairs:
    """One host: what it is called, its ports, the ranges of those that said the same, counts by state."""
    return [
        ("address", q(host.address)),
        ("names", texts(host.names, q)),
        ("up", LITERALS[host.up]),
        ("ports", array([port(answer, q) for answer in host.answers])),
        ("rest", array([rest(each, q) for each in host.rest])),
        ("summary", value(summary(host), q)),
        ("notes", texts(host.notes, q)),
        ("reason", q(host.reason)),
        ("mac", q(host.mac)),
        ("rtt", decimal(host.rtt)),
        ("started_at", moment(host.started_at)),
        ("ended_at", moment(host.ended_at)),
    ]


def summary(host: ScannedHost) -> dict[str, int]:
    """How many ports are in each state, those in ranges too. Ports that were never asked are not counted."""
    counts = dict.fromkeys(COUNTED, 0)
    for answer in host.answers:
        counts[answer.state] = counts.get(answer.state, 0) + 1
    for each in host.rest:
        if each.reason != "not-asked":
            counts[each.state] = counts.get(each.state, 0) + each.count
    return counts


def port(answer: Answer, q: Quote) -> str:
    """One port. `service` is null where nothing was named."""
    return members(
        [
            ("transport", q(answer.transport)),
            ("port", number(answer.port)),
            ("state", q(answer.state)),
            ("reason", q(answer.reason)),
            ("registered", value([dict(items(entry)) for entry in answer.registered], q)),
            ("mismatch", q(answer.mismatch)),
            ("held", q(answer.held)),
            ("service", "null" if answer.identity is None else service(answer.identity, q)),
            ("fingerprint", q(answer.fingerprint)),
            ("notes", texts(answer.notes, q)),
            ("ttl", number(answer.ttl)),
            ("rtt", decimal(answer.rtt)),
        ],
        q,
    )


def service(found: Identity, q: Quote) -> str:
    """What speaks there, and what proved it."""
    return members(
        [
            ("name", q(found.name)),
            ("product", q(found.product)),
            ("version", q(found.version)),
            ("info", q(found.info)),
            ("tls", "null" if found.tls is None else tls(found.tls, q)),
            ("cpe", texts(found.cpe, q)),
            ("confidence", str(CONFIDENCE.get(found.proof, 0))),
            ("proof", q(found.proof)),
            ("evidence", q(found.evidence)),
            ("hostname", q(found.hostname)),
            ("system", q(found.system)),
            ("device", q(found.device)),
            ("guarded", LITERALS[found.guarded]),
            ("starttls", q(found.starttls)),
            ("facts", value([{"name": name, "text": text} for name, text in found.facts], q)),
        ],
        q,
    )


def tls(met: Tls, q: Quote) -> str:
    """What a handshake told."""
    told = dict(items(met))
    shown = [(name, value(item, q)) for name, item in told.items() if name != "certificate"]
    return members([*shown, ("certificate", "null" if met.certificate is None else certificate(met.certificate, q))], q)


def certificate(shown: Certificate, q: Quote) -> str:
    """A certificate; its times are times."""
    dates = ("not_before", "not_after")
    return members([(name, moment(item) if name in dates else value(item, q)) for name, item in items(shown)], q)


def rest(each: Rest, q: Quote) -> str:
    """Ports that said the same, as ranges."""
    return value(dict(items(each)), q)


def stats(cost: ScanStats, q: Quote) -> str:
    """What the scan cost."""
    return members(
        [(name, decimal(item) if name in ("seconds", "loss") else value(item, q)) for name, item in items(cost)], q
    )


def moment(seconds: float) -> str:
    """A time; null for one that is not known (0) or that no calendar has."""
    return when(seconds) if 0 < seconds <= LATEST else "null"


def decimal(amount: float | None) -> str:
    """A number with a fraction of at most six digits, or null."""
    if amount is None or not -1e15 < amount < 1e15:  # NaN compares false
        return "null"
    return f"{amount:.6f}".rstrip("0").removesuffix(".")
