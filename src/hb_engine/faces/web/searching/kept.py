"""What is made once for each sight, and kept until another is shown: lists in order, counts, the index of the search.

A sight is a value that never changes, so whatever is made of it is right as long as it is shown. It refuses to compare
sights by what is in them, or by their numbers alone, which begin anew with each start: it is the very same one, or one
that holds the very same things at another time (sameness.py), or not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from hb_engine.app.hub.sameness import is_again
from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub

KEPT = 2  # sights: what is shown, and what is made ready
Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Makes a thing of a hub and its sight, when it is first asked for. What has no `times` in it is as good of a later
    look that showed the same."""

    def __init__(self, make: Callable[[Hub, Sight], Made], *, times: bool = True) -> None:
        self._make, self._lock, self._times = make, threading.Lock(), times
        self._kept: tuple[tuple[Sight, Any, Made], ...] = ()

    def of(self, hub: Hub) -> Made:
        """The thing for what is shown now."""
        return self.made(hub, hub.sight)

    def made(self, hub: Hub, sight: Sight) -> Made:
        """The thing for a sight, which need not be shown yet: what is shown meanwhile is kept as well."""
        found = self._found(hub, sight)
        if found is None:
            with self._lock:  # two threads that ask at once have it made once
                found = self._found(hub, sight)
                if found is None:
                    found = sight, hub.registry, self._make(hub, sight)
                    self._kept = (found, *self._kept[: KEPT - 1])
        return found[2]

    def _found(self, hub: Hub, sight: Sight) -> tuple[Sight, Any, Made] | None:
        return next((one for one in self._kept if self._is_of(one, hub, sight)), None)

    def _is_of(self, kept: tuple[Sight, Any, Made], hub: Hub, sight: Sight) -> bool:
        of, registry, _ = kept
        return registry is hub.registry and (of is sight or (not self._times and is_again(of, sight)))
