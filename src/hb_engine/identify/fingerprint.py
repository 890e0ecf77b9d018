"""A name for services that nobody can name: the same tomorrow for the same service, another for another.

It is made of the shapes of what was heard (a greeting, the answer to a GET, both inside TLS): words stay, and what may
differ tomorrow is masked: numbers, dates, nonces, addresses and ports. Of binary answers the framing counts, the words
in them, and their size roughly. Whether a peer closed or reset, and how fast, depends on timing and is left out. It
refuses to say what a service is: equal fingerprints are a likeness, no proof.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.identify.kit import Reply

VERSION = "u1"
LOOKED_AT = 2048  # bytes of one answer
LINES = 12  # lines of one answer
WORD = 6  # letters in a row that are a word inside binary bytes, and rarely chance
SIZES = (0, 4, 16, 64, 256, 1024, 4096)
DATES = frozenset(
    (
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "january", "february"),
        *("march", "april", "june", "july", "august", "september", "october", "november", "december"),
        *("utc", "gmt", "cet", "cest", "am", "pm"),
    )
)
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_HEX = frozenset("0123456789abcdefABCDEF")


def fingerprint(heard: Iterable[tuple[str, Reply]], ours: Iterable[str] = ()) -> str:
    """A short stable text like u1:4f2a9c01d3e5, of (question, reply); empty if nothing was ever said.

    `ours` are texts of our own that a server may repeat: the name it was asked by, its address.
    """
    import hashlib  # only for services that could not be named

    mine = tuple([text for text in ours if text])
    said: dict[str, Reply] = {}
    for question, reply in heard:
        if reply or question not in said:  # what was slow to speak once may be quick tomorrow
            said[question] = said.get(question) or reply
    shapes = {question: shape(reply, mine) for question, reply in said.items()}
    if not any(said.values()):
        return ""
    told = "\n".join(f"{question}\t{seen}" for question, seen in sorted(shapes.items()))
    return f"{VERSION}:{hashlib.sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def shape(reply: Reply, ours: tuple[str, ...] = ()) -> str:
    """What of an answer is likely to be the same tomorrow."""
    data = bytes(reply[:LOOKED_AT])
    if not data:
        return "empty, hung up" if reply.ended in ("closed", "reset") else "empty"
    end = "endless" if reply.ended == "limit" else "hung up" if reply.ended in ("closed", "reset") else "open"
    if is_text(data):
        lines = data.decode("utf-8", "replace").splitlines()
        return f"{end} text " + "\\n".join(_masked(line, ours) for line in lines[:LINES])
    return f"{end} {framing(reply)} {_size(len(reply))} {'|'.join(_words(data))}"


def describe(reply: Reply) -> str:
    """The shape in words, for people: what kind of thing this is, as far as the bytes show."""
    data = bytes(reply[:LOOKED_AT])
    if not data:
        return "nothing"
    if not is_text(data):
        return framing(reply)
    stripped = data.lstrip()
    if stripped[:1] in (b"{", b"["):
        return "JSON text"
    if stripped[:1] == b"<":
        return "XML or HTML text"
    line = data.split(b"\n", 1)[0].rstrip(b"\r")
    if len(line) >= 3 and line[:3].isdigit() and line[3:4] in (b"", b" ", b"-"):
        return "lines that begin with three-digit codes"
    if line[:1] in (b"+", b"-") or line.upper().startswith((b"OK", b"ERR")):
        return "lines that begin with OK or ERR"
    return "lines of text" if b"\n" in data else "text without a line's end"


def framing(reply: bytes) -> str:
    """What kind of frame binary bytes are in, by arithmetic alone."""
    data, size = bytes(reply[:LOOKED_AT]), len(reply)
    for width in (4, 2):
        head = data[:width]
        if len(head) < width:
            continue
        for order in ("big", "little"):
            promised = int.from_bytes(head, "big" if order == "big" else "little")
            if promised and promised in (size, size - width):
                return f"a frame with its length in {width} bytes, {order}-endian"
    if _is_ber(data, size):
        return "BER, a tag with its length"
    if data[:1] in (b"\x15", b"\x16") and data[1:2] == b"\3":
        return "a TLS record"
    return "binary bytes"


def is_text(data: bytes) -> bool:
    """Whether nearly all bytes are printable, tabs or line ends; bytes above 127 count as printable in UTF-8 only."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3:  # not just cut in the middle of a character
            return False
    odd = sum(1 for byte in data if byte < 32 and byte not in b"\t\r\n\x1b") + data.count(b"\x7f")
    return odd * 50 <= len(data) and data[:1] != b"\0"


def _is_ber(data: bytes, size: int) -> bool:
    if len(data) < 2 or data[0] not in (0x30, 0x60, 0x61, 0x65, 0x6B, 0x7E):
        return False
    if data[1] < 0x80:
        return data[1] + 2 == size
    width = data[1] & 0x7F
    return 1 <= width <= 4 and len(data) >= 2 + width and int.from_bytes(data[2 : 2 + width], "big") + 2 + width == size


def _masked(line: str, ours: tuple[str, ...]) -> str:
    """A line with what is volatile taken out: ours, dates, and every word with a digit in it."""
    for text in ours:
        line = line.replace(text, "@")
    return " ".join(_mask(word) for word in _split(line[:400]))


def _split(line: str) -> list[str]:
    """Words, with the signs between them kept as words of their own."""
    spaced = "".join(c if c.isalnum() or c.isspace() or c in "_+" else f" {c} " for c in line)
    return spaced.split()


def _mask(word: str) -> str:
    if any(c.isdigit() for c in word) or (len(word) >= 8 and not frozenset(word) - _HEX):
        return "#"
    if word.lower() in DATES:
        return "#"
    return word if len(word) < 24 else "~"  # tokens in base 64


def _words(data: bytes) -> list[str]:
    """Runs of letters inside binary bytes."""
    found, run = list[str](), bytearray()
    for byte in data + b"\0":
        if byte in _LETTERS:
            run.append(byte)
            continue
        if len(run) >= WORD:
            found.append(run.decode())
        run.clear()
    return found[:LINES]


def _size(size: int) -> str:
    return f"<={next((limit for limit in SIZES if size <= limit), 65536)}"
