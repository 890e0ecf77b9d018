"""Answers that are kept for a few seconds, and no longer than the sight they belong to: files are read anew soon.

Reading every rule and a whole history for each request would hold up the process that has rights. For a minute an
answer is shown while it is asked for anew: what rules say is the sight's, and newer rules make a newer sight.
"""

from __future__ import annotations

from typing import Any

from hb_engine.faces.web.page import Ask
from hb_engine.faces.web.underway import Underway

SECONDS, SHOWN = 5.0, 60.0  # for which an answer is good; for which it is shown meanwhile
MOST = 16
_OUT = Underway()
_KEPT: dict[tuple[int, str, tuple[tuple[str, object], ...]], tuple[float, int, Any]] = {}


async def kept(ask: Ask, question: str, **words: object) -> Any:
    """The answer to a question, asked again where it is old or another sight is shown. Errors are not kept."""
    key, number = (id(ask.hub), question, tuple(sorted(words.items()))), ask.sight.number
    at, of, found = _KEPT.get(key, (0.0, -1, None))
    is_of_this = of == number and 0 <= ask.now - at < SHOWN
    if is_of_this and ask.now - at < SECONDS:
        return found

    async def asked() -> Any:
        told = await ask.hub.ask(question, **words)
        while len(_KEPT) >= MOST:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = ask.now, number, told
        return told

    if not is_of_this:
        return await _OUT.once((key, number), asked)
    _OUT.begin((key, number), asked)
    return found
