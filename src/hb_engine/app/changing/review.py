"""`hb review`: what nobody decided yet, one card for each distinct key, and decisions that become rules one by one.

A decision is written when it is confirmed, whole or not at all; what is not confirmed leaves no trace, however the
session ends. The last decision can be taken back as long as nobody changed its file. It refuses to decide anything by
itself, and what baseline/accepting.py refuses.
"""

from __future__ import annotations

import os

from hb_engine.app.changing import rule_files
from hb_engine.app.changing.accept import Edit
from hb_engine.baseline import accepting, blocks
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.opening import Opening
from hb_engine.model.record import record, replace
from hb_engine.model.report import Cause, Report, Verdict
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.app.ruling.explain import Explanation
    from hb_engine.baseline.accepting import Wish

    Tell = Callable[[str, int, int], None]

STATES = ("drift", "debt")
SECONDS = 2.0  # that git may take to say a name


@record
class Card:
    """One key that nobody decided: the worst that is said of it, on which machines, since when, and probable causes."""

    key: str
    opening: Opening
    verdict: Verdict
    hosts: tuple[str, ...]
    since: float | None = None
    causes: tuple[Cause, ...] = ()
    odd: tuple[Verdict, ...] = ()  # more that is said of it, besides the first


@record
class Decided:
    """A decision that was written: for which card, and the edit that wrote it."""

    card: Card
    edit: Edit


class Session:
    """A baseline, the cards, and what was decided so far. `file` is the one that rules go into."""

    def __init__(
        self,
        loaded: Loaded,
        reports: Sequence[Report],
        file: str = "",
        now: float = 0.0,
        *,
        lasting: frozenset[str] = frozenset(),
    ) -> None:
        self.loaded, self.reports, self.now, self.lasting = loaded, tuple(reports), now, lasting
        self.file = accepting.file_of(file)
        self.cards = cards(reports)
        self.decided: list[Decided] = []

    @property
    def folder(self) -> str:
        """The baseline's folder."""
        return self.loaded.folder

    @property
    def path(self) -> str:
        """The file that rules go into."""
        return os.path.join(self.folder, self.file)

    def draft(self, card: Card, wish: Wish) -> Edit:
        """The edit that a wish would make for a card; nothing is written. Raises BadInput, DataError."""
        from hb_engine.app.changing.accept import edited

        accepting.refuse(card.opening, wish, self.lasting, wish.accepts)
        taken = {rule.id for rule in self.loaded.baseline.rules}
        return edited(self.folder, self.file, (accepting.rule_of(card.opening, wish, self.now, taken),))

    def text(self, edit: Edit) -> str:
        """The block that an edit writes."""
        return blocks.block(edit.rules[0])

    def write(self, card: Card, edit: Edit) -> None:
        """Write a decision. Raises DataError, and nothing is written then."""
        edit.write()
        self.loaded = replace(self.loaded, baseline=edit.baseline)
        self.decided.append(Decided(card, edit))

    def undo(self) -> Card | None:
        """Take the last decision back; its card, None where there is none. Raises DataError where its file cannot be
        changed, or no longer holds it."""
        if not self.decided:
            return None
        last = self.decided[-1]
        self._take_out(last.edit)
        self.decided.pop()
        return last.card

    def _take_out(self, edit: Edit) -> None:
        from hb_engine.app.changing.accept import reread

        now = rule_files.read(edit.path)
        # Where somebody else wrote more since, only the block goes.
        after = edit.before if now == edit.text else _without(self.folder, edit, now or "")
        if after is None:
            rule_files.remove(edit.path, edit.text)
        else:
            rule_files.write(edit.path, after, now)
        parsed = reread(self.folder, edit.path, after or "")
        self.loaded = replace(self.loaded, baseline=parsed.baseline)

    def explain(self, card: Card) -> Explanation:
        """Every rule held against a card's opening."""
        from hb_engine.app.ruling.baseline import zone
        from hb_engine.app.ruling.explain import Explained, Explanation
        from hb_engine.baseline.deciding.decide import Decider
        from hb_engine.model.coverage import untold

        report = next(one for one in self.reports if one.host.name == card.hosts[0])
        words = Decider(self.loaded.baseline, report.host, report.taken_at, offset=zone, untold=untold(report.coverage))
        verdicts = tuple([one for one in report.verdicts if one.key == card.key])
        explained = Explained(words.explain(card.opening), None, verdicts)
        return Explanation(card.key, report, words.roles, (explained,), report.coverage)


