"""A machine held against its baseline: the report, with everything that differs, the worst first.

Evidence flows one way: decisions come from baseline/deciding/decide.py, memory from hb.lock and history, what happened
from the machine's records; here they become verdicts. The same inventory in another order, with other pids, inodes and
times, gives the same report. It refuses to read or ask anything: time, answers and digests are passed in.
"""

from __future__ import annotations

from hb_engine.judge import missing, ranking, telling
from hb_engine.judge.comparing import Around, Finding, Memory, findings, is_passing
from hb_engine.judge.ranking import severity_of
from hb_engine.model.baseline import Defaults, Listen, Lock, LockedHost, Where
from hb_engine.model.coverage import would_show
from hb_engine.model.record import replace
from hb_engine.model.report import DRIFTS, Held, Report, Verdict
from hb_engine.wire.dates import DAY, is_over, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Protocol

    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Rule
    from hb_engine.model.decision import Decision
    from hb_engine.model.event import Event
    from hb_engine.model.inventory import Host, Inventory
    from hb_engine.model.opening import Opening

    Spans = Mapping[tuple[str, str], tuple[float, float]]

    class Decides(Protocol):
        """What baseline.decide.Decider does."""

        @property
        def rules(self) -> tuple[Rule, ...]:
            """The rules that are for this machine."""

        def decide(self, opening: Opening, answer: Answer | None = None) -> Decision:
            """The baseline's word on one opening."""

        def explain(self, opening: Opening, answer: Answer | None = None) -> Decision:
            """The same, with each rule that was held against it."""

        def missing(self, openings: Iterable[Opening]) -> tuple[Rule, ...]:
            """The rules that require something at this time, of which one of the places is not among these openings."""

        def mute(self, rule: Rule | None) -> str:
            """The window in which what goes against a rule is not told now; "" where there is none."""


NAME = "hb.lock"
LEARNING = 90  # days: whoever can write hb.lock could have everything learned for ever
BEFORE = DAY  # seconds before a drift was first seen in which what led to it is looked for, where no look tells better


def report(
    seen: Inventory,
    decider: Decides,
    lock: Lock,
    *,
    defaults: Defaults | None = None,
    known: Mapping[str, float] | None = None,
    events: Sequence[Event] = (),
    spans: Spans | None = None,
    answers: Mapping[str, Answer] | None = None,
    digests: Mapping[str, str] | None = None,
    lasting: frozenset[str] = frozenset(),
    unsafe: str = "",
    source: str = "",
    baseline: str = "",
    idle: dict[int, tuple[Rule, Held]] | None = None,
) -> Report:
    """Everything that differs, the worst first. Now is when the look was taken; times are seconds since the epoch.

    `known` has when history first showed each key. `events` is what happened, `spans` in which time each drift came,
    by its kind and key: after the one look, and not later than the other. `answers` and `digests` are by key; `lasting`
    are the names of evidence rules that no baseline silences; `unsafe` says why others could have written the rules.
    `idle` is a table that the reports of a fleet share, so that what is the same in them is there once.
    """
    now, known = seen.taken_at, known or {}
    locked, foreign = own(lock, seen.host)
    heard = answers or {}
    memory = Memory(locked, known, seen.openings)
    around = Around(memory, now, defaults or Defaults(), lasting=lasting, answers=heard, digests=digests or {})
    decisions = [decider.decide(opening, heard.get(opening.key) if heard else None) for opening in seen.openings]
    found = [finding for decision in decisions for finding in findings(decision, around)]
    told = [_verdict(finding, seen, around, known) for finding in found]
    told += _gone_rules(seen, decider, decisions, around)
    told += _vanished(seen, found, around, locked)
    told += _learning(seen.host, locked, now)
    told += _notes(seen.host, decider.rules, around, foreign, unsafe)
    absent = _absent(decider.missing(()), locked) if events else {}
    ordered = ranking.ranked(_explained(told, absent, tuple(events), spans or {}, now))
    counted = [one for one in decisions if one.word == "expected" or not is_passing(one.opening)]
    return Report(
        seen.host,
        now,
        seen.coverage,
        ordered,
        openings=len(counted),
        expected=sum([one.word == "expected" for one in decisions]),
        rules=len(decider.rules),
        baseline=baseline,
        source=source,
        held=_held(decider.rules, decisions, {} if idle is None else idle),
    )


