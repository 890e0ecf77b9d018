"""A scan as it runs: events become a bar on stderr, lines of NDJSON on stdout, and what is known should it be stopped.

Events are those of app/scanning/scan.py: Progress (how far), Found (one port), Done (one host). It refuses to mix the
two streams: the bar is taken away before a line is written, for both may be the same terminal.
"""

from __future__ import annotations

import time

from hb_engine.faces.cli.progress import Scanning, overwritten
from hb_engine.model.answer import Answer, Scan, ScannedHost, ScanStats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hb_engine.faces.cli.output import Output


class Watching:
    """What recipe.run calls with each event."""

    def __init__(self, output: Output, *, lines: bool = False, clock: Callable[[], float] = time.time) -> None:
        from hb_engine.app.scanning import scan as recipe

        self._kinds = (recipe.Progress, recipe.Found, recipe.Done)
        self._output, self._clock = output, clock
        self._bar = overwritten(output)
        self._draw = Scanning(self._bar)
        self._hosts: dict[str, ScannedHost] = {}
        self._found: dict[str, dict[tuple[str, int], Answer]] = {}
        self._lines: Any = None
        self._began = clock()
        if lines:
            from hb_engine.faces.export.scan_json import Lines

            self._lines = Lines(self._write)

    def begin(self, words: tuple[str, ...]) -> None:
        """The scan begins."""
        self._began = self._clock()
        if self._lines:
            self._lines.start(words, self._began)

    def __call__(self, event: Any) -> None:
        """One event; kinds that are not known are passed over."""
        progress, found, done = self._kinds
        if isinstance(event, progress):
            self._draw(event.phase, event.done, event.total, event.open, event.eta)
        elif isinstance(event, found):
            self._found.setdefault(event.address, {})[event.answer.transport, event.answer.port] = event.answer
            if self._lines:
                self._lines.found(event.address, event.answer)
        elif isinstance(event, done):
            self._found.pop(event.host.address, None)
            self._hosts[event.host.address] = event.host
            if self._lines:
                self._lines.done(event.host)

    def clear(self) -> None:
        """Take the bar away."""
        self._bar.clear()

    def end(self, seen: Scan) -> None:
        """The last lines."""
        if self._lines:
            self._lines.end(seen)

    def so_far(self, words: tuple[str, ...]) -> Scan:
        """What the events told, where the scan itself could not tell any more."""
        now = self._clock()
        open_ = [
            ScannedHost(address, up=True, answers=tuple([found[key] for key in sorted(found)]), started_at=self._began)
            for address, found in self._found.items()
        ]
        stats = ScanStats(seconds=max(now - self._began, 0.0))
        return Scan((*self._hosts.values(), *open_), stats, self._began, now, words, complete=False)

    def _write(self, text: str) -> None:
        self._bar.clear()
        self._output.write(text)
