"""What there is to see, put together into sights: this machine, those in files, and those that history alone knows.

The first sight is made of a plain look at this machine, so that pages have something to show at once; files and the
sweep for what hides come with the next. The sweep binds to every port and takes a second or two, so it is made every
few minutes: until the next one, what it found stays, and then every look sweeps, so that nothing is called hidden that
has gone. A baseline with mistakes, a history in trouble, a broken file: each is a trouble of the sight with what to do,
and everything else is shown. It refuses to ask openings what they speak: nobody but hb check and hb ls --identify does.
"""

from __future__ import annotations

import os
import time

from hb_engine.app.hub import sameness
from hb_engine.app.hub.elsewhere import Elsewhere, Found
from hb_engine.app.hub.keeping import Keeping
from hb_engine.app.hub.sight import NO_BASELINE, Fresh, Machine, Sight, Trouble
from hb_engine.app.ruling import baseline, check
from hb_engine.app.ruling.baseline import BadBaseline, Loaded
from hb_engine.app.ruling.check import Wanted
from hb_engine.model.coverage import HIDDEN, SWEEP
from hb_engine.model.errors import BadInput, CannotLook, HbError
from hb_engine.model.event import Event
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.app.hub.questions import Place
    from hb_engine.app.remembering.history import Known
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.report import Verdict

SWEPT = 300.0  # seconds that a sweep is good for
READ = 900.0  # seconds that the machine's records are good for, while the drift is the same
AGAIN = 3600.0  # seconds after which rules are read again though no file changed: some end by themselves
MOST = 20  # mistakes of a baseline that are told one by one
LINT = "hb lint shows each with its line."
LATER = Trouble("files", "the files are being read, and are not shown yet", "They come with the next look.", hint=True)


class View:
    """What is to be seen, again and again. `clock` is in seconds since the epoch."""

    def __init__(self, place: Place, *, recording: bool = False, clock: Callable[[], float] = time.time) -> None:
        self._place, self._clock = place, clock
        self._keeping, self._files = Keeping(recording=recording), Elsewhere(place.files)
        self._records = Records()
        self._rules = _Rules(place.baseline, shared=bool(place.files))
        self._shown: Sight | None = None
        self._machine: Machine | None = None
        self._swept: Inventory | None = None  # the last look that swept
        self.unfinished = True  # whether another look should follow at once

    def look(self) -> Sight | Fresh:
        """A sight, or that all is as it was."""
        first = self._shown is None
        now = self._clock()
        loaded, troubles = self._rules.read(now)
        here, told = self._here(loaded, sweep=not first and self._is_due(now))
        troubles += told
        if first and self._place.files:
            found = Found(here, troubles=(LATER,))
        else:
            found = self._files.look(here, loaded) if self._place.files else Found(here)
        machines = [*([found.here] if found.here else []), *found.machines]
        machines += self._keeping.machines([one.name for one in machines])
        sight = Sight(1, now, tuple(machines), (*troubles, *found.troubles), loaded)
        self.unfinished = first
        return self._told(sight)

    def _told(self, sight: Sight) -> Sight | Fresh:
        """A sight with its number; where it shows what the one before did, only its time."""
        before = self._shown
        if before is not None and sameness.same(before, sight):
            return Fresh(before.number, sight.taken_at)
        self._shown = replace(sight, number=before.number + 1 if before else 1)
        return self._shown

    # -- this machine

    def _here(self, loaded: Loaded | None, *, sweep: bool) -> tuple[Machine | None, list[Trouble]]:
        """This machine; as it was last seen, where it cannot be looked at now."""
        from hb_engine.app.looking.collect import collect

        try:
            raw = collect(hidden=sweep)
        except CannotLook as error:
            return self._machine, [Trouble("machine", error.message, error.remedy)]
        if sweep:
            self._swept = raw
        troubles = list(self._keeping.keep(raw))
        known, told = self._keeping.ask(raw.host.name)
        troubles += [one for one in told if one not in troubles]
        self._machine, more = _judged(loaded, swept(raw, self._swept), known, self._records)
        return self._machine, troubles + more

    def _is_due(self, now: float) -> bool:
        """Whether a sweep is: none was made, it is long ago, or it found something."""
        last = self._swept
        if last is None or not last.taken_at <= now < last.taken_at + SWEPT:
            return True
        return any(HIDDEN in one.flags for one in last.openings)


