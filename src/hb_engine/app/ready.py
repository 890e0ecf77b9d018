"""Baselines made ready once for all machines of a fleet that were looked at about the same time.

Making thousands of rules ready takes a hundred times as long as one machine's openings. The looks of one day share
them, unless a rule ended between two of them; where there are windows, which may open at any minute, those of one
minute do. It refuses to keep more than the last: ten thousand looks of ten thousand times would fill the memory.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.baseline.rules import Rules
    from hb_engine.baseline.windows import Offset
    from hb_engine.model.baseline import Baseline

DAY, MINUTE = 86400, 60


class Ready:
    """Rules at times, the last of each baseline. `zone` tells how far a zone's clocks are ahead of UTC."""

    def __init__(self, zone: Offset) -> None:
        self._zone = zone
        self._found: dict[int, tuple[Baseline, object, Rules]] = {}
        self._ends: dict[int, list[int]] = {}

    def rules(self, baseline: Baseline, now: float) -> Rules:
        """The rules of a baseline at a time, in seconds since the epoch."""
        from hb_engine.baseline.rules import Rules  # only who judges needs it

        moment = self._moment(baseline, now)
        kept = self._found.get(id(baseline))
        if kept is None or kept[0] is not baseline or kept[1] != moment:
            kept = self._found[id(baseline)] = baseline, moment, Rules(baseline, now, self._zone)
        return kept[2]

    def _moment(self, baseline: Baseline, now: float) -> tuple[int, int]:
        """What is the same for times that may share."""
        if baseline.windows:
            return int(now // MINUTE), -1
        ends = self._ends.get(id(baseline))
        if ends is None:
            ends = [rule.until for rule in baseline.rules if rule.until is not None]
            self._ends[id(baseline)] = ends
        return int(now // DAY), sum(end <= now for end in ends)
