"""History for the pages: what it knows of this machine, looks that are kept, and machines that it alone knows.

Looks are kept where there is a history already, or hb was asked to begin one: every five minutes, as a timer would, and
at once where something opened or closed. The file is read again only when it has changed. History that is missing, in
use, old, damaged or not readable is a trouble with what to do, and no reason not to look.
"""

from __future__ import annotations

import os

from hb_engine.app.hub import past
from hb_engine.app.hub.sight import Machine, Trouble
from hb_engine.app.remembering import history
from hb_engine.app.remembering.history import Known
from hb_engine.model.errors import BadInput, DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.app.hub.past import Marks
    from hb_engine.model.inventory import Inventory

ABOUT = "history"
EVERY = 300.0  # seconds between looks that are kept, where nothing changes
MOST = 1000  # machines that history alone knows
NONE = Trouble(
    ABOUT,
    "no history is kept, so nobody can say since when something is open",
    "Keep one: hb record --timer shows how, and hb serve --record does it while it runs.",
    hint=True,
)
NOWHERE = Trouble(ABOUT, "there is no place to keep history in", "Name a file in HB_HISTORY.")


class Keeping:
    """One history file, asked again and again."""

    def __init__(self, *, recording: bool = False) -> None:
        self._recording = recording
        self._kept_at, self._keys, self._refused = 0.0, frozenset[str](), 0
        self._marks: Marks | None = None
        self._known = Known({})
        self._trouble: tuple[Trouble, ...] = ()
        self._machines: tuple[Machine, ...] = ()
        self._at: dict[str, tuple[float, Machine]] = {}  # of machines that history alone knows, the last look's time

    def keep(self, seen: Inventory) -> tuple[Trouble, ...]:
        """Keep a look, where looks are kept and one is due; what stood in the way."""
        keys = frozenset([one.key for one in seen.openings])
        soon = self._kept_at and seen.taken_at < self._kept_at + EVERY and keys == self._keys
        if soon or not (self._recording or _is_there()):
            return ()
        try:
            history.remember(seen)
        except BadInput as error:  # another hb kept a later look meanwhile; or the clock was set back
            self._refused += 1
            return (_trouble(error),) if self._refused > 1 else ()
        except DataError as error:
            return (_trouble(error),)
        self._kept_at, self._keys, self._refused = seen.taken_at, keys, 0
        return ()

    def ask(self, name: str) -> tuple[Known, tuple[Trouble, ...]]:
        """What is known of this machine, and what stood in the way of knowing."""
        marks = past.marks()
        if marks is None or marks != self._marks:
            self._marks = marks
            self._known, self._trouble = self._read(name)
        return self._known, self._trouble

    def machines(self, names: Iterable[str]) -> tuple[Machine, ...]:
        """The machines that history knows, but for those of these names: their last looks. Nothing is read anew where
        ask() found the file as it was."""
        shown = set(names)
        return tuple([one for one in self._machines if one.name not in shown])

    def _read(self, name: str) -> tuple[Known, tuple[Trouble, ...]]:
        if history.path() is None:
            return Known({}), (NOWHERE,)
        try:
            if not _is_there():
                self._machines = ()
                return Known({}), () if self._recording else (NONE,)
            known = history.known(name)
            self._machines, more = self._others(name)
        except DataError as error:
            self._marks = None  # asked again at the next look
            return Known({}), (_trouble(error),)
        return known, (_left_out(more),) if more else ()

    def _others(self, name: str) -> tuple[tuple[Machine, ...], int]:
        """The machines that history knows besides this one, and how many are left out."""
        store = history.open_store()
        if store is None:
            return (), 0
        try:
            every = [one for one in store.hosts() if one != name]
            names = every[:MOST]
            last = {one: looks[0].taken_at for one in names if (looks := store.looks(one, limit=1))}
        finally:
            store.close()
        for one in [*self._at]:
            if one not in last:
                del self._at[one]
        for one, at in last.items():
            if one not in self._at or self._at[one][0] != at:
                self._at[one] = (at, Machine(one, history.at(at, one).seen, remembered=True))
        return tuple([self._at[one][1] for one in last]), len(every) - len(names)


def _is_there() -> bool:
    where = history.path()
    return where is not None and os.path.lexists(where)


def _left_out(more: int) -> Trouble:
    told = f"history knows {more} more machines than the {MOST} of it that are shown here"
    return Trouble(ABOUT, told, "hb history --host NAME tells of each.")


def _trouble(error: BadInput | DataError) -> Trouble:
    return Trouble(ABOUT, error.message, error.remedy)