class Records:
    """The machine's records, read once for one and the same drift: logs are long, and what led to it stays the same."""

    def __init__(self) -> None:
        self._drift: frozenset[tuple[str, str]] = frozenset()
        self._read_at, self._events = 0.0, tuple[Event, ...]()

    def __call__(self, drift: list[Verdict], after: float, until: float) -> tuple[Event, ...]:
        """What happened between two times, as far as it may have led to this drift."""
        mark = frozenset([(one.kind, one.key) for one in drift])
        if mark != self._drift or not self._read_at <= until < self._read_at + READ:
            self._drift, self._read_at, self._events = mark, until, check.records(drift, after, until)
        return self._events


def _judged(loaded: Loaded | None, seen: Inventory, known: Known, records: Records) -> tuple[Machine, list[Trouble]]:
    """This machine with verdicts, and with a report where there is a baseline that can be used."""
    troubles: list[Trouble] = []
    if loaded is not None:
        try:
            looked = check.held(loaded, Wanted(ask=False, hidden=False), seen, known, happened=records)
            return Machine(seen.host.name, looked.seen, looked.report), troubles
        except BadInput as error:
            troubles.append(Trouble("baseline", error.message, error.remedy))
    from hb_engine.app.looking.look import Bench

    return Machine(seen.host.name, Bench().judged(seen, None, known)), troubles


def swept(seen: Inventory, last: Inventory | None) -> Inventory:
    """A look with what the last sweep found and could not see, where it did not sweep itself."""
    if last is None or last is seen or any(one.startswith(SWEEP) for one in seen.coverage.sources):
        return seen
    listed = {(one.transport, one.port) for one in seen.openings}
    found = [one for one in last.openings if HIDDEN in one.flags and (one.transport, one.port) not in listed]
    sources = [one for one in last.coverage.sources if one.startswith(SWEEP)]
    gaps = [one for one in last.coverage.gaps if one.about == HIDDEN and one not in seen.coverage.gaps]
    coverage = seen.coverage
    coverage = replace(coverage, sources=(*coverage.sources, *sources), gaps=(*coverage.gaps, *gaps))
    return replace(seen, coverage=coverage, openings=(*seen.openings, *found))


# -- the rules


class _Rules:
    """The baseline, read again when its files have changed. `shared` is whether other machines are held against it."""

    def __init__(self, given: str, *, shared: bool) -> None:
        self._given, self._shared = given, shared
        self._mark: object = None
        self._read: tuple[Loaded | None, list[Trouble]] = (None, [])

    def read(self, now: float) -> tuple[Loaded | None, list[Trouble]]:
        """The rules, or what is wrong with them."""
        mark = self._marks(now)
        if mark is None or mark != self._mark:
            self._mark, self._read = mark, self._anew()
        loaded, troubles = self._read
        return loaded, list(troubles)

    def _marks(self, now: float) -> object:
        """What changes where the rules do; None where that cannot be told."""
        folder = baseline.locate(self._given)
        if folder is None:
            return None
        try:
            with os.scandir(folder) as entries:
                files = [(one.name, *_times(one.stat())) for one in entries]
            return folder, _times(os.stat(folder)), sorted(files), int(now // AGAIN)
        except OSError:
            return None

    def _anew(self) -> tuple[Loaded | None, list[Trouble]]:
        if baseline.locate(self._given) is None:
            return None, [NO_BASELINE]
        try:
            from hb_engine.app.remembering.history import here

            return check.rules(self._given, (), None if self._shared else here()), []
        except BadBaseline as error:
            return None, _mistakes(error)
        except HbError as error:
            return None, [Trouble("baseline", error.message, error.remedy)]


def _times(found: os.stat_result) -> tuple[int, ...]:
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode, found.st_uid


def _mistakes(error: BadBaseline) -> list[Trouble]:
    """That the rules cannot be used, and every mistake with its place, as far as a person reads."""
    errors = [one for one in error.problems if one.level == "error"]
    count = "one mistake" if len(errors) == 1 else f"{len(errors)} mistakes"
    told = [Trouble("baseline", f"the rules cannot be used, and nothing is held against them: {count}", LINT)]
    told += [Trouble("baseline", f"{one.where.text}: {one.message}", one.hint) for one in errors[:MOST]]
    if len(errors) > MOST:
        told.append(Trouble("baseline", f"and {len(errors) - MOST} more mistakes", LINT))
    return told
