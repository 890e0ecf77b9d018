"""Where things stand in a TOML file: tomllib gives values without places, and people need file:line:column.

A small scanner over the text, by TOML 1.0.0's own grammar, as far as places need it: headers, dotted keys, strings of
four kinds, lists over lines, inline tables, comments. It runs before tomllib, and so it also refuses what is nested
deeper than anybody writes, which tomllib would take minutes over. It is tolerant: broken text yields the places that
could be found, and never an error. It refuses to know values; tests hold it to what tomllib finds.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import DEEPEST, Mistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    # Where a key begins, where its value begins, and what is inside: a dict of keys, a list of elements, or nothing.
    Spot: TypeAlias = "tuple[int, int, dict[str, Any] | list[Any] | None]"
    # Keys that a table has twice: the key, its second place and its first one.
    Twice: TypeAlias = "tuple[tuple[str, int, int], ...]"

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
DIGITS = {"x": 2, "u": 4, "U": 8}
BLANKS = " \t"


def places(text: str) -> tuple[dict[str, Spot], Twice]:
    """The places of every key of a text whose line ends are \\n, and the keys that a table has twice.

    Raises Mistake for nesting deeper than DEEPEST.
    """
    scanner = _Scanner(text)
    scanner.run()
    return scanner.root, tuple(scanner.twice)


def inside(text: str, at: int, offset: int, _value: str = "") -> int:
    """Where the character of a string's value with this offset stands in the text; `at` is where the string begins."""
    last = at
    for count, (_, place) in enumerate(characters(text, at)):
        if count == offset:
            return place
        last = place + 1
    return last if text[at : at + 1] in ('"', "'") else at


