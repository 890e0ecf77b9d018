"""What was probably meant by a mistyped word. Imported only after a mistake; difflib would cost eight milliseconds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 40  # letters of a word that is worth comparing


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate that a slip of the fingers turns into the word, empty for none.

    A third of its letters may be wrong; a candidate that begins with the word needs no other likeness.
    """
    if len(word) > LONGEST:
        return ""
    scored = sorted([(_score(word.lower(), candidate.lower()), candidate) for candidate in candidates])
    return scored[0][1] if scored and scored[0][0] <= max(1, (len(word.lstrip("-")) + 1) // 3) else ""


def _score(word: str, candidate: str) -> int:
    return 1 if len(word.lstrip("-")) > 1 and candidate.startswith(word) else distance(word, candidate)


def distance(left: str, right: str) -> int:
    """Letters put in, left out, exchanged, or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