def own(lock: Lock, host: Host) -> tuple[LockedHost | None, str]:
    """This machine's tables of a lock; none, and why, where they are another's."""
    named = next((one for one in lock.hosts if one.name == host.name), None)
    if named is None:
        return None, f"{NAME} holds nothing of {host.name or 'this machine'}" if lock.hosts else ""
    if named.machine and host.machine and named.machine != host.machine:
        return None, f"{NAME} is of another machine that was called {host.name}"
    return named, ""


def _explained(
    verdicts: list[Verdict],
    absent: Mapping[tuple[str, str], Opening],
    events: tuple[Event, ...],
    spans: Spans,
    now: float,
) -> list[Verdict]:
    """Verdicts with what probably led to each drift. `absent` are required openings, by rule and key."""
    if not events:
        return verdicts
    from hb_engine.judge.causes import causes  # read only where something happened

    told = []
    for one in verdicts:
        opening = one.opening or absent.get((one.rule, one.key))
        if one.state in ("drift", "muted") and one.kind in DRIFTS and opening is not None:
            until = one.since if one.since is not None else now
            after, until = spans.get((one.kind, one.key), (max(until - BEFORE, 0.0), until))
            told.append(replace(one, causes=tuple(causes(opening, one.kind, events, after, until))))
        else:
            told.append(one)
    return told


def _verdict(finding: Finding, seen: Inventory, around: Around, known: Mapping[str, float]) -> Verdict:
    opening, rule = finding.opening, finding.rule
    severity, said = severity_of(finding, around.defaults)
    name = rule.id if rule else finding.reason.rule if finding.reason else ""
    return Verdict(
        finding.kind,
        finding.state,
        severity,
        opening.key,
        telling.reason(finding, around.now),
        seen.host.name,
        opening,
        name,
        rule.where if rule else None,
        rule.owner if rule else "",
        rule.why if rule else "",
        (*telling.evidence(finding), *([said] if said else [])),
        telling.remedy(finding, seen.coverage),
        since=known.get(opening.key),
    )


def _gone_rules(seen: Inventory, decider: Decides, decisions: list[Decision], around: Around) -> list[Verdict]:
    """What is required and not there."""
    in_force = decider.missing(())  # of nothing, everything that is required at this time is missing
    unmet = missing.unmet(in_force, decisions, lambda one: decider.explain(one, around.answers.get(one.key)))
    told = []
    for rule, places in unmet:
        opening = missing.required(rule, places)
        told.append(_gone(rule, places, opening, seen, muted=bool(decider.mute(rule))))
    return told


def _absent(rules: tuple[Rule, ...], locked: LockedHost | None) -> dict[tuple[str, str], Opening]:
    """All that rules require, as if it were not there, by rule and key."""
    return {
        (rule.id, _key(places, opening)): opening
        for rule in rules
        for places in rule.wanted
        for opening in (missing.required(rule, places, locked),)
    }


def _key(places: tuple[Listen, ...], opening: Opening) -> str:
    """What stands for a required place where there is no opening: tcp/public/443."""
    place = opening.port if opening.port is not None else places[0].place if places else "any"
    return f"{opening.transport}/{opening.scope}/{place}"


def _vanished(seen: Inventory, found: list[Finding], around: Around, locked: LockedHost | None) -> list[Verdict]:
    """What was observed and is not there, unless somebody else took its place, of which there is a word already."""
    told = []
    gone = missing.vanished(locked, around.memory.is_there, lambda one: would_show(seen.coverage, one))
    replaced = {one.before.thread for one in found if one.kind == "owner-changed" and one.before}
    for observed, opening in gone:
        if observed.thread in replaced:
            continue
        reason = "it was observed, no rule requires it, and it is not there"
        remedy = "where this is meant: hb learn --now"
        key = f"{opening.transport}/{opening.scope}/{observed.thread.partition('/')[2]}"
        told.append(Verdict("vanished", "note", "info", key, reason, seen.host.name, remedy=remedy))
    return told


def _holds(rule: Rule, now: float) -> bool:
    return rule.until is None or not is_over(rule.until, now)


