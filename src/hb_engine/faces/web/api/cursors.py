"""Where a list goes on: by the last item that was told, never by how many were.

A list is ordered by keys that survive a change of what is shown, and a cursor holds the key of the last item: what
comes or goes meanwhile moves nothing, so no item that stays is left out or told twice. Items of one key are told apart
by how many of them were told. Cursors are opaque to whoever has them (base64url, RFC 4648 5); one that is not ours, or
of another list, leads nowhere (404), and nothing in it is believed but its order.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar, overload

from hb_engine.faces.web.page import NotThere
from hb_engine.model.record import record

Key: TypeAlias = tuple[int | str, ...]
Item = TypeVar("Item")
LARGEST = 1 << 32
AGAIN = "Take next from the answer before, as it is, or leave cursor out to begin anew."


class Keys(Sequence[Key], Generic[Item]):
    """The keys of a list's items, made only of those that are looked at: of a long list, some twenty."""

    def __init__(self, items: Sequence[Item], key: Callable[[Item], Key]) -> None:
        self._items, self._key = items, key

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> Key: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Key]: ...
    def __getitem__(self, at: int | slice) -> Key | Sequence[Key]:
        return Keys(self._items[at], self._key) if isinstance(at, slice) else self._key(self._items[at])


@record
class Cut:
    """A part of a list, from `start` to before `end`, and the cursor that goes on from there; "" at the end."""

    start: int
    end: int
    next: str = ""


def cut(name: str, keys: Sequence[Key], cursor: str | None, limit: int) -> Cut:
    """The next items of a list with these keys, in ascending order. Raises NotThere for a cursor of something else."""
    start = _after(keys, *_read(name, cursor, keys)) if cursor else 0
    end = min(start + limit, len(keys))
    if end >= len(keys):
        return Cut(start, end)
    last = keys[end - 1]
    return Cut(start, end, _written(name, last, end - bisect_left(keys, last)))


def _after(keys: Sequence[Key], key: Key, told: int) -> int:
    return min(bisect_left(keys, key) + told, bisect_right(keys, key))


def _written(name: str, key: Key, told: int) -> str:
    text = json.dumps([name, told, *key], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(name: str, cursor: str, keys: Sequence[Key]) -> tuple[Key, int]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = json.loads(text.decode())
    except (binascii.Error, ValueError, RecursionError) as error:
        raise NotThere("the cursor leads nowhere", AGAIN) from error
    if not isinstance(found, list) or len(found) < 3 or found[0] != name:
        raise NotThere("the cursor is of another list", AGAIN)
    told, key = found[1], tuple(found[2:])
    fits = type(told) is int and 0 < told < LARGEST and all(type(part) in (int, str) for part in key)
    if not fits or (keys and [type(part) for part in keys[0]] != [type(part) for part in key]):
        raise NotThere("the cursor leads nowhere", AGAIN)
    return key, told
