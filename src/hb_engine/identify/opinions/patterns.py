"""Patterns of other engines: into Python's spelling, and what any answer that they match must contain.

nmap's patterns are written for PCRE (pcrepattern(3)), Recog's for Ruby (Onigmo's RE): nearly Python's re, but not
quite. And there are thousands of them: the bytes that a pattern cannot do without are looked for first, so that few are
tried at all. What is read here is a pattern's surface; whether it makes sense, the compiler says (worker.py). It
compiles nothing, and refuses to guess: where it is not sure that bytes are needed, they are not.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

LITERALS = 4  # of one pattern, the longest
PLAIN = {b"a": 7, b"e": 27, b"f": 12, b"n": 10, b"r": 13, b"t": 9}  # \v is a class to PCRE, a character to Python
KNOWN = b"bBdDsSwWA"  # mean the same to both
SPELLED = {
    b"h": rb"[ \t\xa0]",
    b"H": rb"[^ \t\xa0]",
    b"v": rb"[\n\x0b\f\r\x85]",
    b"V": rb"[^\n\x0b\f\r\x85]",
    b"N": rb"[^\n]",
    b"R": rb"(?:\r\n|[\n\x0b\f\r\x85])",
    b"z": rb"\Z",
    b"Z": rb"(?=\n?\Z)",
}
STRANGE = b"CGKLPUXgklopu"  # mean what Python cannot say; left as they are, so that the compiler refuses
POSIX = {
    b"alpha": rb"a-zA-Z",
    b"digit": rb"0-9",
    b"alnum": rb"a-zA-Z0-9",
    b"upper": rb"A-Z",
    b"lower": rb"a-z",
    b"space": rb"\s",
    b"blank": rb" \t",
    b"punct": rb"!-/:-@\[-`{-~",
    b"print": rb" -~",
    b"graph": rb"!-~",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"xdigit": rb"0-9a-fA-F",
    b"word": rb"\w",
}
CLASS = rb"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
TOKEN = (
    rb"(?P<plain>[^\\\[(){}|^$.*+?]+)|(?P<quoted>\\Q.*?(?:\\E|\Z))|(?P<hex>\\x(?:\{[0-9a-fA-F]{1,2}\}|[0-9a-fA-F]{0,2}))"
    rb"|(?P<control>\\c[ -~])|(?P<octal>\\0[0-7]{0,2}|\\[1-3][0-7][0-7])|(?P<escape>\\.|\\\Z)|(?P<set>" + CLASS + rb")"
    rb"|(?P<options>\(\?[a-zA-Z^-]*\))|(?P<comment>\(\?#[^)]*\))|(?P<open>\((?:\?<[=!]|\?P?[<=!:>|'i-]?|\*)?)"
    rb"|(?P<close>\))|(?P<or>\|)|(?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})[+?]?)|(?P<other>.)"
)
INSIDE = (
    rb"(?P<hex>\\x(?:\{[0-9a-fA-F]{1,2}\}|[0-9a-fA-F]{0,2}))|(?P<control>\\c[ -~])|(?P<octal>\\[0-7]{1,3})"
    rb"|(?P<escape>\\.)|\[:(?P<posix>\^?\w+):\]|(?P<bracket>\[)|(?P<other>.)"
)
_compiled: dict[bytes, re.Pattern[bytes]] = {}


@record
class Pattern:
    """A pattern as Python spells it, and the bytes that an answer must contain for it to match, longest first.

    `folded`: those bytes are lower case, and are to be looked for in the answer's lower case.
    """

    spelled: bytes
    needed: tuple[bytes, ...] = ()
    folded: bool = False

    def possible(self, answer: bytes, lowered: bytes) -> bool:
        """Whether an answer, given as it is and in lower case, has all that this pattern needs."""
        where = lowered if self.folded else answer
        return all(literal in where for literal in self.needed)


def read(pattern: bytes, *, ignore_case: bool = False) -> Pattern:
    """A pattern of PCRE in Python's spelling. Never raises: what is no pattern is left for the compiler to refuse."""
    reader = _Reader()
    spelled = b"".join([reader.token(found) for found in _tokens(TOKEN).finditer(pattern)])
    spelled = reader.options + spelled
    folded = ignore_case or b"i" in reader.options or reader.folds
    return Pattern(spelled, reader.needed(folded=folded), folded)


def literals(pattern: bytes, *, ignore_case: bool = False) -> Pattern:
    """A pattern that is Python's already (as nearly all of Recog's are), with what it needs.

    It is text in UTF-8, of which a repetition takes whole characters: only ASCII counts as needed.
    """
    made = read(pattern, ignore_case=ignore_case)
    ascii_only = "".join([chr(byte) if byte < 128 else "\n\n" for literal in made.needed for byte in (*literal, 128)])
    needed = tuple([part.encode() for part in ascii_only.split("\n\n") if part])
    start = b"^(?i)"
    return Pattern(b"(?i)^" + pattern[len(start) :] if pattern.startswith(start) else pattern, needed, made.folded)