def _without(folder: str, edit: Edit, text: str) -> str:
    """A file's text without the block that an edit wrote. Raises DataError where it is not there any more."""
    from hb_engine.app.changing.accept import reread

    rule = edit.rules[0]
    found = [
        one
        for one in reread(folder, edit.path, text).baseline.rules
        if one.id == rule.id and one.kind == rule.kind and one.where.file == edit.path
    ]
    if not found:
        raise DataError(
            f"rule {rule.id} is not in {edit.path} any more", "Somebody else changed it; nothing was undone."
        )
    return blocks.removed(text, rule.kind, found[0].where.line)


def begin(
    files: tuple[str, ...] = (), *, baseline: str = "", file: str = "", now: float = 0.0, tell: Tell = lambda *_: None
) -> Session:
    """Look, or read inventories, and lay out what nobody decided. Raises BadInput, CannotLook, DataError."""
    from hb_engine.app.ruling.baseline import load
    from hb_engine.app.ruling.check import Wanted, check, lasting

    accepting.file_of(file)  # mistakes before a look
    loaded = load(baseline)
    return Session(loaded, check(Wanted(files, baseline), tell), file, now, lasting=lasting())


def cards(reports: Sequence[Report]) -> tuple[Card, ...]:
    """A card for each key of which drift or debt is told, of however many machines: drift first, the worst first."""
    found: dict[str, list[Verdict]] = {}
    hosts: dict[str, list[str]] = {}
    for report in reports:
        for one in report.verdicts:
            if one.state in STATES and one.opening is not None:
                found.setdefault(one.key, []).append(one)
                hosts.setdefault(one.key, []).append(report.host.name)
    made = [_card(key, verdicts, tuple(dict.fromkeys(hosts[key]))) for key, verdicts in found.items()]
    return tuple(sorted(made, key=_weight))


def _card(key: str, verdicts: list[Verdict], hosts: tuple[str, ...]) -> Card:
    verdicts = sorted(verdicts, key=lambda one: (STATES.index(one.state), -SEVERITIES.index(one.severity)))
    first = verdicts[0]
    if first.opening is None:
        raise BadInput(f"{key} is not open", "")  # cards() chose those that are
    times = [one.since for one in verdicts if one.since is not None]
    causes = next((one.causes for one in verdicts if one.causes), ())
    others = {
        (one.kind, one.reason): one for one in verdicts[1:] if (one.kind, one.reason) != (first.kind, first.reason)
    }
    return Card(key, first.opening, first, hosts, min(times, default=None), causes, tuple(others.values()))


def _weight(card: Card) -> tuple[int, int, int, int, str]:
    port = 65536 if card.opening.port is None else card.opening.port
    verdict = card.verdict
    return STATES.index(verdict.state), -SEVERITIES.index(verdict.severity), -len(card.hosts), port, card.key


def person() -> str:
    """Who decides, as far as the machine knows: $HB_OWNER, else the name that git knows; "" where neither does."""
    named = os.environ.get("HB_OWNER", "").strip()
    return named or _git("config", "user.name")


def _git(*words: str) -> str:
    from hb_engine.app.ruling import git  # only where nothing else says it

    try:
        return git.ask(".", *words, limit=1 << 16, patience=SECONDS).decode("utf-8", "replace").strip()[:100]
    except BadInput:
        return ""
