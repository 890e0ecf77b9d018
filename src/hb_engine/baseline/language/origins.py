"""`from`: where clients come from: "net:10.20.0.0/16, host:proxy-1", or any.

For firewalls that are generated, and for people: what listens cannot tell who will ask. It refuses bare addresses and
names, which would leave open what they are.
"""

from __future__ import annotations

from hb_engine.baseline.language.listen import network
from hb_engine.baseline.language.nodes import LONGEST, Mistake, shown
from hb_engine.model.nearest import nearest

KINDS = ("net", "host", "any")
EXAMPLE = "Write such as net:10.20.0.0/16, host:proxy-1, or any."


def parse(text: str) -> tuple[str, ...]:
    """The sources that a sentence names, networks in their canonical form. Raises Mistake."""
    if len(text) > LONGEST:
        raise Mistake(f"from has more than {LONGEST} characters", 0, "Write a list.", "too-long")
    found: list[str] = []
    at = 0
    for piece in text.split(","):
        place = at + len(piece) - len(piece.lstrip())
        found.append(_source(piece.strip(), min(place, max(0, len(text) - 1))))
        at += len(piece) + 1
    return tuple(dict.fromkeys(found))


def _source(word: str, at: int) -> str:
    kind, colon, value = word.partition(":")
    if word == "any":
        return word
    if not word:
        raise Mistake("a source is missing here", at, EXAMPLE, "from")
    if " " in word:
        place = at + word.index(" ")
        raise Mistake("a comma is missing here", place, f"Write {', '.join(word.split())}.", "from")
    if colon and kind in KINDS and not value:
        raise Mistake(f"nothing stands after {kind}:", at + len(kind) + 1, EXAMPLE, "from")
    if colon and kind == "net":
        return f"net:{network(value, at + 4)}"
    if colon and kind == "host" and value:
        return word
    if word.lower() in ("all", "everyone", "everywhere", "*", "0.0.0.0/0", "::/0", "anywhere"):
        raise Mistake(f"{shown(word)} is called any", at, "Write any.", "from")
    if _is_address(word):
        raise Mistake(f"{shown(word)} does not say what it is", at, f"Write net:{word}.", "from")
    if colon and value:
        meant = nearest(kind, KINDS[:2])
        raise Mistake(f"there is no source {kind}:", at, f"Did you mean {meant}:{value}?" if meant else EXAMPLE, "from")
    raise Mistake(f"{shown(word)} does not say what it is", at, f"Write host:{word}." if not colon else EXAMPLE, "from")


def _is_address(word: str) -> bool:
    try:
        network(word, 0)
    except Mistake as mistake:
        return "inside of" in mistake.message
    return True
