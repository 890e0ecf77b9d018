"""Text as it is compared: without case, accents, width and marks of direction: SSH, ssh and its fullwidth form
are one word.

Compatibility forms become plain ones (NFKC, UAX 15), capitals become small as Unicode folds them, and the accents of
Latin, Greek and Cyrillic letters (U+0300 to U+036F) are left out; marks of other scripts stay, since there they make
another letter (Japanese ha and pa). What nobody sees (Cc, Cf) is a gap between words, or nothing. It refuses to change
strangers' text for display: this is for comparing alone.
"""

from __future__ import annotations

import unicodedata

from hb_engine.faces.text import escape

LONGEST = 200  # characters of a question
MOST = 8  # words of one
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d", "ŀ": "l"}
)
FIRST_ACCENT, LAST_ACCENT = "\u0300", "\u036f"


def folded(text: str) -> str:
    """A text for comparison, words apart by one space. What cannot be seen in it stands as it would be shown."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", _shown(text)).casefold().translate(LETTERS)
    apart = unicodedata.normalize("NFD", plain)
    bare = "".join([one for one in apart if not FIRST_ACCENT <= one <= LAST_ACCENT])
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words(question: str) -> tuple[str, ...]:
    """The words of a question, each once, the first MOST of them."""
    plain = "".join([" " if unicodedata.category(one) == "Cc" else one for one in question[:LONGEST]])
    seen = "".join([one for one in plain if one.isprintable() or one.isspace()])
    return tuple(dict.fromkeys(folded(seen).split()))[:MOST]


def _shown(text: str) -> str:
    """Bytes that were no UTF-8, and controls, as pages show them: who copies them from there finds them."""
    return "".join([one if unicodedata.category(one) not in ("Cc", "Cf", "Cs") else escape(one) for one in text])
