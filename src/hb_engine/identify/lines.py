"""Answers in lines, as mail, files and news give them: three digits and text (RFC 959 4.2, RFC 5321 4.2, RFC 3977 3.2).

What programs call themselves in such lines is kept by each probe as a table of marks; `product` reads one. It refuses
to guess: a version is what stands right behind the mark and begins with a digit.
"""

from __future__ import annotations

from hb_engine.identify.kit import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ENDS = " \t()[]<>,;\"'/"


def coded(data: bytes) -> bool:
    """Whether a reply in three digits is whole, or begins as none can: then nothing more is to be waited for."""
    first, end, _ = data.partition(b"\n")
    if not _is_code(first[:3]):
        return bool(end) or not _could_be_code(first[:3])
    if not end:
        return False
    if first[3:4] != b"-":
        return True
    return any(line[:3] == first[:3] and line[3:4] != b"-" for line in data.split(b"\n")[1:-1])


def reply(data: bytes) -> tuple[int, list[bytes]]:
    """The code of a reply and its lines without code; (0, []) for what is no such reply, or is not whole."""
    lines = [line.rstrip(b"\r") for line in data.split(b"\n")]
    code = lines[0][:3]
    if not _is_code(code) or lines[0][3:4] not in (b" ", b"-", b"") or not coded(data):
        return 0, []
    told = [line[4:] if line[:3] == code and line[3:4] in (b" ", b"-", b"") else line.strip() for line in lines]
    return int(code), told[:-1]


def product(said: str, marks: Iterable[tuple[str, str, str]]) -> tuple[str, str, tuple[str, ...]]:
    """Product, version and CPE by the first mark that stands in the text; empty where none does.

    A mark is (what is looked for, the product's name, its CPE without the version, or nothing). It does not count in
    the name of a machine: exim.example.com may run Postfix.
    """
    said = _without_hosts(said)
    low = said.lower()
    for mark, name, cpe in marks:
        at = low.find(mark.lower())
        if at >= 0:
            version = version_at(said[at + len(mark) :])
            return name, version, ((f"{cpe}:{version}" if version else cpe),) if cpe else ()
    return "", "", ()


def _without_hosts(said: str) -> str:
    """A text with dashes for the names of machines in it: words of letters, digits, dashes and dots, as domains are."""
    return " ".join(["-" * len(word) if _is_host(word) else word for word in said.split(" ")])


def _is_host(word: str) -> bool:
    bare = word.strip("()[]<>,;:\"'").rpartition("@")[2].rstrip(".")
    labels = bare.split(".")
    plain = bare.replace("-", "").replace(".", "")
    domain = len(labels) >= 2 and all(labels) and labels[-1].isalpha() and len(labels[-1]) >= 2
    return domain and plain.isascii() and plain.isalnum()


def version_at(rest: str) -> str:
    """The version that a text begins with, behind spaces, slashes, dashes, "v" or "version"; or nothing."""
    rest = rest.lstrip(" -/_(,")
    for word in ("Version", "version", "ver.", "v", "V"):
        if rest.startswith(word) and rest[len(word) :].lstrip(" :.")[:1].isdigit():
            rest = rest[len(word) :].lstrip(" :.")
    if not rest[:1].isdigit():
        return ""
    end = next((at for at, letter in enumerate(rest) if letter in ENDS), len(rest))
    return rest[:end].rstrip(".:-")


def words(lines: list[bytes]) -> str:
    """The lines of a reply as one bounded text."""
    return text(b" ".join(lines))


def host_of(said: str, before: str = "") -> str:
    """The first word of a text where it is the name of a machine: letters, digits, dashes, and a dot inside.

    Without a dot it is one only where the words `before` follow it at once.
    """
    name, _, rest = said.partition(" ")
    name = name.rstrip(".")
    plain = name.replace("-", "").replace(".", "")
    named = "." in name or (bool(before) and rest.startswith(before))
    return name if named and plain.isascii() and plain.isalnum() and not plain.isdigit() else ""


def _is_code(code: bytes) -> bool:
    return len(code) == 3 and code.isdigit() and code[:1] in b"12345"


def _could_be_code(start: bytes) -> bool:
    return all(48 <= byte <= 57 for byte in start) and start[:1] in (b"", b"1", b"2", b"3", b"4", b"5")
