"""A user's own nmap-service-probes, read by its published grammar into probes and the lines that name what answers.

The grammar is that of "Nmap Network Scanning", chapter "Service and Application Version Detection", section
"nmap-service-probes File Format". Nothing of the file comes with hb: it is nmap's own (NPSL), and only a copy that is
there already is read. Its probes are never sent, only its lines are held against what hb heard anyway. It refuses what
is not that grammar, with the line; patterns are only spelled anew here, and compiled where they are tried.
"""

from __future__ import annotations

from hb_engine.identify.opinions import patterns
from hb_engine.identify.opinions.worker import DOTALL, IGNORECASE
from hb_engine.model.errors import DataError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

REMEDY = "Name a file in the grammar of nmap-service-probes, or leave --nmap-probes out."
FIELDS = {"p": "product", "v": "version", "i": "info", "o": "system", "d": "device", "h": "hostname"}
NUMBERS = {"rarity": (1, 9), "totalwaitms": (1, 1_000_000), "tcpwrappedms": (1, 1_000_000)}
ESCAPES = {"0": 0, "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}


@record
class Line:
    """A match or softmatch line: its pattern in the file's spelling, and templates for what it tells."""

    number: int
    service: str
    pattern: bytes
    flags: int = 0  # worker.IGNORECASE, worker.DOTALL
    soft: bool = False
    product: str = ""
    version: str = ""
    info: str = ""
    system: str = ""
    device: str = ""
    hostname: str = ""
    cpe: tuple[str, ...] = ()


@record
class Probe:
    """What nmap would send, where, and what its answers mean. Times are in milliseconds."""

    number: int
    transport: str  # tcp, udp
    name: str
    send: bytes = b""
    ports: str = ""
    sslports: str = ""
    rarity: int = 5
    totalwaitms: int = 5000
    tcpwrappedms: int = 2000
    fallback: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@record
class Book:
    """A whole file. `exclude` are ports that nmap would not ask."""

    probes: tuple[Probe, ...]
    exclude: str = ""

    @property
    def count(self) -> int:
        """How many lines name something."""
        return sum(len(probe.lines) for probe in self.probes)

    def named(self, name: str, transport: str) -> Probe | None:
        """The probe of a name, or None."""
        return next((one for one in self.probes if one.name == name and one.transport == transport), None)


def parse(data: bytes, file: str = "nmap-service-probes") -> Book:
    """A file's bytes into a book. Raises DataError with the line of what is no such grammar."""
    probes, lines, exclude = list[Probe](), list[Line](), ""
    for number, read in enumerate(data.decode("latin-1").split("\n"), 1):
        row = read.rstrip("\r")
        if not row.strip() or row.startswith("#"):
            continue
        word, _, rest = row.partition(" ")
        rest = rest.strip(" ")
        try:
            if word == "Exclude" and not probes and not exclude:
                exclude = rest
            elif word == "Probe":
                _finish(probes, lines)
                probes.append(_probe(number, rest))
            elif probes and word in ("match", "softmatch"):
                lines.append(_line(number, rest, soft=word == "softmatch"))
            else:
                probes[-1:] = [_directive(probes[-1] if probes else None, word, rest)]
        except ValueError as error:
            raise DataError(f"{file}:{number}: {error}", REMEDY) from error
    if not probes:
        raise DataError(f"{file}: there is no Probe in it", REMEDY)
    _finish(probes, lines)
    return Book(tuple(probes), exclude)


def _finish(probes: list[Probe], lines: list[Line]) -> None:
    if probes:
        probes[-1] = replace(probes[-1], lines=tuple(lines))
    lines.clear()


def _probe(number: int, rest: str) -> Probe:
    transport, _, rest = rest.partition(" ")
    name, _, rest = rest.lstrip(" ").partition(" ")
    if transport not in ("TCP", "UDP") or not name:
        raise ValueError("a Probe is TCP or UDP, a name, and what is sent")
    rest = rest.lstrip(" ")
    if rest[:1] != "q":
        raise ValueError("what a Probe sends is written q|...|")
    text, more = _delimited(rest[1:])
    for word in more.split():
        if word != "no-payload" and not word.startswith("source="):
            raise ValueError(f"{word[:40]!r} after what a Probe sends")
    return Probe(number, transport.lower(), name, _unescaped(text))


def _directive(probe: Probe | None, word: str, rest: str) -> Probe:
    if probe is None:
        raise ValueError(f"{word[:40]!r} before the first Probe")
    if word in ("ports", "sslports"):
        if not rest or not all(c.isdigit() or c in ",- TU:" for c in rest):
            raise ValueError(f"{rest[:40]!r} is no list of ports")
        return replace(probe, **{word: rest})
    if word in NUMBERS:
        low, high = NUMBERS[word]
        if not (rest.isascii() and rest.isdigit() and len(rest) < 9 and low <= int(rest) <= high):
            raise ValueError(f"{word} is a number from {low} to {high}, not {rest[:40]!r}")
        return replace(probe, **{word: int(rest)})
    if word == "fallback":
        return replace(probe, fallback=tuple([name.strip() for name in rest.split(",") if name.strip()]))
    raise ValueError(f"{word[:40]!r} is no word of this grammar")


def _line(number: int, rest: str, *, soft: bool) -> Line:
    service, _, rest = rest.partition(" ")
    rest = rest.lstrip(" ")
    if not service or rest[:1] != "m":
        raise ValueError("a match line is a service and a pattern, m|...|")
    pattern, rest = _delimited(rest[1:])
    flags = 0
    while rest[:1] in ("i", "s"):
        flags |= IGNORECASE if rest[0] == "i" else DOTALL
        rest = rest[1:]
    if rest and rest[0] not in " \t":
        raise ValueError(f"{rest[:20]!r} after a pattern; its options are i and s")
    told: dict[str, str] = dict.fromkeys(FIELDS.values(), "")
    cpe = list[str]()
    for name, text in _fields(rest):
        if name == "cpe":
            cpe.append(text)
        else:
            told[name] = told[name] or text
    raw = pattern.encode("latin-1")
    line = Line(number, service, raw, flags, soft, cpe=tuple(cpe))
    return replace(line, **told)


def _fields(rest: str) -> Iterator[tuple[str, str]]:
    """The templates after a pattern, each p/.../, cpe:/.../ and so on, with any character in place of the slash."""
    while rest := rest.lstrip(" \t"):
        if rest.startswith("cpe:"):
            text, rest = _delimited(rest[4:])
            rest = rest[1:] if rest[:1] == "a" else rest
            yield "cpe", text
        elif rest[0] in FIELDS:
            name = FIELDS[rest[0]]
            text, rest = _delimited(rest[1:])
            yield name, text
        else:
            raise ValueError(f"{rest[:20]!r} is no template (p v i h o d, cpe:)")


def _delimited(text: str) -> tuple[str, str]:
    """What stands between a character and its next occurrence, and what follows."""
    if not text or text[0].isspace():
        raise ValueError("a delimiter is missing")
    inner, end, rest = text[1:].partition(text[0])
    if not end:
        raise ValueError(f"the closing {text[0]!r} is missing")
    return inner, rest


def _unescaped(text: str) -> bytes:
    """The bytes of q|...|, with C's escapes."""
    made, at = bytearray(), 0
    while at < len(text):
        if text[at] != "\\":
            made += text[at].encode("latin-1")
            at += 1
        elif text[at + 1 : at + 2] == "x":
            digits = text[at + 2 : at + 4]
            if len(digits) != 2 or not all(c in "0123456789abcdefABCDEF" for c in digits):
                raise ValueError("\\x wants two digits")
            made.append(int(digits, 16))
            at += 4
        else:
            letter = text[at + 1 : at + 2]
            if not letter:
                raise ValueError("a backslash at the end")
            made += bytes([ESCAPES[letter]]) if letter in ESCAPES else letter.encode("latin-1")
            at += 2
    return bytes(made)


def spelled(line: Line) -> patterns.Pattern:
    """A line's pattern as Python spells it, with the bytes that it needs."""
    return patterns.read(line.pattern, ignore_case=bool(line.flags & IGNORECASE))
