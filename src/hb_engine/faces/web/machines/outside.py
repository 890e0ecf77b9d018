"""Both sides of a machine's ports: what listens inside, and what answered whoever asked from outside.

The comparison is app/scanning/compare.py's, over scans that somebody made; nothing is asked here. What no scan asked is
told as not asked, and never as closed; so is what began to listen after the scan. What answered long before the look
that shows no listener may have stopped in between: it is told, and no alarm. Only the host's own network namespace
counts: a container's port is not the machine's unless something leads there.
"""

from __future__ import annotations

from hb_engine.app.scanning.compare import compare
from hb_engine.faces.stories.answers import product, remarks, service, severity
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines.rows import Row, Rows
from hb_engine.model.compared import WORDS
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer, Scan, ScannedHost  # noqa: TC004 (a record keeps the names of types alone)
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

NOT_ASKED = "not-asked"
PROVED = ("other-service", "tls-missing")  # of model.answer.HELD: what is there is not what should be
SAID = {
    "no-listener": mark("answers, and nobody listens"),
    "other-service": mark("another service answers"),
    "tls-missing": mark("answers in clear, without its TLS"),
    "filtered": mark("listens, filtered on the way"),
    "closed-outside": mark("listens, refused from outside"),
    "not-known": mark("listens, nobody can tell"),
    "agreed": mark("listens and answers"),
    NOT_ASKED: mark("listens, not asked"),
}
MARKS = {
    "no-listener": "alarm",
    "other-service": "alarm",
    "tls-missing": "alarm",
    "agreed": "ok",
    NOT_ASKED: "unseen",
    "not-known": "unseen",
}
ASKED = {"tcp": ("listener", "activation", "kernel"), "udp": ("listener", "bound", "activation", "kernel")}
UNANSWERED = ("filtered", "closed-outside", "not-known")
LOOPS = ("127.", "::1")
STALE = 900.0  # seconds between a scan and a look, after which what answered may have stopped meanwhile
STOPPED = "it answered when it was asked, and nothing that was seen listens there now: stopped since, or hidden"
LATER = "it began to listen after the scan"


@record
class Side:
    """One port of one address. `word` is one of SAID; `rows` are this machine's openings there.

    `speaks`, `proves` and `remarks` are what the answer proved, in words of the evidence.
    """

    transport: str
    port: int
    address: str
    word: str
    mark: str
    rows: tuple[Row, ...] = ()
    state: str = ""  # as the scan has it
    speaks: str = ""
    proves: str = ""
    remarks: tuple[str, ...] = ()
    sentence: str = ""
    asked_at: float | None = None


@record
class Both:
    """Both sides of a machine: its ports, the worst first, and how many there are of each word."""

    sides: tuple[Side, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    scans: tuple[Scan, ...] = ()


def both(rows: Rows, now: float) -> Both:
    """What scans of this machine found, beside what listens there. Without a scan there is nothing to compare."""
    machine = rows.machine
    inside = _own(machine.seen)
    found: dict[tuple[str, int, str], Side] = {}
    for scan in sorted(machine.outside, key=lambda one: one.ended_at):  # the latest answer of an address counts
        found.update(_of_scan(rows, scan, inside, now))
    if not machine.outside:
        return Both()
    asked = {(transport, port) for transport, port, _ in found}
    sides = [*found.values(), *_not_asked(rows, asked)]
    sides.sort(key=lambda one: (ORDER.index(one.word), one.port, one.transport, one.address))
    words = [one.word for one in sides]
    return Both(tuple(sides), tuple([(word, words.count(word)) for word in ORDER if word in words]), machine.outside)


def of_port(found: Both, transport: str, port: int | None) -> tuple[Side, ...]:
    """What was found at one port."""
    return tuple([one for one in found.sides if one.port == port and one.transport == transport])


ORDER = (WORDS[0], *PROVED, *[word for word in WORDS[1:] if word not in (*PROVED, "agreed")], NOT_ASKED, "agreed")


def _own(seen: Inventory) -> Inventory:
    return replace(seen, openings=tuple([one for one in seen.openings if one.netns.kind == "host"]))


def _of_scan(rows: Rows, scan: Scan, inside: Inventory, now: float) -> dict[tuple[str, int, str], Side]:
    own = frozenset(rows.machine.seen.host.addresses)
    here = not rows.machine.source
    hosts = tuple([host for host in scan.hosts if host.address.partition("%")[0] in own or (here and _loops(host))])
    try:
        told = compare(replace(scan, hosts=hosts), inside, own)
    except BadInput:  # none of the addresses is this machine's
        return {}
    answers = {(host.address, one.transport, one.port): one for host in hosts for one in host.answers}
    times = {host.address: host.ended_at or scan.ended_at for host in hosts}
    found = {}
    for one in told:
        answer, at = answers.get((one.address, one.transport, one.port)), times.get(one.address) or None
        word = _word(one.word, answer)
        side = Side(
            one.transport, one.port, one.address, word, _mark(word, answer, now),
            _rows(rows, one.transport, one.port), one.outside.partition(",")[0],
            service(answer) if answer else "", product(answer) if answer else "",
            tuple(remarks(answer, now)) if answer else (), one.sentence, at,
        )  # fmt: skip
        side = _in_time(side, inside.taken_at)
        found[one.transport, one.port, one.address] = side
    return found


def _in_time(side: Side, looked_at: float) -> Side:
    """What a scan and a look at two times can say together."""
    if side.asked_at is None:
        return side
    if side.word in UNANSWERED and side.rows and all(_began(row) > side.asked_at for row in side.rows):
        return replace(side, word=NOT_ASKED, mark=MARKS[NOT_ASKED], sentence=LATER)
    if side.word == "no-listener" and looked_at - side.asked_at > STALE:
        return replace(side, mark="look", sentence=STOPPED)
    return side


def _began(row: Row) -> float:
    """When the first of its processes started; 0 where nobody knows."""
    return min([owner.started_at or 0.0 for owner in row.opening.owners], default=0.0)


def _word(word: str, answer: Answer | None) -> str:
    """Both sides agree that something is there; what the answer proved may be another service, or in clear."""
    return answer.held if word == "agreed" and answer is not None and answer.held in PROVED else word


def _mark(word: str, answer: Answer | None, now: float) -> str:
    if word in MARKS and (word != "agreed" or answer is None):
        return MARKS[word]
    grave = severity(answer, now) if answer else "none"
    if grave in ("high", "critical"):
        return "alarm"
    return "look" if grave in ("low", "medium") else "ok" if word == "agreed" else "note"


def _rows(rows: Rows, transport: str, port: int) -> tuple[Row, ...]:
    found = [row for row in rows.by_port.get(port, ()) if row.opening.transport == transport]
    return tuple([row for row in found if row.opening.netns.kind == "host"])


def _not_asked(rows: Rows, asked: set[tuple[str, int]]) -> list[Side]:
    """What reaches further than this machine, and no scan asked."""
    found: dict[tuple[str, int], list[Row]] = {}
    for row in rows.all:
        one = row.opening
        if _is_askable(one) and (one.transport, one.port) not in asked and not row.noise:
            found.setdefault((one.transport, one.port or 0), []).append(row)
    return [Side(transport, port, "", NOT_ASKED, "unseen", tuple(alike)) for (transport, port), alike in found.items()]


def _is_askable(one: Opening) -> bool:
    reaches = one.scope != "loopback" and one.netns.kind == "host" and one.port is not None
    return reaches and one.kind in ASKED.get(one.transport, ())


def _loops(host: ScannedHost) -> bool:
    return host.address.startswith(LOOPS)
