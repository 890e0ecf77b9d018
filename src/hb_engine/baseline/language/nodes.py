"""What a file of the baseline holds, whatever its format: values with the places where they and their keys begin.

Places are offsets into the file's text, in characters; a line and a column are only counted for what is told. It
refuses to know what the values mean (language.py), and formats (readers/).
"""

from __future__ import annotations

from hb_engine.model.baseline import Where
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Value: TypeAlias = "Any"
    # Of a text, where a value begins in it, an offset into the value, and the value: where that character stands.
    Inside = Callable[[str, int, int, str], int]

DEEPEST = 16  # tables and lists inside of one another; rules need three
LONGEST = 4096  # characters of a sentence

# How people call what a value is.
KINDS = {
    "table": "a table",
    "list": "a list",
    "text": "text",
    "number": "a number",
    "truth": "true or false",
    "moment": "a date",
    "nothing": "nothing",
}


class Mistake(BadInput):
    """Something that cannot be read, at an offset into the text that was read; the remedy says what was meant."""

    def __init__(self, message: str, at: int = 0, hint: str = "", code: str = "syntax") -> None:
        super().__init__(message, hint)
        self.at = at
        self.code = code


@record
class Node:
    """A value. `kind` is one of KINDS; `value` is a dict of nodes, a tuple of nodes, str, int, float, bool or None.

    Dates and times are text as ISO 8601 has it. `at` is where the value begins, `key_at` where its key does: for a
    table its header, for an element of a list the element itself.
    """

    kind: str
    value: Value
    at: int = 0
    key_at: int = 0


@record
class Tree:
    """What a reader makes of a file: the table at its root, None where nothing could be read, and what is wrong."""

    root: Node | None
    mistakes: tuple[Mistake, ...] = ()


@record
class Format:
    """What a reader reads: its name for people, and how files' names end."""

    name: str
    endings: tuple[str, ...]


class Source:
    """One file's text: offsets into places. `inside` finds the offset of a character of a value that begins at one."""

    def __init__(self, file: str, text: str, inside: Inside | None = None, style: str = "TOML") -> None:
        self.file, self.text, self.style = file, text, style
        self._inside = inside
        self._starts: list[int] = []

    def where(self, at: int) -> Where:
        """The place of an offset: line and column, both beginning at 1, the column in characters."""
        from bisect import bisect_right  # a C function; here for what is told

        starts = self._starts or self._lines()
        number = bisect_right(starts, at)
        return Where(self.file, number, at - starts[number - 1] + 1)

    def character(self, node: Node, offset: int) -> int:
        """The offset of a character of a text's value; the value's own where it cannot be known."""
        return self._inside(self.text, node.at, offset, node.value) if self._inside else node.at

    def _lines(self) -> list[int]:
        starts = self._starts
        starts.append(0)
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts


def shown(text: str, most: int = 60) -> str:
    """A piece of somebody's text as it stands in a message: escaped, and cut."""
    return repr(text if len(text) <= most else text[: most - 3] + "...")
