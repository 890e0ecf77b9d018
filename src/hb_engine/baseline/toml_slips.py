"""What a TOML syntax error probably is, in words: tomllib says what it expected, a person wants to know what to type.

tomllib's place is kept where it is right, and moved to where the slip is where that can be known. It refuses to correct
anything: the text is read only as it stands.
"""

from __future__ import annotations

from hb_engine.baseline.nodes import Mistake, shown


def explained(text: str, told: str) -> Mistake:
    """The mistake that tomllib's message speaks of: where, what, and what was probably meant."""
    at = _offset(text, told)
    return Mistake(told.partition(" (at ")[0], at)


def without(text: str, at: int) -> str:
    """The text without the block around an offset: its lines are emptied, so that all others keep their places."""
    begin = text.rfind("\n[", 0, at + 1) + 1
    end = text.find("\n[", at)
    end = len(text) if end < 0 else end
    return text[:begin] + "\n" * text.count("\n", begin, end) + text[end:]


def _offset(text: str, told: str) -> int:
    """tomllib ends its messages with (at line 3, column 7) or (at end of document)."""
    place = told.rpartition("(at line ")[2].rstrip(")").split(", column ")
    if len(place) != 2 or not all(number.isdigit() for number in place):
        return max(0, len(text) - 1)
    line, column = int(place[0]), int(place[1])
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return min(at + column - 1, len(text))
