"""What is made once for each sight, and kept until another is shown: lists in order, counts, the index of the search.

A sight is a value that never changes, so whatever is made of it is right as long as it is shown. It refuses to compare
sights by what is in them, or by their numbers alone, which begin anew with each start: it is the very same one, or not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Makes a thing of a hub and its sight, when it is first asked for."""

    def __init__(self, make: Callable[[Hub, Sight], Made]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._kept: tuple[Sight, Any, Made] | None = None

    def of(self, hub: Hub) -> Made:
        """The thing for what is shown now."""
        kept, sight = self._kept, hub.sight
        if kept is None or kept[0] is not sight or kept[1] is not hub.registry:
            with self._lock:  # two threads that ask at once have it made once
                kept = self._kept
                if kept is None or kept[0] is not sight or kept[1] is not hub.registry:
                    kept = self._kept = (sight, hub.registry, self._make(hub, sight))
        return kept[2]
