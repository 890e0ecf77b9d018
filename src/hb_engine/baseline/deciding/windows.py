"""Whether a window holds at a time: weekly hours as the clock on a wall of their zone shows them, or one stretch.

Hours are those of the wall: where a clock is put forward, hours that it skips do not come, and where it is put back,
hours that it shows twice hold twice. What a zone's clock shows is asked of a function; no zone file is read here.
"""

from __future__ import annotations

from hb_engine.wire.dates import is_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.baseline import Hours, Window

    Offset = Callable[[str, int], int | None]

DAY, WEEK = 1440, 7 * 1440  # minutes
EPOCH = 3 * DAY  # 1970-01-01 was a Thursday; weeks begin on Monday


def holds(window: Window, now: float, offset: Offset) -> bool:
    """Whether `now` (seconds since the epoch) falls into a window. One without any time never holds.

    Where a window has weekly hours and a beginning or an end, both must hold.
    """
    if (window.start is not None and now < window.start) or (window.end is not None and is_over(window.end, now)):
        return False
    if window.every:
        return any(_weekly(hours, now, offset) for hours in window.every)
    return window.start is not None or window.end is not None


def _weekly(hours: Hours, now: float, offset: Offset) -> bool:
    east = 0 if hours.zone == "UTC" else offset(hours.zone, int(now // 1))
    if east is None:
        return False  # nobody knows what this zone's clock shows
    minute = (int((now + east) // 60) + EPOCH) % WEEK
    length = (hours.end - hours.start) % DAY or DAY  # to the same minute: a whole day
    return any((minute - (day * DAY + hours.start)) % WEEK < length for day in hours.days)
