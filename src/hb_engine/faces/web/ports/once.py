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


class _Key:
    """What a piece is known by, its hash worked out once: values hold hundreds of others."""

    __slots__ = ("_hash", "values")

    def __init__(self, values: tuple[Hashable, ...]) -> None:
        self.values, self._hash = values, hash(values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Key) and self.values == other.values)


class Once:
    """Pieces by language, name and values; the longest unused goes first.

    The very same values come again and again, and are known by identity first. A key keeps its values, so that no other
    value can have their identity meanwhile.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[_Key, str] = OrderedDict()
        self._keys: dict[tuple[Hashable, ...], _Key] = {}

    def __call__(self, code: str, name: str, make: Callable[..., str], *values: Hashable) -> str:
        """What a macro makes of some values."""
        key = self._key(code, name, values)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make(*values)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found

    def _key(self, code: str, name: str, values: tuple[Hashable, ...]) -> _Key:
        same = (code, name, *[one if isinstance(one, str) else id(one) for one in values])
        key = self._keys.get(same)
        if key is None:
            if len(self._keys) >= 2 * self._most:
                self._keys.clear()
            key = self._keys[same] = _Key((code, name, *values))
        return key


ONCE = Once()
