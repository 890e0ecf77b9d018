"""Baselines made ready once for all machines of a fleet for which they say the same.

Making thousands of rules ready takes a hundred times as long as judging one machine's openings. What rules say depends
on the time only in what has ended (and on which day that is told), and in which windows are open; looks that agree in
these share them. It refuses to keep many: ten thousand looks of ten thousand times would fill the memory.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.baseline.deciding.rules import Rules
    from hb_engine.baseline.deciding.windows import Offset
    from hb_engine.model.baseline import Baseline

DAY = 86400  # seconds
KEPT = 200_000  # rules that are kept ready,
MOST = 50  # and times; the last alone where rules are more than that


class Ready:
    """Rules at times. `zone` tells how far a zone's clocks are ahead of UTC."""

    def __init__(self, zone: Offset) -> None:
        self._zone = zone
        self._found: dict[tuple[object, ...], tuple[Baseline, Rules]] = {}
        self._ends: dict[int, tuple[Baseline, list[int]]] = {}

    def rules(self, baseline: Baseline, now: float) -> Rules:
        """The rules of a baseline at a time, in seconds since the epoch."""
        from hb_engine.baseline.deciding.rules import Rules  # only who judges needs it

        key = (id(baseline), *self._moment(baseline, now))
        kept = self._found.get(key)
        if kept is None:
            most = min(MOST, KEPT // max(len(baseline.rules), 1))
            while len(self._found) > most:
                del self._found[next(iter(self._found))]
            kept = self._found[key] = baseline, Rules(baseline, now, self._zone)
        return kept[1]

    def _moment(self, baseline: Baseline, now: float) -> tuple[object, ...]:
        """What is the same for times that may share."""
        from hb_engine.baseline.deciding.windows import holds  # as above

        if id(baseline) not in self._ends:  # kept with its baseline: an id is another's when that is gone
            self._ends[id(baseline)] = baseline, [rule.until for rule in baseline.rules if rule.until is not None]
        ended = sum(end <= now for end in self._ends[id(baseline)][1])
        opened = tuple([holds(window, now, self._zone) for window in baseline.windows])
        return int(now // DAY) if ended else None, ended, opened
