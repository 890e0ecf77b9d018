"""Values as JSON text (RFC 8259): ASCII only, one line.

Importing the json package costs more than hb port has to give (its decoder brings re along), so the C function behind
it quotes the strings, where the interpreter has one, and the rest is written here. ASCII only, so that a terminal that
shows the answer shows no stranger's control or bidi character. Lone surrogates, which stand for bytes that were no
UTF-8, are written out as the four characters \\x80 to \\xff: strict parsers refuse a document with half a surrogate
pair. It refuses floats, for which no document has a use, and with them NaN and infinities.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Quote = Callable[[str], str]

try:
    from _json import encode_basestring_ascii as _quote
except ImportError:  # another interpreter than CPython
    from json.encoder import encode_basestring_ascii as _quote

quote: Quote = _quote

HALVES = "\\ud"  # how a code unit of D800 to DFFF begins in quoted text
LITERALS = {None: "null", True: "true", False: "false"}


def quote_whole(text: str) -> str:
    """A text in quotes, whatever is in it: for documents where `quote` alone wrote half a surrogate pair."""
    return quote(text if text.isascii() else "".join([_written(character) for character in text]))


def _written(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte that was no UTF-8 (PEP 383)
        return f"\\x{ord(character) - 0xDC00:02x}"
    return f"\\u{ord(character):04x}" if "\ud800" <= character <= "\udfff" else character


def document(write: Callable[[Quote], str]) -> str:
    """What `write` makes with a function that quotes, as a line; written again, more carefully, only if it must be."""
    text = write(quote)
    return (write(quote_whole) if HALVES in text else text) + "\n"


def value(item: Any, quoting: Quote) -> str:
    """A value of dicts, lists, tuples, str, int, bool and None. Raises TypeError for any other."""
    if isinstance(item, str):
        return quoting(item)
    if item is None or isinstance(item, bool):
        return LITERALS[item]
    if isinstance(item, int):
        return str(item)
    if isinstance(item, dict):
        return members([(name, value(each, quoting)) for name, each in item.items()], quoting)
    if isinstance(item, (list, tuple)):
        return array([value(each, quoting) for each in item])
    raise TypeError(f"{type(item).__name__} has no place in a document")


def members(pairs: Iterable[tuple[str, str]], quoting: Quote) -> str:
    """An object of names and values that are JSON text already."""
    return "{" + ", ".join([f"{quoting(name)}: {text}" for name, text in pairs]) + "}"


def array(texts: Iterable[str]) -> str:
    """An array of values that are JSON text already."""
    return "[" + ", ".join(texts) + "]"