def characters(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The characters of the string that begins here, each with its place, and last an empty one: where it ends."""
    quote = text[at : at + 1]
    if quote not in ('"', "'") or not quote:
        return
    many = text.startswith(quote * 3, at)
    end = quote * 3 if many else quote
    at += len(end)
    if many and text.startswith("\n", at):
        at += 1
    while at < len(text):
        if text.startswith(end, at) and not (many and text.startswith(quote, at + 3)):
            yield "", at
            return
        if text[at] == "\\" and quote == '"':
            letter, after = _escape(text, at, many=many)
            if letter:
                yield letter, at
            at = after
        else:
            yield text[at], at
            at += 1


def _escape(text: str, at: int, *, many: bool) -> tuple[str, int]:
    """What an escape stands for, and where it ends; nothing for a line's end that is not meant."""
    kind = text[at + 1 : at + 2]
    if kind in ESCAPES:
        return ESCAPES[kind], at + 2
    if kind in DIGITS:
        digits = text[at + 2 : at + 2 + DIGITS[kind]]
        try:
            return chr(int(digits, 16)), at + 2 + len(digits)
        except (ValueError, OverflowError):
            return "?", at + 2
    if many and text[at + 1 :].lstrip(BLANKS).startswith("\n"):
        after = at + 1
        while after < len(text) and text[after] in " \t\n":
            after += 1
        return "", after
    return "\\", at + 1


class _Scanner:
    def __init__(self, text: str) -> None:
        import re  # whoever reads a baseline has tomllib load it as well

        self.text = text
        self.root: dict[str, Spot] = {}
        self.table = self.root
        self.twice: list[tuple[str, int, int]] = []
        # Most lines are a bare key and a plain value: one match a line for those.
        value = r"""("[^"\\\n]*"|'[^'\n]*'|[^\s"'\[{#][^\n#]*)"""
        self.plain = re.compile(rf"[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*{value}[ \t]*(?:#[^\n]*)?(?:\n|$)")
        self.blank = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
        self.bare = re.compile(r"[A-Za-z0-9_-]+")
        self.scalar = re.compile(r"[^,\]}#\n]*")
        self.strings = {
            '"""': re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL),
            "'''": re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
            '"': re.compile(r'"(?:[^"\\\n]|\\.)*"?'),
            "'": re.compile(r"'[^'\n]*'?"),
        }

    def run(self) -> None:
        """Go over the whole text."""
        text, plain, at, size = self.text, self.plain, 0, len(self.text)
        while at < size:
            found = plain.match(text, at)
            if found:
                self._keep(self.table, found[1], (found.start(1), found.start(2), None))
                at = found.end()
                continue
            at = self._end(self.blank, at)
            if at < size and text[at] == "[":
                at = self._header(at)
            elif at < size:
                end = self._pair(at, self.table, 0)
                at = end if end > at and self._rest_is_blank(end) else self._next_line(max(at, end))

    def _header(self, at: int) -> int:
        many = self.text.startswith("[[", at)
        keys, end = self._keys(at + 2 if many else at + 1)
        if not keys:
            return self._next_line(at)
        table: dict[str, Spot] = self.root
        for key, _ in keys[:-1]:
            table = self._into(table, key, at)
        key, key_at = keys[-1]
        if many:
            spot = table.get(key)
            elements = spot[2] if spot and isinstance(spot[2], list) else None
            if elements is None:
                elements = []
                table[key] = (at, at, elements)
            self.table = {}
            elements.append((key_at, at, self.table))
        else:
            self.table = self._into(table, key, at)
        return self._next_line(end)

    def _into(self, table: dict[str, Spot], key: str, at: int) -> dict[str, Spot]:
        """The table inside of a table; the last element of a list of them; a new one where there is none."""
        spot = table.get(key)
        if spot and isinstance(spot[2], list) and spot[2] and isinstance(spot[2][-1][2], dict):
            found: dict[str, Spot] = spot[2][-1][2]
            return found
        if spot and isinstance(spot[2], dict):
            return spot[2]
        made: dict[str, Spot] = {}
        if spot is None:
            table[key] = (at, at, made)
        return made

    def _pair(self, at: int, table: dict[str, Spot], depth: int) -> int:
        """A key and its value; returns where they end, or where nothing could be made of them any more."""
        keys, end = self._keys(at)
        end = self._skip(end)
        if not keys or self.text[end : end + 1] != "=":
            return end
        end = self._skip(end + 1)
        for key, key_at in keys[:-1]:
            table = self._into(table, key, key_at)
        key, key_at = keys[-1]
        inner, after = self._value(end, depth)
        self._keep(table, key, (key_at, end, inner))
        return after

    def _keep(self, table: dict[str, Spot], key: str, spot: Spot) -> None:
        first = table.setdefault(key, spot)
        if first is not spot:
            self.twice.append((key, spot[0], first[0]))

    def _keys(self, at: int) -> tuple[list[tuple[str, int]], int]:
        """The parts of a dotted key, each with its place, and where it ends."""
        found: list[tuple[str, int]] = []
        while True:
            at = self._skip(at)
            begin, quote = at, self.text[at : at + 1]
            if quote and quote in "\"'":
                end = self._end(self.strings[quote], at)
                found.append(("".join([letter for letter, _ in characters(self.text[at:end], 0)]), begin))
            else:
                end = self._end(self.bare, at)
                if end == at:
                    return found, at
                found.append((self.text[at:end], begin))
            if len(found) > DEEPEST:
                raise Mistake(f"this key has more than {DEEPEST} parts", begin, "No key of a baseline needs two.")
            at = self._skip(end)
            if self.text[at : at + 1] != ".":
                return found, end
            at += 1

    def _value(self, at: int, depth: int) -> tuple[dict[str, Spot] | list[Any] | None, int]:
        """What is inside of the value that begins here, and where it ends."""
        text = self.text
        first = text[at : at + 1]
        if first and first in "\"'":
            whole = self.strings[first * 3 if text.startswith(first * 3, at) else first]
            end = self._end(whole, at)
            return None, end if end > at else len(text)
        if first not in ("[", "{"):
            return None, self._end(self.scalar, at)
        if depth >= DEEPEST:
            raise Mistake(f"this is nested more than {DEEPEST} deep", at, "No value of a baseline needs more than two.")
        return self._list(at + 1, depth) if first == "[" else self._inline(at + 1, depth)

    def _list(self, at: int, depth: int) -> tuple[list[Any], int]:
        elements: list[Any] = []
        while True:
            at = self._end(self.blank, at)
            if self.text[at : at + 1] in ("]", "", "}"):
                return elements, at + 1
            inner, end = self._value(at, depth + 1)
            elements.append((at, at, inner))
            end = self._end(self.blank, end)
            at = end + 1 if self.text[end : end + 1] == "," else end
            if at < len(self.text) and end == at and self.text[at] != "]":
                return elements, at

    def _inline(self, at: int, depth: int) -> tuple[dict[str, Spot], int]:
        table: dict[str, Spot] = {}
        while True:
            at = self._end(self.blank, at)
            if self.text[at : at + 1] in ("}", "", "]"):
                return table, at + 1
            end = self._end(self.blank, self._pair(at, table, depth + 1))
            if self.text[end : end + 1] == ",":
                end += 1
            elif self.text[end : end + 1] != "}":
                return table, end
            at = end

    def _end(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.text, at)
        return found.end() if found else at

    def _skip(self, at: int) -> int:
        while self.text[at : at + 1] in (" ", "\t"):
            at += 1
        return at

    def _next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def _rest_is_blank(self, at: int) -> bool:
        end = self._skip(at)
        return self.text[end : end + 1] in ("", "\n", "#")
