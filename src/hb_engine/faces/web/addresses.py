"""Where things are on these pages: one function for each kind of address, for templates and for pages.

Names of machines and keys of openings are strangers' text. A name that a browser would change on its way (a slash,
dots that lead up, characters that nobody sees, hundreds of characters) is not put into an address at all: it gets a
digest, after a tilde. So an address is always one segment of path, and leads back to exactly one name. Addresses are
without their language; url() and Language.url add it. RFC 3986 2.3, 3.3; the WHATWG's URL standard takes %2e for a dot.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote, urlencode

from hb_engine.faces.text import escape
from hb_engine.model.opening import Opening

READABLE = 100  # characters of a name that is shown in an address as it is
UNSAFE = frozenset("/\\%")  # what servers and browsers on the way take apart, or decode twice
DIGEST = "~"  # what a name's digest begins with; no readable segment does


def short(key: str) -> str:
    """A key in an address: the first 16 hex digits of its SHA-256. Each text has its own bytes."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def segment(name: str) -> str:
    """A name as one segment of a path, before percent-encoding: itself where that is safe, else its digest."""
    plain = 0 < len(name) <= READABLE and name[0] not in "." + DIGEST and not UNSAFE.intersection(name)
    return name if plain and name == name.strip() and escape(name) == name else DIGEST + short(name)


def machine(name: str) -> str:
    """The page of a machine."""
    return f"/machines/{quote(segment(name), safe='')}"


def changes(name: str) -> str:
    """What changed on a machine."""
    return f"{machine(name)}/changes"


def opening(name: str, key: str) -> str:
    """One opening of a machine, by its key."""
    return f"{machine(name)}/openings/{short(key)}"


def opening_of(name: str, one: Opening) -> str:
    """The same, by the opening."""
    return opening(name, one.key)


def port(number: int, transport: str = "") -> str:
    """What a port is for."""
    return f"/ports/{number}/{transport}" if transport else f"/ports/{number}"


def with_query(path: str, **words: object) -> str:
    """A path with what stands after its ?, without what is empty: the same words give the same address."""
    told = {name: text for name, value in words.items() if (text := _text(value))}
    return f"{path}?{urlencode(told)}" if told else path


def _text(value: object) -> bytes:
    return b"" if value is None or value is False else str(value).encode("utf-8", "surrogatepass")
