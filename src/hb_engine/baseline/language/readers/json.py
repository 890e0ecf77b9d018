"""JSON (RFC 8259) with places, which Python's own reader does not tell. Two equal keys are an error, as they should be.

It refuses comments, commas at the end and single quotes, as JSON does, and says what to write instead.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import DEEPEST, Format, Mistake, Node, Tree, shown

FORMAT = Format("JSON", (".json",))
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "/": "/"}
LITERALS = {"true": ("truth", True), "false": ("truth", False), "null": ("nothing", None)}


def read(text: str) -> Tree:
    """The tree of a text, with equal keys as mistakes; or the one mistake that keeps it from being read."""
    reader = _Reader(text)
    try:
        return Tree(reader.whole(), tuple(reader.mistakes))
    except Mistake as mistake:
        return Tree(None, (*reader.mistakes, mistake))


def inside(text: str, at: int, offset: int, value: str) -> int:
    """Where the character of a string's value with this offset stands in the text; `at` is where the string begins."""
    if text[at : at + 1] != '"' or offset > len(value):
        return at
    at += 1
    for _ in range(offset):
        at += _length(text, at)
    return at


def _length(text: str, at: int) -> int:
    """Characters of the text that stand for the one of the value that begins here."""
    if text[at : at + 1] != "\\":
        return 1
    if text[at + 1 : at + 2] != "u":
        return 2
    high = text[at + 2 : at + 4].lower() in ("d8", "d9", "da", "db")
    return 12 if high and text[at + 6 : at + 8] == "\\u" and text[at + 8 : at + 9].lower() == "d" else 6


