"""Rules that cannot all be meant: required and forbidden, allowed in vain, decided twice, for nobody, at no time.

Only what can be proven from the rules is said. Two rules meet where one is for all machines, or both are for the same
role (by inclusion too) or host; whether two roles share machines, nobody knows here. Every look is one into a table:
100,000 rules take seconds, not hours, whatever is in them.
"""

from __future__ import annotations

from hb_engine.baseline.deciding.match import Place, ago
from hb_engine.model.baseline import Problem
from hb_engine.model.endpoint import SCOPES
from hb_engine.wire.dates import is_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.model.baseline import Baseline, Condition, Listen, Rule

    Audience = tuple[str, str]  # a role, a host; both empty for all machines
    Key = tuple[Audience, Condition | None, str, str, int]  # audience, by, transport, netns, rank of the scope

EVERYBODY: Audience = ("", "")
MOST = 1000  # problems of one kind; more help nobody


def problems(baseline: Baseline, now: float) -> tuple[Problem, ...]:
    """What is wrong with rules as a whole, errors first. `now` is in seconds since the epoch."""
    live = [rule for rule in baseline.rules if rule.until is None or not is_over(rule.until, now)]
    found = [
        *_bounded(_clashes(baseline, live)),
        *_bounded(_twice(live)),
        *_bounded(_for_nobody(baseline)),
        *_bounded(_windows(baseline)),
        *_bounded(_late(baseline, now)),
    ]
    return tuple(sorted(found, key=lambda problem: problem.level != "error"))


def _bounded(found: Iterator[Problem]) -> Iterator[Problem]:
    for count, problem in enumerate(found):
        if count == MOST:
            yield Problem(
                problem.where, f"and more of the same kind ({problem.code})", level="warning", code=problem.code
            )
            return
        yield problem


def _name(rule: Rule) -> str:
    return rule.id or rule.where.text


# -- what is forbidden ---------------------------------------------------------------------------------------------


class _Forbidden:
    """Places that are forbidden, of one key: the widest ranges that begin at or before each port."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int, Rule]] = []
        self._firsts: list[int] | None = None
        self._widest: list[tuple[int, Rule]] = []
        self.chosen: Rule | None = None
        self.all: Rule | None = None

    def add(self, listen: Listen, rule: Rule) -> None:
        """One more place of the same key."""
        if listen.place == "any":
            self.all = self.all or rule
        elif listen.place == "ephemeral":
            self.chosen = self.chosen or rule
        else:
            self._spans.append((listen.first, listen.last, rule))

    def over(self, listen: Listen) -> Rule | None:
        """A rule that forbids all of a place."""
        if self.all is not None or listen.place == "any":
            return self.all
        if listen.place == "ephemeral":
            return self.chosen
        from bisect import bisect_right  # only for lint

        if self._firsts is None:
            self._spans.sort(key=lambda span: span[:2])
            self._firsts = [first for first, _, _ in self._spans]
            for _, last, rule in self._spans:
                before = self._widest[-1] if self._widest else (-1, rule)
                self._widest.append(max((last, rule), before, key=lambda each: each[0]))
        at = bisect_right(self._firsts, listen.first)
        if not at or self._widest[at - 1][0] < listen.last:
            return None
        return self._widest[at - 1][1]


def _forbidden(rules: list[Rule], untimed: frozenset[str]) -> dict[Key, _Forbidden]:
    table: dict[Key, _Forbidden] = {}
    for rule in rules:
        if rule.kind != "forbid" or rule.speaks is not None or rule.id in untimed:
            continue
        for listen in rule.listen:
            if listen.interface or listen.networks:
                continue
            rank = Place(listen, forbids=True).rank
            key = ((rule.role, rule.host.lower()), rule.by, listen.transport, listen.netns, rank)
            table.setdefault(key, _Forbidden()).add(listen, rule)
    return table


class _Clashes:
    """Rules that allow or require, held against those that forbid."""

    def __init__(self, baseline: Baseline, live: list[Rule]) -> None:
        timed = frozenset([rule for window in baseline.windows if window.mode == "only" for rule in window.rules])
        self._table = _forbidden(live, timed)
        self._inclusions = _Inclusions(baseline)

    def against(self, rule: Rule, listen: Listen, ranks: tuple[int, ...]) -> tuple[Rule, int] | None:
        """A rule that forbids a place of another, from one of some scopes on; and that scope's rank."""
        for rank in ranks:
            for audience in self._audiences(rule):
                for by in (None, rule.by) if rule.by is not None else (None,):
                    for transport in (listen.transport, "any"):
                        for netns in (listen.netns, "any"):
                            found = self._table.get((audience, by, transport, netns, rank))
                            over = found.over(listen) if found else None
                            if over is not None:
                                return over, rank
        return None

    def _audiences(self, rule: Rule) -> list[Audience]:
        """All machines; the rule's role, and what it includes; its host."""
        found = [EVERYBODY, *[(role, "") for role in self._inclusions.of(rule.role) if role]]
        host = rule.host.lower()
        return [*found, ("", host), (rule.role, host)] if host else found