def _tokens(grammar: bytes) -> re.Pattern[bytes]:
    import re  # only where a second opinion was asked for

    if grammar not in _compiled:
        _compiled[grammar] = re.compile(grammar, re.DOTALL)
    return _compiled[grammar]


class _Reader:
    """What is known of a pattern while its tokens go by."""

    def __init__(self) -> None:
        self.options = b""  # (?i) at the beginning, where Python wants it
        self.folds = False
        self._runs = list[bytes]()
        self._run = bytearray()
        self._depth = 0
        self._unsure = self._began = False

    def needed(self, *, folded: bool) -> tuple[bytes, ...]:
        """The longest runs of bytes that no match can do without."""
        self._cut()
        if self._unsure or self._depth:
            return ()
        runs = {run.lower() if folded else run for run in self._runs}
        return tuple(sorted(runs, key=lambda run: (-len(run), run))[:LITERALS])

    def token(self, found: re.Match[bytes]) -> bytes:
        """The next token in Python's spelling."""
        kind, text = found.lastgroup or "other", found.group()
        if kind == "plain":
            return self._literal(text, text)
        if kind in ("hex", "control", "octal"):
            value = _value(kind, text)
            return self._literal(bytes([value]), b"\\x%02x" % value)
        if kind == "quoted":
            inner = text[2:].removesuffix(b"\\E")
            return self._literal(inner, b"".join([b"\\x%02x" % byte for byte in inner]))
        if kind == "escape":
            return self._escape(text)
        if kind == "options":
            return self._options(text)
        if kind == "times":
            return self._times(text)
        if kind == "other" and text == b"{":  # no repetition: PCRE takes {,5} as it stands, Python does not
            return self._literal(text, rb"\{")
        if kind == "other" and text == b"}":
            return self._literal(text, text)
        if text != b"^" or kind != "other":
            self._began = True
        self._cut()
        if kind == "open":
            self._depth += 1
            return b"(?P<" if text == b"(?<" else text
        if kind == "close":
            self._depth -= 1
            self._unsure = self._unsure or self._depth < 0
        self._unsure = self._unsure or (kind == "or" and self._depth == 0)
        return _set(text) if kind == "set" else text

    def _literal(self, data: bytes, spelled: bytes) -> bytes:
        self._began = True
        if self._depth == 0:
            self._run += data
        return spelled

    def _escape(self, text: bytes) -> bytes:
        letter = text[1:]
        if letter in PLAIN:
            return self._literal(bytes([PLAIN[letter]]), b"\\x%02x" % PLAIN[letter])
        if not letter.isalnum() and letter:
            return self._literal(letter, b"\\" + letter if letter.isascii() else letter)
        self._began = True
        if letter.isalpha() and letter not in SPELLED and letter not in KNOWN and letter not in STRANGE:
            return self._literal(letter, letter)  # PCRE: an unknown letter stands for itself
        self._cut()
        return SPELLED.get(letter, text)

    def _options(self, text: bytes) -> bytes:
        self.folds = self.folds or b"i" in text
        self._unsure = self._unsure or b"x" in text
        self._cut()
        if self._began or self._depth:
            return text
        self.options += text
        return b""

    def _times(self, text: bytes) -> bytes:
        """What is repeated may be missing, or come again: either way the run ends with it."""
        if self._depth == 0 and self._run:
            last = self._run.pop()
            if text[:1] == b"+" or (text[:1] == b"{" and text[1:].lstrip(b"0")[:1].isdigit()):
                self._run.append(last)
        self._cut()
        return text

    def _cut(self) -> None:
        if self._run and self._depth == 0:
            self._runs.append(bytes(self._run))
        self._run.clear()


def _value(kind: str, text: bytes) -> int:
    if kind == "hex":
        return int(text[2:].strip(b"{}") or b"0", 16)
    if kind == "control":
        return (text[2:].upper()[0] ^ 0x40) & 0xFF
    return int(text[1:], 8) & 0xFF


def _set(text: bytes) -> bytes:
    """A class in square brackets, in Python's spelling."""
    start = b"[^" if text[1:2] == b"^" else b"["
    inner = text[len(start) : -1]
    head = rb"\]" if inner[:1] == b"]" else b""
    inner = inner[1:] if head else inner
    return start + head + b"".join([_member(found) for found in _tokens(INSIDE).finditer(inner)]) + b"]"


def _member(found: re.Match[bytes]) -> bytes:
    kind, text = found.lastgroup or "other", found.group()
    if kind in ("hex", "control", "octal"):
        return b"\\x%02x" % _value(kind, text)
    if kind == "posix":
        return POSIX.get(found.group("posix"), text)
    if kind == "bracket":
        return rb"\["
    if kind == "escape":
        letter = text[1:]
        if letter == b"b":
            return rb"\x08"
        if letter in PLAIN:
            return b"\\x%02x" % PLAIN[letter]
        if letter in (b"h", b"v"):
            return SPELLED[letter][1:-1]
        if letter.isalpha() and letter not in KNOWN and letter not in STRANGE and letter not in SPELLED:
            return letter
    return text
