"""One machine as rows: each opening with how odd it is and how it stands to the baseline, the worst first.

The rows of a sight are made once and kept while that sight is shown, for a page is asked for far more often than a
machine is looked at. Nothing is judged here: the evidence's verdict is the opening's own, the baseline's is the
report's. What neither speaks of is told as that, and never as expected.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

from hb_engine.app.hub.sameness import is_again
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.stories.order import by_place, is_noise
from hb_engine.faces.web import addresses
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.model.report import Held, Verdict
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

STATES = ("drift", "unseen", "debt", "muted", "expected", "note", "")  # "": there is no baseline
OF_LOOKS = "of looks"  # the name of what holds times of looks, and is made anew for each
KEPT = 3  # sights whose rows are kept: this one, and one that a page may still be reading
LOOK, ALARM = SEVERITIES.index("low"), SEVERITIES.index("high")
T = TypeVar("T")
K = TypeVar("K")


@record
class Row:
    """One opening: `mark` is a kind of mark (alarm, look, ok, note, unseen), `state` one of STATES."""

    opening: Opening
    key: str
    severity: str
    mark: str
    state: str
    verdict: Verdict | None = None  # the baseline's, the worst
    held: Held | None = None  # the rule that covers it
    noise: bool = False  # a client or an idle socket

    @property
    def rule(self) -> str:
        """The id of the rule that covers it, or that it goes against."""
        return self.held.rule if self.held else self.verdict.rule if self.verdict else ""

    @property
    def hash(self) -> str:
        """Its key in an address."""
        return addresses.short(self.key)

    @property
    def odd(self) -> bool:
        """Whether a person should look at it."""
        return self.mark in ("alarm", "look")


@record
class Numbers:
    """What is counted of a machine. `missing` are required openings that are not there."""

    openings: int
    public: int
    odd: int
    alarms: int
    drift: int
    debt: int
    expected: int
    noise: int
    gaps: int
    nameless: int
    missing: int


class Rows:
    """The rows of one machine, the worst first; what pages look up in them is found once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.all = tuple(sorted(_rows(machine), key=weight))
        self._orders: dict[str, tuple[Row, ...]] = {}

    @cached_property
    def shown(self) -> tuple[Row, ...]:
        """Those that are no clients and no idle sockets."""
        return tuple([row for row in self.all if not row.noise])

    @cached_property
    def by_hash(self) -> dict[str, tuple[Row, ...]]:
        """Rows by their key in an address: several where one key has several openings."""
        return grouped(self.all, lambda row: row.hash)

    @cached_property
    def by_port(self) -> dict[int, tuple[Row, ...]]:
        """Rows by port, without those whose port the kernel chose."""
        found = [row for row in self.all if row.opening.port is not None and not row.opening.ephemeral]
        return grouped(found, lambda row: row.opening.port or 0)

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {id(row): _text(row) for row in self.all}

    def text(self, row: Row) -> str:
        """What a search looks through, of one of these rows."""
        return self._texts[id(row)]

    def in_order(self, name: str, by: Callable[[Row], Any] | None) -> tuple[Row, ...]:
        """All rows in an order by its name, sorted once; as they are, the worst first, for no order."""
        if by is None:
            return self.all
        if name not in self._orders:
            self._orders[name] = tuple(sorted(self.all, key=by))
        return self._orders[name]

    @cached_property
    def missing(self) -> tuple[Verdict, ...]:
        """What the baseline requires and what is not there, or could not be seen."""
        report = self.machine.report
        return tuple([one for one in report.verdicts if one.opening is None and one.state in ("drift", "unseen")]
                     if report else ())  # fmt: skip

    @cached_property
    def numbers(self) -> Numbers:
        """The counts of the headline."""
        shown, coverage = self.shown, self.machine.seen.coverage
        states = [row.state for row in shown]
        gone = sum([one.kind == "gone" and one.state == "drift" for one in self.missing])
        return Numbers(
            openings=len(shown),
            public=sum([row.opening.scope == "public" for row in shown]),
            odd=sum([row.odd for row in shown]) + gone,
            alarms=sum([row.mark == "alarm" for row in shown]) + sum([_is_grave(one) for one in self.missing]),
            drift=states.count("drift") + gone,
            debt=states.count("debt"),
            expected=states.count("expected"),
            noise=len(self.all) - len(shown),
            gaps=len(coverage.gaps),
            nameless=sum([is_nameless(row.opening) for row in self.all]),
            missing=gone,
        )


def is_nameless(opening: Opening) -> bool:
    """Whether its processes are unknown, and it is not the kernel's own."""
    return not opening.owners and not (opening.unowned and opening.unowned.reason == "kernel")


def weight(row: Row) -> tuple[int, bool, int, object]:
    """The worst first: mark and severity, then how far it is open, then the port."""
    marks = {"alarm": 0, "look": 1, "unseen": 2, "note": 2, "ok": 2}
    return (
        marks[row.mark] * 10 - SEVERITIES.index(row.severity),
        row.state != "drift",
        -SCOPES.index(row.opening.scope),
        by_place(row.opening),
    )


