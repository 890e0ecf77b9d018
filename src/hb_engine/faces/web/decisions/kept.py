"""Answers that are kept for a few seconds, and no longer than the sight they belong to: files are read anew soon.

Reading every rule and a whole history for each request would hold up the process that has rights.
"""

from __future__ import annotations

from typing import Any

from hb_engine.faces.web.page import Ask

SECONDS = 5.0
MOST = 16
_KEPT: dict[tuple[int, str, tuple[tuple[str, object], ...]], tuple[float, int, Any]] = {}


async def kept(ask: Ask, question: str, **words: object) -> Any:
    """The answer to a question, asked again where it is old or another sight is shown. Errors are not kept."""
    key = id(ask.hub), question, tuple(sorted(words.items()))
    at, number, found = _KEPT.get(key, (0.0, -1, None))
    if number == ask.sight.number and 0 <= ask.now - at < SECONDS:
        return found
    found = await ask.hub.ask(question, **words)
    while len(_KEPT) >= MOST:
        _KEPT.pop(next(iter(_KEPT)))
    _KEPT[key] = ask.now, ask.sight.number, found
    return found
