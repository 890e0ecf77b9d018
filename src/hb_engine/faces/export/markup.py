"""Strangers' text in Markdown (CommonMark 0.31, GitHub's and GitLab's additions) that stays text.

Escaping by backslashes is not enough: forges make links of names (@someone), numbers (#12), hashes and addresses after
the escapes are gone. So a word of letters, or of digits, stands as it is, and any other word in a code span, in which
nothing has a meaning but a run of backticks as long as its fence; a fence is made longer than any in the word. It
refuses HTML: none is written, and none gets through.
"""

from __future__ import annotations

from hb_engine.faces.text import escape

BEFORE, AFTER = "(", ",.;:)?!"  # punctuation that may stand around a word


def words(text: str) -> str:
    """A sentence: words of letters or of digits as they are, all others as code. Never more than one line."""
    return _sentence(text, cell=False)


def code(text: str, *, cell: bool = False) -> str:
    """A text as a code span; in a cell of a table its bars are escaped, which GFM (4.10) takes away again."""
    shown = escape(text)
    longest = run = 0
    for letter in shown:
        run = run + 1 if letter == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{_bars(shown) if cell else shown}{pad}{fence}"


def row(cells: list[str]) -> str:
    """A row of a table, from cells that are Markdown already, bars escaped."""
    return f"| {' | '.join(cells)} |"


def in_cell(text: str) -> str:
    """A sentence for a cell of a table."""
    return _sentence(text, cell=True)


def _sentence(text: str, *, cell: bool) -> str:
    parts = [part for part in escape(text).split(" ") if part]
    return " ".join([_word(part, cell=cell, first=not index) for index, part in enumerate(parts)])


def _bars(shown: str) -> str:
    # A backslash before a bar would be read as the bar's escape: it is doubled into a visible form instead.
    return shown.replace("\\|", "\\x5c|").replace("|", "\\|")


def _word(part: str, *, cell: bool, first: bool) -> str:
    bare = part.lstrip(BEFORE).rstrip(AFTER)
    start = part.index(bare) if bare else 0
    before, after = part[:start], part[start + len(bare) :]
    if not bare and set(part) <= set(BEFORE + AFTER):
        return code(part, cell=cell)
    if _is_plain(bare) and not (first and bare.isdigit() and after):  # 1. and 1) begin a list
        return f"{before}{bare}{after}"
    return f"{before}{code(bare, cell=cell)}{after}"


def _is_plain(word: str) -> bool:
    """Letters with hyphens or an apostrophe between them, or digits alone: nothing that has a meaning anywhere."""
    if word.isascii() and word.isdigit():
        return True
    pieces = word.replace("'", "-").split("-")
    return all(piece.isalpha() for piece in pieces) and "www" not in word.lower()