def gravity(rows: Rows) -> tuple[int, int, int, int, int, str]:
    """The order of machines: the worst that is there, how many alarms, what is odd, drift, gaps, and the name."""
    told = rows.numbers
    ranks = [row.severity for row in rows.shown if row.odd] + [one.severity for one in rows.missing if _is_drift(one)]
    worst = max([SEVERITIES.index(one) for one in ranks], default=-1)
    return -worst, -told.alarms, -told.odd, -told.drift, -told.gaps, rows.machine.name


class Shelf:
    """What was made of the last sights, by name: made once for each. Where all is as it was, and only the time of the
    look is another, what was made stays, and `renew` is told; without it, it is made anew.
    """

    def __init__(self, renew: Callable[[dict[str, Any], Sight], None] | None = None) -> None:
        self._kept: list[tuple[Sight, dict[str, Any]]] = []
        self._renew = renew

    def of(self, sight: Sight, name: str, make: Callable[[Sight], T]) -> T:
        """What `make` makes of a sight; the same value until another sight is shown."""
        found = next((kept for one, kept in self._kept if one is sight), None)
        if found is None:
            found = self._again(sight)
        if name not in found:
            found[name] = make(sight)
        value: T = found[name]
        return value

    def _again(self, sight: Sight) -> dict[str, Any]:
        """What is known of a sight that is asked about for the first time."""
        again = next((kept for kept in self._kept if self._renew is not None and is_again(kept[0], sight)), None)
        found: dict[str, Any] = again[1] if again else {}
        if self._renew is not None and again:
            self._renew(found, sight)
        self._kept = [(sight, found), *[kept for kept in self._kept if kept is not again][: KEPT - 1]]
        return found


def _renewed(found: dict[str, Any], sight: Sight) -> None:
    """The rows of machines that were looked at again are those of the later look."""
    for rows, machine in zip(found.get("rows", ()), sight.machines, strict=False):
        rows.machine = machine
    found.pop(OF_LOOKS, None)


def kept_as_is(_found: dict[str, Any], _sight: Sight) -> None:
    """Nothing of it has a time."""


SHELF = Shelf(_renewed)


def of(sight: Sight) -> tuple[Rows, ...]:
    """The rows of each machine of a sight, this machine first."""
    return SHELF.of(sight, "rows", lambda one: tuple([Rows(machine) for machine in one.machines]))


def worst_first(sight: Sight) -> tuple[Rows, ...]:
    """The same, the worst machine first."""
    return SHELF.of(sight, "worst", lambda one: tuple(sorted(of(one), key=gravity)))


def find(sight: Sight, segment: str) -> Rows | None:
    """The machine that a part of an address names, None for none; of two with one name, the one that was first."""
    known = SHELF.of(sight, "names", lambda one: {addresses.segment(rows.machine.name): rows for rows in of(one)[::-1]})
    return known.get(segment)


def grouped(rows: Iterable[Row], by: Callable[[Row], K]) -> dict[K, tuple[Row, ...]]:
    """Rows by something of theirs, in their order."""
    found: dict[K, list[Row]] = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return {name: tuple(alike) for name, alike in found.items()}


def _rows(machine: Machine) -> list[Row]:
    report = machine.report
    verdicts: dict[str, list[Verdict]] = {}
    held: dict[str, Held] = {}
    if report is not None:
        for one in report.verdicts:
            if one.opening is not None:
                verdicts.setdefault(one.key, []).append(one)
        held = {key: one for one in report.held for key in one.keys}
    return [_row(each, verdicts, held, ruled=report is not None) for each in machine.seen.openings]


def _row(opening: Opening, verdicts: dict[str, list[Verdict]], held: dict[str, Held], *, ruled: bool) -> Row:
    key = opening.key
    told = sorted(verdicts.get(key, ()), key=_of_state)
    first = told[0] if told else None
    covered = held.get(key)
    state = first.state if first and first.state in STATES[:4] else "expected" if covered else "note" if ruled else ""
    own = SEVERITIES.index(opening.verdict.severity) if opening.verdict else 0
    rank = max(own, SEVERITIES.index(first.severity) if first and state == "drift" else 0)
    mark = "alarm" if rank >= ALARM else "look" if rank >= LOOK or state == "drift" else _quiet(opening, state)
    return Row(opening, key, SEVERITIES[rank], mark, state, first, covered, is_noise(opening) and state != "drift")


def _quiet(opening: Opening, state: str) -> str:
    """The mark of what nobody calls odd."""
    if state == "unseen" or is_nameless(opening):
        return "unseen"
    return "note" if state in ("debt", "note") else "ok"


def _of_state(one: Verdict) -> tuple[int, int]:
    state = STATES.index(one.state) if one.state in STATES else len(STATES)
    return state, -SEVERITIES.index(one.severity)


def _is_drift(one: Verdict) -> bool:
    return one.state == "drift"


def _is_grave(one: Verdict) -> bool:
    return _is_drift(one) and SEVERITIES.index(one.severity) >= ALARM


def _text(row: Row) -> str:
    one = row.opening
    words = [one.transport, str(one.port or ""), one.protocol, one.unit or "", row.rule, row.key, *one.addresses]
    words += [each.name for each in one.registered]
    for owner in one.owners[:8]:
        words += [owner.comm, owner.exe or "", owner.user, owner.script or "", owner.unit or "", str(owner.pid)]
        words += [owner.package.name if owner.package else "", owner.container.name if owner.container else ""]
    words += [one.container.name, one.container.image] if one.container else []
    return "\n".join(words).lower()