class _Inclusions:
    """Roles with all that they include; circles end where they began. Only those that are asked for are followed."""

    def __init__(self, baseline: Baseline) -> None:
        self.direct: dict[str, list[str]] = {}
        for role in baseline.roles:
            self.direct.setdefault(role.name, []).extend(role.includes)
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, name: str) -> tuple[str, ...]:
        """A role, and what it includes."""
        if name not in self._found:
            self._found[name] = self.below((name,))
        return self._found[name]

    def below(self, names: Iterable[str]) -> tuple[str, ...]:
        """Roles, and what they include, each once."""
        seen: dict[str, None] = {}
        left = list(names)
        while left:
            at = left.pop()
            if at not in seen:
                seen[at] = None
                left += self.direct.get(at, ())
        return tuple(seen)


def _lost(rule: Rule, total: list[tuple[Rule, int] | None]) -> tuple[Rule, int] | None:
    """What forbids a place that a rule requires, all of it; what is allowed may lose one of several."""
    if rule.kind != "require":
        return None
    over = {id(listen): found for listen, found in zip(rule.listen, total, strict=True)}
    return next((over[id(places[0])] for places in rule.wanted if all(over[id(place)] for place in places)), None)


def _clashes(baseline: Baseline, live: list[Rule]) -> Iterator[Problem]:
    clashes = _Clashes(baseline, live)
    required: list[Rule] = []
    for rule in live:
        if rule.kind == "forbid":
            continue
        total = [clashes.against(rule, listen, (0,)) for listen in rule.listen]
        first = next(filter(None, total), None)
        lost = first if all(total) else _lost(rule, total)
        if lost is not None:
            yield _clash(rule, lost[0])
        elif first is not None:
            at = next(listen for listen, found in zip(rule.listen, total, strict=True) if found)
            message = f"{_name(rule)} {rule.kind}s {at.text or 'a place'}, which {_name(first[0])} forbids"
            yield Problem(rule.where, message, "Forbid always wins: leave this place out.", "warning", "shadowed")
        else:
            yield from _cut(rule, clashes)
        if rule.kind == "require" and not rule.role and not rule.host:
            required.append(rule)
    yield from _exceptions(live, required)


def _clash(rule: Rule, forbid: Rule) -> Problem:
    at = f"{_name(forbid)} ({forbid.where.text})" if forbid.where.file else _name(forbid)
    if rule.kind == "require":
        message = f"{_name(rule)} requires what {at} forbids: no machine can satisfy both"
        return Problem(rule.where, message, "Take one of them out, or narrow it.", "error", "conflict")
    message = f"{_name(rule)} allows only what {at} forbids; forbid always wins, so it has no effect"
    return Problem(
        rule.where, message, "Narrow what is forbidden by `by` or `on`, or take this out.", "warning", "shadowed"
    )


def _cut(rule: Rule, clashes: _Clashes) -> Iterator[Problem]:
    """A rule that allows further than is forbidden: what it says is not what holds."""
    for listen in rule.listen:
        allowed = SCOPES.index(listen.scope)
        found = clashes.against(rule, listen, tuple(range(1, allowed + 1)))
        if found:
            forbid, rank = found
            message = (
                f"{_name(rule)} {rule.kind}s {listen.text or 'a place'} as far as {listen.scope}, and {_name(forbid)} "
                f"forbids it from {SCOPES[rank]} on"
            )
            hint = f"Say how far it may reach: on {SCOPES[rank - 1]}."
            yield Problem(rule.where, message, hint, "warning", "shadowed")
            return


