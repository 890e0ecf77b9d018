"""Finding rows by what they say: exact names, words, and names that are nearly right.

Everything works on the bytes of the table, in lower case, and parses only the rows that can match. It refuses fuzzy
guesses among descriptions: a person who misspells a word of a description gets nothing rather than noise.
"""

from __future__ import annotations

from hb_engine.registry import tsv
from hb_engine.registry.table import ORDER, PADDING, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.assignment import Assignment

NAME = 2  # the column of a row
LONGEST = 200  # characters of a search that are looked at
MOST = 8  # words of a search that are looked for
MISS = 9  # the score of a row that lacks a word
NEAR = 0.7  # how alike a suggestion must be, 0 to 1 (difflib's ratio)


def named(table: Table, name: str) -> tuple[Assignment, ...]:
    """Rows whose service name this is, in whatever case (ASCII); then those that they are aliases of."""
    exact = [table.parse(row) for row in _rows_of_name(table, name)]
    wanted = {(row.alias_of.lower(), row.first, row.transport) for row in exact if row.alias_of}
    meant = []
    for target in sorted({alias_of for alias_of, _, _ in wanted}):
        rows = [table.parse(row) for row in _rows_of_name(table, target)]
        meant += [row for row in rows if (target, row.first, row.transport) in wanted and row not in exact]
    return tuple(exact + meant)


def words(table: Table, text: str, limit: int) -> tuple[Assignment, ...]:
    """Rows with each word in name or description: name equal, then name begins so, whole words, parts of words.

    Where no row has them all, the commonest word is left out, and again: "line printer" finds printers.
    """
    wanted = dict.fromkeys(tsv.escape(word).lower().encode("utf-8", "replace") for word in text[:LONGEST].split())
    found = {word: _told(table, word) for word in list(wanted)[:MOST]}
    known = sorted((word for word in found if found[word]), key=lambda word: (len(found[word]), word))
    while known and limit > 0:
        scored = [
            (_score(told, known), told[1], place, row) for place, (row, told) in enumerate(found[known[0]].items())
        ]
        hits = sorted(hit for hit in scored if hit[0] < MISS)
        if hits:
            return tuple(table.parse(row) for _, _, _, row in hits[:limit])
        known.pop()
    return ()


def suggest(table: Table, name: str, limit: int) -> tuple[str, ...]:
    """Names of assigned services within a few letters of this one. About 20 ms."""
    from difflib import SequenceMatcher  # 8 ms with what it imports; only after a name was not found

    wanted = name[:LONGEST].lower()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    scored = []
    for candidate in _names_like(table, wanted):
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR:
            ratio = matcher.ratio()
            if ratio >= NEAR and candidate != wanted:
                scored.append((-ratio, candidate[:1] != wanted[:1], candidate))
    return tuple(candidate for _, _, candidate in sorted(scored)[: max(limit, 0)])


def transport_rank(transport: str | None) -> int:
    """tcp, udp, sctp, dccp, others, and any (None) last."""
    if transport is None:
        return len(ORDER) + 1
    return ORDER.index(transport) if transport in ORDER else len(ORDER)


def _rows_of_name(table: Table, name: str) -> list[bytes]:
    key = tsv.escape(name).lower().encode("utf-8", "replace")
    if not key or len(key) > LONGEST:
        return []
    rows = _rows_with(table, b"\t" + key)
    return [row for row in rows if (row + PADDING).split(b"\t", NAME + 1)[NAME].lower() == key]


def _rows_with(table: Table, needle: bytes) -> list[bytes]:
    """Rows that hold some bytes of lower case, each once, in the order of the file."""
    lowered = table.lowered()
    start, end = table.body
    found = []
    at = lowered.find(needle, start, end)
    while at >= 0:
        found.append(table.line_at(at))
        at = lowered.find(needle, lowered.index(b"\n", at), end)
    return found


def _told(table: Table, word: bytes) -> dict[bytes, tuple[bytes, bytes, bytes]]:
    """Rows with a word in name or description, each with name, status and description in lower case."""
    found = {}
    for row in _rows_with(table, word):
        _, _, name, status, _, _, told, *_ = (row.lower() + PADDING).split(b"\t", 7)
        if word in name or word in told:
            found[row] = (name, status, told)
    return found


def _score(told: tuple[bytes, bytes, bytes], wanted: list[bytes]) -> int:
    """How likely a row is meant, 0 the likeliest; MISS if it lacks a word."""
    name, _, description = told
    if not all(word in name or word in description for word in wanted):
        return MISS
    if name in wanted and len(wanted) == 1:
        return 0
    if name.startswith(wanted[0]) and len(wanted) == 1:
        return 1
    letters = bytes(char if chr(char).isalnum() else 32 for char in name + b" " + description)
    return 2 if set(wanted) <= set(letters.split()) else 3


def _names_like(table: Table, wanted: str) -> set[str]:
    """Names whose length and letters are near: a cheap sieve before the costly comparison."""
    letters = set(wanted)
    room = 2 + len(wanted) // 4
    rows = table.lines(*table.body)
    names = {(row + PADDING).split(b"\t", 4)[NAME] for row in rows if b"\tunassigned" not in row}
    texts = (name.decode("utf-8", "replace").lower() for name in names if abs(len(name) - len(wanted)) <= room)
    return {text for text in texts if text and len(letters & set(text)) >= len(letters) - room}
