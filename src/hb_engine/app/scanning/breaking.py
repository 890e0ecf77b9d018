"""Ctrl-C as a wish, not an accident: the first one asks a scan to end with what it knows, the second one ends hb."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself brings enum along, 3 ms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Self


class Breaking:
    """In a with statement, SIGINT and SIGTERM set `asked`. Elsewhere than in the main thread it changes nothing."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (_signal.SIGINT, _signal.SIGTERM):
            try:
                self._before[number] = _signal.signal(number, self._handle)
            except ValueError:  # not the main thread
                break
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            _signal.signal(number, before)
        self._before.clear()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def paused(self) -> _Paused:
        """A with statement in which signals do what they did before: for what handles Ctrl-C by itself."""
        return _Paused(self, again=bool(self._before))


class _Paused:
    def __init__(self, breaking: Breaking, *, again: bool) -> None:
        self._breaking, self._again = breaking, again

    def __enter__(self) -> None:
        if self._again:
            self._breaking.__exit__()

    def __exit__(self, *_: object) -> None:
        if self._again:
            self._breaking.__enter__()