class _Reader:
    def __init__(self, text: str) -> None:
        import re  # whoever reads a baseline has it loaded

        self._text = text
        self.mistakes: list[Mistake] = []
        self._blank = re.compile(r"[ \t\r\n]*")
        self._number = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
        self._plain = re.compile(r'[^"\\\x00-\x1f]*')
        self._word = re.compile(r"[^\s,:\[\]{}\"]+")

    def whole(self) -> Node:
        """Raises Mistake."""
        at = self._skip(0)
        if at == len(self._text):
            return Node("table", {}, 0, 0)
        if self._text[at] != "{":
            raise Mistake("a baseline is an object", at, "Begin with {, and end with }.")
        node, at = self._value(at, 0)
        at = self._skip(at)
        if at < len(self._text):
            raise Mistake("something stands after the end", at, "Leave it out, or put it into the brackets before.")
        return node

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        first = self._text[at : at + 1]
        if first == '"':
            value, end = self._string(at)
            return Node("text", value, at, at), end
        if first in ("{", "["):
            if depth >= DEEPEST:
                raise Mistake(f"this is nested more than {DEEPEST} deep", at, "No value of a baseline needs that.")
            return self._object(at, depth) if first == "{" else self._array(at, depth)
        found = self._number.match(self._text, at)
        if found and not self._text[found.end() : found.end() + 1].isalnum():
            return Node("number", _number(found[0], at), at, at), found.end()
        return self._literal(at)

    def _literal(self, at: int) -> tuple[Node, int]:
        found = self._word.match(self._text, at)
        word = found[0] if found else ""
        if word in LITERALS:
            return Node(*LITERALS[word], at, at), at + len(word)
        if not word:
            told = "the file ends where a value is expected" if at >= len(self._text) else "a value is missing here"
            raise Mistake(told, min(at, max(0, len(self._text) - 1)), 'Write one, such as "tcp/443".')
        raise self._no_value(word, at)

    def _no_value(self, word: str, at: int) -> Mistake:
        if word.startswith(("//", "/*", "#")):
            return Mistake("JSON has no comments", at, "Leave it out, or write the file as TOML, which has them.")
        if word[0] in "'\u2018\u2019\u201c\u201d":
            return Mistake(f"{shown(word[0])} quotes nothing in JSON", at, 'Write ".')
        if word.lower() in LITERALS or word in ("None", "undefined"):
            return Mistake(
                f"{shown(word)} is no value", at, f"Write {word.lower() if word.lower() in LITERALS else 'null'}."
            )
        return Mistake(f"{shown(word)} is no value", at, f'Text stands in quotes: "{word}".')

    def _object(self, at: int, depth: int) -> tuple[Node, int]:
        begin = at
        found: dict[str, Node] = {}
        at = self._skip(at + 1)
        while self._text[at : at + 1] != "}":
            key_at = at
            if self._text[at : at + 1] != '"':
                raise self._no_key(at, begin)
            key, at = self._string(at)
            at = self._skip(at)
            if self._text[at : at + 1] != ":":
                raise Mistake(f"a colon is missing after {shown(key)}", at, f'Write "{key}": and its value.')
            node, at = self._value(self._skip(at + 1), depth + 1)
            if key in found:
                line = self._text.count("\n", 0, found[key].key_at) + 1
                self.mistakes.append(
                    Mistake(f"{shown(key)} is here twice, first in line {line}", key_at, "Leave one out.", "twice")
                )
            else:
                found[key] = Node(node.kind, node.value, node.at, key_at)
            at = self._comma(at, "}", begin)
        return Node("table", found, begin, begin), at + 1

    def _array(self, at: int, depth: int) -> tuple[Node, int]:
        begin, found = at, []
        at = self._skip(at + 1)
        while self._text[at : at + 1] != "]":
            node, at = self._value(at, depth + 1)
            found.append(node)
            at = self._comma(at, "]", begin)
        return Node("list", tuple(found), begin, begin), at + 1

    def _comma(self, at: int, closing: str, begin: int) -> int:
        """After the comma; at the closing bracket."""
        end = at
        at = self._skip(at)
        if self._text[at : at + 1] == closing:
            return at
        if at >= len(self._text):
            raise Mistake(f"this {self._text[begin]} is never closed", begin, f"Close it with {closing}.")
        if self._text[at] != ",":
            if self._text.startswith(("//", "/*", "#"), at):
                raise Mistake("JSON has no comments", at, "Leave it out, or write the file as TOML, which has them.")
            raise Mistake("a comma is missing here", end, f"Write one, or close the {self._text[begin]}.")
        after = self._skip(at + 1)
        if self._text[after : after + 1] == closing:
            raise Mistake(f"a comma stands before {closing}", at, "Leave it out: JSON has none after the last one.")
        return after

    def _no_key(self, at: int, begin: int) -> Mistake:
        found = self._word.match(self._text, at)
        word = found[0] if found else self._text[at : at + 1]
        if not word:
            return Mistake("this { is never closed", begin, "Close it with }.")
        if word.startswith(("//", "/*", "#")):
            return Mistake("JSON has no comments", at, "Leave it out, or write the file as TOML, which has them.")
        return Mistake(f"a key stands in double quotes, not {shown(word)}", at, f'Write "{word.strip(chr(39))}".')

    def _string(self, at: int) -> tuple[str, int]:
        begin, pieces = at, []
        at += 1
        while True:
            found = self._plain.match(self._text, at)
            end = found.end() if found else at
            pieces.append(self._text[at:end])
            letter = self._text[end : end + 1]
            if letter == '"':
                return "".join(pieces), end + 1
            if letter != "\\":
                raise self._open(begin, end, letter)
            piece, at = self._escape(end)
            pieces.append(piece)

    def _open(self, begin: int, end: int, letter: str) -> Mistake:
        if letter in ("\n", ""):
            return Mistake("this text is never closed", begin, 'Close it with " on the same line.')
        return Mistake(f"{shown(letter)} may not stand in a text as it is", end, f"Write \\u{ord(letter):04x}.")

    def _escape(self, at: int) -> tuple[str, int]:
        kind = self._text[at + 1 : at + 2]
        if kind in ESCAPES and kind:
            return ESCAPES[kind], at + 2
        size = _length(self._text, at)
        digits = self._text[at + 2 : at + size].split("\\u")
        if kind == "u" and all(len(each) == 4 and set(each) <= set("0123456789abcdefABCDEF") for each in digits):
            codes = [int(each, 16) for each in digits]
            if len(codes) == 1 and not 0xD800 <= codes[0] <= 0xDFFF:
                return chr(codes[0]), at + size
            if len(codes) == 2 and 0xDC00 <= codes[1] <= 0xDFFF:
                return chr(0x10000 + ((codes[0] - 0xD800) << 10) + codes[1] - 0xDC00), at + size
        told = f"{shown(self._text[at : at + 2])} stands for nothing in a text"
        raise Mistake(told, at, "Write \\\\ for a backslash; \\u is followed by four digits.")

    def _skip(self, at: int) -> int:
        found = self._blank.match(self._text, at)
        return found.end() if found else at


def _number(text: str, at: int) -> int | float:
    if len(text) > 40:
        raise Mistake("this number is longer than any that a baseline needs", at, "Shorten it.")
    return float(text) if any(letter in text for letter in ".eE") else int(text)