def _exceptions(live: list[Rule], required: list[Rule]) -> Iterator[Problem]:
    """What all machines must have, and some must not: forbid rules of a role or host against require rules of all."""
    wanted: dict[tuple[str, int, int, str, str], Rule] = {}
    for rule in required:
        for listen in [places[0] for places in rule.wanted if len(places) == 1]:
            wanted.setdefault((listen.transport, listen.first, listen.last, listen.place, listen.netns), rule)
    for rule in live:
        if rule.kind != "forbid" or not (rule.role or rule.host) or rule.speaks:
            continue
        for listen in rule.listen:
            clash = wanted.get((listen.transport, listen.first, listen.last, listen.place, listen.netns))
            if clash and rule.by in (None, clash.by) and not Place(listen, forbids=True).rank:
                whom = f"role {rule.role}" if rule.role else f"host {rule.host}"
                message = (
                    f"{_name(rule)} forbids on {whom} what {_name(clash)} ({clash.where.text}) requires everywhere"
                )
                yield Problem(rule.where, message, "Require it of the roles that need it.", "error", "conflict")


# -- decided twice -------------------------------------------------------------------------------------------------


def _twice(live: list[Rule]) -> Iterator[Problem]:
    seen: dict[object, Rule] = {}
    for rule in live:
        key = (rule.kind, rule.role, rule.host, _places(rule), rule.by, rule.speaks and _said(rule), rule.sources)
        first = seen.setdefault(key, rule)
        if first is rule or (first.pack and rule.pack):  # packs have much in common, and nobody here wrote them
            continue
        at = f"{_name(first)} ({first.where.text})"
        differ = [name for name in ("owner", "until", "severity") if getattr(first, name) != getattr(rule, name)]
        if bool(first.pack) != bool(rule.pack):
            pack = first.pack or rule.pack
            message = f"{_name(rule)} and {_name(first)} say the same, and one comes with the pack {pack}"
            yield Problem(rule.where, message, "Leave one of them out.", "warning", "duplicate")
        elif differ:
            message = f"{_name(rule)} and {at} are about the same, with another {' and '.join(differ)}"
            yield Problem(rule.where, message, "Nobody can tell which of them holds: keep one.", "error", "tie")
        else:
            message = f"{_name(rule)} says what {at} says already"
            yield Problem(rule.where, message, "Leave one of them out.", "warning", "duplicate")


def _places(rule: Rule) -> frozenset[object]:
    return frozenset(
        (each.transport, each.first, each.last, each.place, each.scope, each.interface, each.networks, each.netns)
        for each in rule.listen
    )


def _said(rule: Rule) -> object:
    speaks = rule.speaks
    return speaks and (speaks.names, speaks.tls, speaks.certificate, speaks.version, speaks.product)


# -- for nobody, at no time ----------------------------------------------------------------------------------------


def _for_nobody(baseline: Baseline) -> Iterator[Problem]:
    """Roles that choose no machine and are in no other role, with rules that wait for them."""
    chosen = {role.name for role in baseline.roles if role.hosts or role.when is not None}
    inclusions = _Inclusions(baseline)
    reached = set(inclusions.below(chosen))
    told: set[str] = set()
    for rule in baseline.rules:
        if rule.role and rule.role in inclusions.direct and rule.role not in reached and rule.role not in told:
            told.add(rule.role)
            message = f"{_name(rule)} is for the role {rule.role}, which chooses no machine"
            hint = f"Give the role hosts or when, or name it by hand: hb check --role {rule.role}."
            yield Problem(rule.where, message, hint, "warning", "never-applies")


def _windows(baseline: Baseline) -> Iterator[Problem]:
    ids = {rule.id for rule in baseline.rules}
    for window in baseline.windows:
        unknown = [name for name in window.rules if name not in ids]
        if unknown:
            message = f"the window {window.name} names {', '.join(unknown[:3])}, and there is no such rule"
            yield Problem(window.where, message, "Windows name rules by their id.", "warning", "unknown-rule")
        if window.mode == "only" and not window.rules:
            message = f"the window {window.name} restricts rules and names none"
            yield Problem(window.where, message, 'Name them: rules = ["..."].', "warning", "unknown-rule")


def _late(baseline: Baseline, now: float) -> Iterator[Problem]:
    for rule in baseline.rules:
        if rule.until is not None and is_over(rule.until, now):
            message = f"{_name(rule)} ended {ago(now - rule.until)} ago"
            hint = "Take it out; or decide again, with another date."
            yield Problem(rule.where, message, hint, "warning", "expired")