def _gone(rule: Rule, places: tuple[Listen, ...], opening: Opening, seen: Inventory, *, muted: bool) -> Verdict:
    """A required place that is not open, or of which nobody can say; `muted` where a window keeps it quiet."""
    shown = missing.would_show_all(seen.coverage, places, opening)
    what = " or ".join(dict.fromkeys([place.text or f"{place.transport}/{place.first}" for place in places]))
    by = f" by {rule.by_text}" if rule.by_text else ""
    key = _key(places, opening)
    kind, state = ("gone", "muted" if muted else "drift") if shown else ("not-seen", "unseen")
    reason = f"{what}{by} is required, and it is not there" if shown else f"whether {what} is open could not be seen"
    gaps = tuple([f"{gap.what}: {gap.why}" for gap in seen.coverage.gaps]) if not shown else ()
    remedy = (
        f"start it again, or take the rule out ({rule.where.text})"
        if shown
        else telling.to_show(seen.coverage, opening)
    )
    severity = rule.severity if shown else "none"
    return Verdict(
        kind,
        state,
        severity,
        key,
        reason,
        seen.host.name,
        None,
        rule.id,
        rule.where,
        rule.owner,
        rule.why,
        gaps,
        remedy,
    )


def _notes(host: Host, rules: tuple[Rule, ...], around: Around, foreign: str, unsafe: str) -> list[Verdict]:
    """What is to be said of the rules and the lock themselves."""
    told = []
    if foreign:
        told.append(Verdict("foreign-lock", "note", "low", NAME, foreign, host.name, remedy="hb learn --now"))
    if unsafe:
        remedy = "read the rules before you rely on them"
        told.append(Verdict("unsafe-baseline", "note", "high", "hb.d", unsafe, host.name, remedy=remedy))
    for rule in rules:
        due = _due(rule, around.defaults)
        if due is not None and is_over(due, around.now) and _holds(rule, around.now):
            told.append(_review(rule, due, host))
    return told


def _learning(host: Host, locked: LockedHost | None, now: float) -> list[Verdict]:
    """That what is new is taken for debt, where hb still learns: a quiet page must not be mistaken for a clean one."""
    ends = locked.learning_until if locked is not None else None
    if ends is None or is_over(ends, now):
        return []
    days = int((ends - now) // DAY)
    reason = f"hb learns until {iso_day(ends)}: what is new is no drift until then, but debt"
    grave = "low" if days <= LEARNING else "high"
    remedy = "hb learn --now ends it" if days <= LEARNING else "no learning takes so long: hb learn --now ends it"
    return [Verdict("learning", "note", grave, NAME, reason, host.name, remedy=remedy)]


def _due(rule: Rule, defaults: Defaults) -> int | None:
    """When a rule must be confirmed again; never, for what a pack says."""
    if rule.review is not None or rule.pack:
        return rule.review
    return None if rule.accepted is None or defaults.review is None else rule.accepted + defaults.review * DAY


def _review(rule: Rule, due: int, host: Host) -> Verdict:
    reason = f"{rule.id} was to be confirmed again by {iso_day(due)}"
    remedy = f"confirm it: set review anew in {rule.where.text}, or take it out"
    where: Where = rule.where
    return Verdict(
        "review-due", "note", "low", rule.id, reason, host.name, None, rule.id, where, rule.owner, rule.why, (), remedy
    )


def _held(rules: tuple[Rule, ...], decisions: list[Decision], idle: dict[int, tuple[Rule, Held]]) -> tuple[Held, ...]:
    """How each rule fared. `idle` keeps what is said of rules that cover nothing, by their ids: of a fleet's thousand
    rules for each of ten thousand machines most are, and one record will do for all of those."""
    keys: dict[int, dict[str, None]] = {}
    for one in decisions:
        if one.word == "expected" and one.rule is not None:
            keys.setdefault(id(one.rule), {})[one.opening.key] = None
    told = []
    for rule in rules:
        covered = keys.get(id(rule))
        if covered:
            told.append(Held(rule.id, rule.kind, rule.where, rule.owner, rule.why, tuple(sorted(covered))))
            continue
        kept = idle.get(id(rule))
        if kept is None:
            kept = idle[id(rule)] = rule, Held(rule.id, rule.kind, rule.where, rule.owner, rule.why)
        told.append(kept[1])
    return tuple(told)
