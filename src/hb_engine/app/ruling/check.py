"""`hb check`: this machine, or inventories out of files, held against the baseline.

Mistakes in the rules are told before anything is looked at. What speaks is asked only where a rule wants to know, and
the machine's records are read only where there is drift to explain. It refuses to change anything: it looks, asks this
machine's own addresses, and tells.
"""

from __future__ import annotations

from hb_engine.app import folders
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Gap, Inventory
from hb_engine.model.record import record, replace
from hb_engine.model.report import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hb_engine.app.looking.inputs import Broken
    from hb_engine.app.remembering.history import Known
    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.judge.drift import Spans
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Lock, Rule
    from hb_engine.model.event import Event
    from hb_engine.model.opening import Opening
    from hb_engine.model.report import Held, Verdict

    Tell = Callable[[str, int, int], None]  # what is done, how many of how many
    Happened = Callable[[list[Verdict], float, float], tuple[Event, ...]]  # for this drift, between two times

SPOKEN = frozenset(("certificate", "protocol"))  # pins of what an opening says


@record
class Wanted:
    """What is to be held against what. `ask` allows to ask openings what they speak; `roles` are further ones; `hidden`
    looks for ports that no list shows too, which takes about a second."""

    files: tuple[str, ...] = ()
    baseline: str = ""
    packs: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    ask: bool = True
    hidden: bool = True


@record
class Looked:
    """One machine at one look: its openings with what the rules of evidence say of them, and the report."""

    seen: Inventory
    report: Report


def check(wanted: Wanted, tell: Tell = lambda *_: None) -> tuple[Report, ...]:
    """A report for this machine, or for each machine in the files. Raises BadInput, CannotLook, DataError.

    A broken file among others is a report of its own, of something that could not be seen.
    """
    from hb_engine.app.remembering.history import here

    loaded = rules(wanted.baseline, wanted.packs, None if wanted.files else here())
    _known("role", wanted.roles, tuple([role.name for role in loaded.baseline.roles]))
    if not wanted.files:
        return (_here(loaded, wanted, tell),)
    from hb_engine.app.looking.inputs import Broken, Files  # brings all formats along

    judged = Judged(loaded, wanted)
    files = Files(wanted.files)
    reports: list[Report] = []
    broken: list[Broken] = []
    for number, one in enumerate(files):
        tell("judging", number, files.total)
        if isinstance(one, Broken):
            broken.append(one)
        else:
            reports.append(judged.report(one.inventory, one.answers, one.source))
    tell("judging", files.total, files.total)
    if broken and not reports:
        raise broken[0].error
    return (*reports, *[_unread(one, loaded.folder) for one in broken])


def _unread(broken: Broken, folder: str) -> Report:
    """A file among others that could not be read: not seen, so that what is in the others is told all the same."""
    from hb_engine.model.inventory import Coverage, Host
    from hb_engine.model.report import Report, Verdict

    error, name = broken.error, broken.source
    why = error.message.removeprefix(f"{name}: ")
    gap = Gap(name, why, error.remedy, "any")
    verdict = Verdict("not-seen", "unseen", "none", name, why, name, remedy=error.remedy)
    coverage = Coverage(privileged=False, gaps=(gap,))
    return Report(Host(name, ""), broken.written_at, coverage, (verdict,), baseline=folder, source=name)


def rules(given: str = "", packs: tuple[str, ...] = (), host: str | None = None) -> Loaded:
    """The baseline; where there is none, what packs say alone. Raises BadInput where there is neither.

    With `host`, no more of hb.lock is read than this machine's part.
    """
    from hb_engine.app.ruling import baseline

    _known("pack", packs, baseline.pack_names() if packs else ())
    if baseline.locate(given) is not None:
        return baseline.load(given, packs=packs, host=host)
    if not packs:
        where = f"no {baseline.FOLDER} here or above, and none in {folders.system()}"
        remedy = "Begin with hb learn --now. For a first look without rules of your own: hb check --pack debian."
        raise BadInput(f"there is no baseline: {where}", remedy)
    parsed = baseline.read([], packs=packs)
    if any(problem.level == "error" for problem in parsed.problems):
        raise baseline.BadBaseline("", parsed.problems)
    return baseline.Loaded("", parsed.baseline, parsed.problems)


