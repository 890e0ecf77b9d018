"""The cards of a sight, which of them a person wants to see, and what stands beside them: missing, and not seen.

A card is made once for each sight. An inbox without cards says what was looked at, for nothing may look clean that
nobody saw: what a rule requires and is not there, what could not be checked, and what a look did not show are told.
"""

from __future__ import annotations

from functools import cached_property

from hb_engine.app.changing.review import Card, cards
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.rows import Shelf
from hb_engine.model.record import record
from hb_engine.model.report import Report, Verdict
from hb_engine.model.verdict import SEVERITIES

SIZE = 50
STATES = ("drift", "debt")
_SHELF = Shelf()


@record
class Wanted:
    """A filter; an empty word lets everything through."""

    state: str = ""
    severity: str = ""
    machine: str = ""
    q: str = ""

    @property
    def narrow(self) -> bool:
        """Whether something is filtered."""
        return bool(self.state or self.severity or self.machine or self.q)

    def url(self, path: str, **other: object) -> str:
        """The address of this filter with some words changed."""
        words = {"state": self.state, "severity": self.severity, "machine": self.machine, "q": self.q, **other}
        return addresses.with_query(path, **words)


class Inbox:
    """All cards of a sight."""

    def __init__(self, sight: Sight) -> None:
        self.judged = tuple([one for one in sight.machines if one.report is not None and not one.remembered])
        self.reports = tuple([one.report for one in self.judged if one.report is not None])
        self.unjudged = tuple([one for one in sight.machines if one.report is None or one.remembered])
        self.cards = cards(self.reports)

    @cached_property
    def by_id(self) -> dict[str, Card]:
        """Cards by their keys in addresses."""
        return {addresses.short(card.key): card for card in self.cards}

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What a search looks through, a text for each card."""
        return tuple([_text(card) for card in self.cards])

    @cached_property
    def missing(self) -> tuple[tuple[str, Verdict], ...]:
        """Drift of what is not open, with its machine, the worst first: no cards, for there is nothing to decide."""
        found = [
            (report.host.name, one)
            for report in self.reports
            for one in report.verdicts
            if one.state == "drift" and one.opening is None
        ]
        return tuple(sorted(found, key=lambda pair: -SEVERITIES.index(pair[1].severity)))

    @cached_property
    def unseen(self) -> tuple[tuple[str, Verdict], ...]:
        """What could not be checked, with its machine."""
        return tuple([(one.host.name, each) for one in self.reports for each in one.verdicts if each.state == "unseen"])

    @cached_property
    def muted(self) -> int:
        """How much drift falls into a window in which it is not told."""
        return sum([each.state == "muted" for one in self.reports for each in one.verdicts])

    @cached_property
    def gaps(self) -> int:
        """How many things looks could not show."""
        return sum([len(one.coverage.gaps) for one in self.reports])

    def count(self, state: str) -> int:
        """How many cards are of a state."""
        return sum([card.verdict.state == state for card in self.cards])

    @property
    def openings(self) -> int:
        """How many openings were held against rules."""
        return sum([one.openings for one in self.reports])

    @property
    def expected(self) -> int:
        """How many of them rules cover."""
        return sum([one.expected for one in self.reports])

    def find(self, want: Wanted) -> list[Card]:
        """The cards that fit, the worst first."""
        pairs = zip(self.cards, self.texts, strict=True)
        return [card for card, text in pairs if _fits(card, text, want)]

    def report(self, host: str) -> Report | None:
        """A machine's report."""
        return next((one for one in self.reports if one.host.name == host), None)

    def machine(self, host: str) -> Machine | None:
        """The machine of a card: cards name machines as their reports do."""
        return next((one for one in self.judged if one.report is not None and one.report.host.name == host), None)


def inbox(sight: Sight) -> Inbox:
    """The inbox of a sight, made once."""
    return _SHELF.of(sight, "inbox", Inbox)


def speech(sight: Sight, card: Card) -> str:
    """What a card's opening says, where somebody asked: from outside, or when it was learned; else ""."""
    machine = inbox(sight).machine(card.hosts[0])
    one = card.opening
    for scan in machine.outside if machine else ():
        for host in scan.hosts:
            for answer in host.answers:
                if (answer.transport, answer.port) == (one.transport, one.port) and answer.identity:
                    said = answer.identity
                    return " ".join([part for part in (said.name, said.product, said.version) if part])
    lock = sight.baseline.lock if sight.baseline else None
    for locked in lock.hosts if lock else ():
        for seen in locked.observed if locked.name == card.hosts[0] else ():
            if seen.thread == one.thread and seen.speaks:
                return " ".join([part for part in (seen.speaks, seen.protocol) if part])
    return ""


def wanted(query: dict[str, str]) -> Wanted:
    """The filter that an address asks for; a word that is not known counts as none."""
    state, severity = query.get("state", ""), query.get("severity", "")
    return Wanted(
        state if state in STATES else "",
        severity if severity in SEVERITIES else "",
        query.get("machine", "").strip(),
        query.get("q", "").strip(),
    )


def _fits(card: Card, text: str, want: Wanted) -> bool:
    if want.state and card.verdict.state != want.state:
        return False
    if want.severity and card.verdict.severity != want.severity:
        return False
    if want.machine and want.machine not in card.hosts:
        return False
    return all(word in text for word in want.q.lower().split())


def _text(card: Card) -> str:
    one = card.opening
    words = [card.key, one.transport, str(one.port or ""), one.unit or "", *one.addresses, *card.hosts[:100]]
    words += [text for each in (card.verdict, *card.odd) for text in (each.kind, each.reason, each.rule, each.owner)]
    words += [each.name for each in one.registered]
    for owner in one.owners[:8]:
        words += [owner.comm, owner.exe or "", owner.user, owner.script or "", owner.unit or ""]
        words += [owner.package.name if owner.package else "", owner.container.name if owner.container else ""]
    return "\n".join(words).lower()
