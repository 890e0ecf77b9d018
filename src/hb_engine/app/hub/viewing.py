"""What there is to see, put together into sights: this machine, those in files, and those that history alone knows."""

from __future__ import annotations

import time

from hb_engine.app.hub.sight import Fresh, Machine, Sight, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place


class View:
    """Thin."""

    def __init__(self, place: Place, *, recording: bool = False) -> None:
        self._place, self._number = place, 0

    def look(self, *, now: bool = False) -> Sight | Fresh:
        """One."""
        from hb_engine.app.looking.look import look

        seen = look()
        self._number += 1
        return Sight(self._number, time.time(), (Machine(seen.host.name, seen),), (Trouble("baseline", "x", "y"),))