def _known(what: str, given: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Refuse packs and roles that there are not, with what was probably meant."""
    for name in given:
        if name not in names:
            from hb_engine.model.nearest import nearest  # only when something was mistyped

            meant = nearest(name, names)
            listed = f"It is one of {', '.join(names)}." if names else f"The rules name no {what}."
            raise BadInput(f"there is no {what} {name!r}", f"Did you mean {meant}?" if meant else listed)


def decider(loaded: Loaded, seen: Inventory, roles: tuple[str, ...] = ()) -> Decider:
    """What decides about this machine's openings, at the time of the look."""
    from hb_engine.app.looking.facts import digest
    from hb_engine.app.ruling.baseline import zone
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.model.coverage import untold

    return Decider(
        loaded.baseline,
        seen.host,
        seen.taken_at,
        roles=roles,
        offset=zone,
        digest=digest,
        untold=untold(seen.coverage),
    )


def lasting() -> frozenset[str]:
    """The names of the rules of evidence that no baseline silences by itself."""
    from hb_engine.app.looking.look import rule_names
    from hb_engine.judge.kit import load

    return frozenset([one.rule.name for one in load(rule_names()) if one.rule.lasting])


def _timely(loaded: Loaded, seen: Inventory) -> None:
    """Refuse a lock that was learned in days to come: all that is new would count as there before. Raises BadInput."""
    from hb_engine.wire.dates import DAY, iso_day

    for one in loaded.lock.hosts:
        if one.name == seen.host.name and one.learned_at > seen.taken_at + DAY:
            day = iso_day(one.learned_at)
            told = f"hb.lock of {loaded.folder} says that {one.name} was learned on {day}, a day to come"
            raise BadInput(told, "Set this machine's clock; or correct the day, or learn anew: hb learn --now.")


def _here(loaded: Loaded, wanted: Wanted, tell: Tell) -> Report:
    from hb_engine.app.looking.collect import collect

    if wanted.hidden:
        tell("looking for what hides", 0, 1)
    seen, known = remembering(collect(hidden=wanted.hidden))
    tell("looking", 1, 1)
    return held(loaded, wanted, seen, known, tell).report


def held(
    loaded: Loaded,
    wanted: Wanted,
    seen: Inventory,
    known: Known,
    tell: Tell = lambda *_: None,
    *,
    happened: Happened | None = None,
) -> Looked:
    """A look at this machine, held against the baseline, with what history knows. `happened` stands in for reading the
    machine's records. Raises BadInput for a lock of days to come."""
    from hb_engine.app.looking.facts import digests
    from hb_engine.app.looking.look import Bench
    from hb_engine.judge.drift import report

    _timely(loaded, seen)
    words = decider(loaded, seen, wanted.roles)
    answers = _asked(words, seen, tell) if wanted.ask else {}
    judged = Bench().judged(seen, answers, known)
    read = digests(judged.openings, pinned=_pinned(words, judged, answers))
    names = lasting()

    def told(events: tuple[Event, ...] = (), spans: Spans | None = None) -> Report:
        return report(
            judged,
            words,
            loaded.lock,
            defaults=loaded.baseline.defaults,
            known=known.first_seen,
            events=events,
            spans=spans,
            answers=answers,
            digests=read,
            lasting=names,
            unsafe=loaded.unsafe,
            baseline=loaded.folder,
        )

    made = told()
    drift = [one for one in made.verdicts if one.state == "drift"]
    if not drift:
        return Looked(judged, made)
    from hb_engine.app.remembering.spans import spans  # only where there is something to explain

    between = spans(drift, judged, loaded.lock)
    found = (happened or records)(drift, min([after for after, _ in between.values()]), seen.taken_at)
    return Looked(judged, told(found, between) if found else made)


def records(_drift: list[Verdict], after: float, until: float) -> tuple[Event, ...]:
    """What this machine's own records say happened between two times. It reads logs."""
    from hb_engine.app.looking.events import events

    return events(after, until)[0]


def remembering(seen: Inventory) -> tuple[Inventory, Known]:
    """A look, and what history knows of this machine. History that cannot be read is a gap, no reason not to look."""
    from hb_engine.app.remembering import history

    try:
        return seen, history.known(seen.host.name)
    except DataError as error:
        gap = Gap("what was open before", error.message, error.remedy, "facts")
        coverage = replace(seen.coverage, gaps=(*seen.coverage.gaps, gap))
        return replace(seen, coverage=coverage), history.Known({})


def _asked(words: Decider, seen: Inventory, tell: Tell) -> dict[str, Answer]:
    """What those openings say whose rules want to know, or pin what was heard before."""
    openings = [opening for opening in seen.openings if words.wants_speech(opening) or _pins_speech(words, opening)]
    if not openings:
        return {}
    from hb_engine.app.looking import own  # brings all probes along

    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        tell("asking", done, len(openings))

    return own.speaks(openings, tell=count)


def _pins_speech(words: Decider, opening: Opening) -> bool:
    rule = words.decide(opening).rule
    return rule is not None and not SPOKEN.isdisjoint(rule.pin)


def _pinned(words: Decider, seen: Inventory, answers: Mapping[str, Answer]) -> frozenset[str]:
    """The keys of openings whose rules pin their executable's bytes."""
    decisions = [words.decide(opening, answers.get(opening.key)) for opening in seen.openings]
    return frozenset([one.opening.key for one in decisions if one.rule is not None and "sha256" in one.rule.pin])


class Judged:
    """Inventories of any machines held against one baseline, which is made ready once for each time."""

    def __init__(self, loaded: Loaded, wanted: Wanted) -> None:
        from hb_engine.app.looking.look import Bench
        from hb_engine.app.ruling.baseline import zone
        from hb_engine.app.ruling.ready import Ready
        from hb_engine.baseline.deciding.decide import Decider
        from hb_engine.judge.drift import report
        from hb_engine.model.coverage import untold

        self._loaded, self._wanted, self._zone = loaded, wanted, zone
        self._decider, self._untold = Decider, untold
        self._bench = Bench()
        self._lasting, self._make = lasting(), report
        self._ready = Ready(zone)
        self._locked = {host.name: host for host in loaded.lock.hosts[::-1]}  # the first of a name
        self._idle: dict[int, tuple[Rule, Held]] = {}

    def report(self, seen: Inventory, answers: Mapping[str, Answer], source: str) -> Report:
        """The report of one inventory: by what it holds, for nobody can be asked."""
        return self.looked(seen, answers, source).report

    def looked(self, seen: Inventory, answers: Mapping[str, Answer], source: str) -> Looked:
        """The same, with the inventory as it was judged."""
        words = self._decider(
            self._loaded.baseline,
            seen.host,
            seen.taken_at,
            roles=self._wanted.roles,
            offset=self._zone,
            shared=self._ready.rules(self._loaded.baseline, seen.taken_at),
            untold=self._untold(seen.coverage),
        )
        judged = self._bench.judged(seen, answers)
        made = self._make(
            judged,
            words,
            self._lock(seen.host.name),
            defaults=self._loaded.baseline.defaults,
            answers=answers,
            lasting=self._lasting,
            unsafe=self._loaded.unsafe,
            source=source,
            baseline=self._loaded.folder,
            idle=self._idle,
        )
        return Looked(judged, made)

    def _lock(self, name: str) -> Lock:
        """What hb.lock has of one machine, so that nobody looks for it among ten thousand; or of another, which tells
        that there is none of this one."""
        lock = self._loaded.lock
        found = self._locked.get(name)
        return replace(lock, hosts=(found,) if found else lock.hosts[:1])
