"""Pieces of HTML that are the same for the next reader: rendered once for what they are made of, and kept.

A piece is a macro of a template and the values that it is given; whatever else it shows must be the same for all of
them. The key has the language, and the values themselves, so that newer data makes newer pieces. It refuses to keep
what depends on who asks.
"""

from __future__ import annotations

from collections import OrderedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST = 2000  # pieces that are kept: about 20 MB


class Once:
    """Pieces by language, name and values; the longest unused goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[Hashable, ...], str] = OrderedDict()

    def __call__(self, code: str, name: str, make: Callable[..., str], *values: Hashable) -> str:
        """What a macro makes of some values."""
        key = (code, name, *values)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make(*values)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found


ONCE = Once()
