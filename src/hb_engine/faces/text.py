"""Strangers' text made safe to look at, and text cut to the columns of a terminal.

Process names, command lines, unit names and banners are chosen by whoever owns the process. On a terminal they could
move the cursor, retitle the window, hide a line or reverse its reading order. Here every character that is not plainly
visible becomes a visible escape: \\n, \\x1b, \\u202e. Renderers call `escape` on every span at the last moment, so
that no story can forget it. It refuses to guess encodings: undecodable bytes (surrogateescape) are shown as \\x80 to
\\xff.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "\u2026"
# Letters and symbols that Unicode calls printable and every font draws as nothing, or as a space.
INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"  # heights from one eighth to the whole
# For other encodings than Unicode: what our own symbols become. Strangers' letters become \u escapes instead.
ASCII = {
    ord(symbol): plain
    for symbol, plain in (
        ("\u2717", "x"),
        ("\u25cf", "*"),
        ("\u25cb", "o"),
        ("\u00b7", "-"),
        ("\u2192", "->"),
        ("\u2190", "<-"),
        ("\u2026", "~"),
        ("\u2013", "-"),
        *[(bar, str(height)) for height, bar in enumerate(BARS, 1)],
    )
}
PILE = 3  # combining marks on one letter: Vietnamese needs two, piles that run over other lines need many


def escape(text: str) -> str:
    """Text that a terminal shows as it is: controls, bidi controls, invisible and undecodable characters escaped.

    str.isprintable is false for the Unicode classes Cc, Cf, Cs, Co, Cn, Zl, Zp and all of Zs but the space, in one C
    call.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(text))


def escaped_character(character: str) -> str:
    """One character as its visible escape."""
    code = ord(character)
    if character in SHORT:
        return SHORT[character]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped(text: str) -> Iterator[str]:
    marks = PILE  # a mark at the start would sit on our own text before it
    for character in text:
        if not character.isprintable() or character in INVISIBLE:
            yield escaped_character(character)
            marks = 0
        elif character < "\u0300" or not is_mark(character):
            yield character
            marks = 0
        else:
            marks += 1
            yield character if marks <= PILE else escaped_character(character)


def is_mark(character: str) -> bool:
    """Whether a character sits on the one before it (Unicode classes Mn and Me) and takes no column."""
    return _unicode().category(character) in ("Mn", "Me")


def width(text: str) -> int:
    """Columns that text takes on a terminal: wide and fullwidth characters two, marks none (UAX 11)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def clip(text: str, columns: int) -> str:
    """Text in at most so many columns, an ellipsis in place of what was cut. A wide character is never halved."""
    if width(text) <= columns:
        return text
    if columns < 1:
        return ""
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept.append(character)
    return "".join(kept) + ELLIPSIS


def to_ascii(text: str) -> str:
    """Text for encodings that are no Unicode; a full escape only for what has no plain form."""
    return text if text.isascii() else text.translate(ASCII).encode("ascii", "backslashreplace").decode()


def quoted(text: str) -> str:
    """A stranger's name in quotes, so that a person sees where it begins and ends."""
    return '"' + escape(text).replace('"', '\\"') + '"'


def shell_word(text: str) -> str | None:
    """A word that a person can paste into a shell; None for one that no quoting makes readable."""
    if not text or escape(text) != text:
        return None
    if all(character.isascii() and (character.isalnum() or character in "@%+=:,./_-") for character in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 opening, 2 openings, 2 ways in."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def joined(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Words as a sentence lists them: a, b and c."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def _columns(character: str) -> int:
    if character < "\u0300":
        return 1
    if is_mark(character):
        return 0
    return 2 if _unicode().east_asian_width(character) in ("W", "F") else 1


def _unicode() -> _Unicode:
    import unicodedata  # a millisecond, needed only when text is not ASCII

    return unicodedata


if TYPE_CHECKING:
    from typing import Protocol

    class _Unicode(Protocol):
        """What is used of unicodedata."""

        def category(self, character: str, /) -> str: ...
        def east_asian_width(self, character: str, /) -> str: ...
