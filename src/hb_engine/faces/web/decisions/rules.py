"""The rules of a sight as rows: what each covers now, on which machines, and when it ends or must be confirmed.

What a rule covers is what the reports of this very sight say; what it covered before, history knows, and the process
with rights is asked for that. Rules of packs under which nothing is open are counted, and shown where somebody asks.
"""

from __future__ import annotations

from functools import cached_property

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.rows import Shelf, kept_as_is
from hb_engine.model.baseline import RULE_KINDS, Rule
from hb_engine.model.record import record
from hb_engine.model.report import Verdict
from hb_engine.wire.dates import DAY, is_over

SIZE = 100
VIEWS = ("unused", "idle", "expiring", "late")
SOON = 30  # days
_SHELF = Shelf(kept_as_is)


@record
class Row:
    """A rule with the openings that it covers, (machine, key) each, and the machines that it is for."""

    rule: Rule
    covers: tuple[tuple[str, str], ...]
    machines: tuple[str, ...]

    @property
    def segment(self) -> str:
        """Its id in an address."""
        return addresses.segment(self.rule.id)

    @property
    def on(self) -> int:
        """On how many machines it covers something."""
        return len({machine for machine, _ in self.covers})

    def days_left(self, now: float) -> float | None:
        """Days until it ends or must be confirmed, whichever comes first; None where neither is said."""
        ends = [at for at in (self.rule.until, self.rule.review) if at is not None]
        return (min(ends) - now) / DAY if ends else None

    def is_ended(self, now: float) -> bool:
        """Whether it has ended."""
        return self.rule.until is not None and is_over(self.rule.until, now)

    def is_late(self, now: float) -> bool:
        """Whether it should have been confirmed by now."""
        return self.rule.review is not None and is_over(self.rule.review, now)


@record
class Wanted:
    """A filter: one of VIEWS or "", a kind, words, and whether rules of packs that cover nothing are shown too."""

    view: str = ""
    kind: str = ""
    q: str = ""
    days: int = SOON
    packs: bool = False

    @property
    def narrow(self) -> bool:
        """Whether something is filtered."""
        return bool(self.view or self.kind or self.q)

    def url(self, **other: object) -> str:
        """The address of this filter with some words changed."""
        words: dict[str, object] = {
            "view": self.view,
            "kind": self.kind,
            "q": self.q,
            "days": self.days if self.days != SOON else "",
            "packs": "1" if self.packs else "",
        }
        return addresses.with_query("/baseline", **{**words, **other})


class Rulebook:
    """The rules of a sight."""

    def __init__(self, sight: Sight) -> None:
        loaded = sight.baseline
        self.loaded = loaded
        self.reports = tuple([one.report for one in sight.machines if one.report is not None and not one.remembered])
        held: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
        for report in self.reports:
            for one in report.held:
                mark = one.rule, one.where.text if one.where is not None else ""
                held.setdefault(mark, []).append((report.host.name, one.keys))
        rules = loaded.baseline.rules if loaded else ()
        self.rows = tuple([_row(rule, held.get((rule.id, rule.where.text), [])) for rule in rules])

    @cached_property
    def by_segment(self) -> dict[str, Row]:
        """Rows by their ids in addresses; the first of an id."""
        found: dict[str, Row] = {}
        for row in self.rows:
            found.setdefault(row.segment, row)
        return found

    @cached_property
    def quiet(self) -> int:
        """Rules of packs under which nothing is open."""
        return sum([bool(row.rule.pack) and not row.covers for row in self.rows])

    @cached_property
    def packs(self) -> tuple[str, ...]:
        """The packs that the rules name."""
        return tuple(dict.fromkeys([row.rule.pack for row in self.rows if row.rule.pack]))

    @cached_property
    def debt(self) -> int:
        """Openings that nobody decided, on all machines."""
        return sum([one.state == "debt" for report in self.reports for one in report.verdicts])

    def naming(self, rule: Rule) -> list[tuple[str, Verdict]]:
        """What is said that names a rule, with its machine."""
        return [
            (report.host.name, one)
            for report in self.reports
            for one in report.verdicts
            if one.where is not None and (one.rule, one.where.text) == (rule.id, rule.where.text)
        ]

    def find(self, want: Wanted, unused: frozenset[tuple[str, str]], now: float) -> list[Row]:
        """The rows that fit, in the order of the files; those that end sooner first where that is asked for."""
        found = [row for row in self.rows if _fits(row, want, unused, now)]
        if want.view in ("expiring", "late"):
            found.sort(key=lambda row: row.days_left(now) or 0.0)
        return found

    def count(self, view: str, unused: frozenset[tuple[str, str]], now: float) -> int:
        """How many rules a view has."""
        return sum([_fits(row, Wanted(view), unused, now) for row in self.rows])


def rulebook(sight: Sight) -> Rulebook:
    """The rules of a sight, made ready once."""
    return _SHELF.of(sight, "rules", Rulebook)


def wanted(query: dict[str, str]) -> Wanted:
    """The filter that an address asks for; a word that is not known counts as none."""
    view, kind, days = query.get("view", ""), query.get("kind", ""), query.get("days", "")
    return Wanted(
        view if view in VIEWS else "",
        kind if kind in RULE_KINDS else "",
        query.get("q", "").strip(),
        min(int(days), 3650) if days.isascii() and days.isdigit() and len(days) < 6 and int(days) else SOON,
        query.get("packs") == "1",
    )


def _row(rule: Rule, held: list[tuple[str, tuple[str, ...]]]) -> Row:
    covers = [(machine, key) for machine, keys in held for key in keys]
    return Row(rule, tuple(covers), tuple([machine for machine, _ in held]))


def _fits(row: Row, want: Wanted, unused: frozenset[tuple[str, str]], now: float) -> bool:
    rule = row.rule
    if rule.pack and not row.covers and not want.packs and not want.q:
        return False
    if want.kind and rule.kind != want.kind:
        return False
    if want.view and not _in_view(row, want, unused, now):
        return False
    told = [rule.id, rule.kind, rule.places, rule.by_text, rule.owner, rule.why, rule.where.text]
    text = "\n".join(told).lower()
    return all(word in text for word in want.q.lower().split())


def _in_view(row: Row, want: Wanted, unused: frozenset[tuple[str, str]], now: float) -> bool:
    left = row.days_left(now)
    if want.view == "unused":
        return (row.rule.id, row.rule.where.text) in unused
    if want.view == "idle":
        return not row.covers and row.rule.kind != "forbid" and not row.rule.pack
    if want.view == "late":
        return row.is_late(now) or row.is_ended(now)
    return left is not None and left <= want.days and not row.is_ended(now)
