"""`hb prune`: rules that covered nothing for a while, as far as history can tell.

It names them and changes nothing. Where history is shorter than what was asked, that is said: a rule that covered
nothing in three days may be the one for the end of the month.
"""

from __future__ import annotations

import time

from hb_engine.model.baseline import Rule
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Span
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Host
    from hb_engine.store.contract import Store

DAY = 86400


@record
class Pruned:
    """The rules that nothing used. `since` is when history begins, or what was asked if that is later."""

    folder: str
    rules: tuple[Rule, ...]
    of: int  # rules that allow or require, packs' aside
    days: int
    since: float
    begins: float  # when history begins
    now: float
    looks: int
    hosts: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Whether history does not reach back as far as was asked."""
        return self.begins > self.now - self.days * DAY


def prune(days: int, folder: str = "") -> Pruned:
    """The rules that covered nothing in some days. Raises BadInput where there is no baseline or no history."""
    from hb_engine.app.remembering import history
    from hb_engine.app.ruling import baseline
    from hb_engine.baseline.deciding.unused import is_somebodys, unused

    loaded, now = baseline.load(folder), time.time()
    store = history.open_store()
    if store is None:
        raise BadInput("there is no history yet, so nobody knows what was used", "Let hb record look now and then.")
    try:
        names = store.hosts()
        looks = [look for name in names for look in store.looks(name, limit=1_000_000)]
        spans = _spans(store, names, now - days * DAY)
    finally:
        store.close()
    if not looks:
        raise BadInput("history holds no look yet, so nobody knows what was used", "Let hb record look now and then.")
    begins = min(look.taken_at for look in looks)
    found = unused(loaded.baseline, spans, now, days, hosts=_here(names), offset=baseline.zone)
    counted = [rule for rule in loaded.baseline.rules if is_somebodys(rule)]
    since = max(begins, now - days * DAY)
    recent = sum(look.taken_at >= since for look in looks)
    return Pruned(loaded.folder, found, len(counted), days, since, begins, now, recent, tuple(names))


def _spans(store: Store, names: tuple[str, ...], since: float) -> list[Span]:
    return [
        Span(name, one.opening, one.first_seen, one.last_seen) for name in names for one in store.presence(since, name)
    ]


def _here(names: tuple[str, ...]) -> dict[str, Host]:
    """What is known of this machine besides its name, for roles that ask for more."""
    from hb_engine.app.looking.collect import collect

    host = collect(frozenset((0,))).host
    return {name: host for name in names if name == host.name}
