"""What was probably meant, where a word was found nowhere: names that a slip of the fingers turns into it.

Names are sieved by length and letters first, since comparing costs: whatever is asked, at most SIEVED names of things
seen here are compared, and registry/search.py has a sieve of its own. It refuses to guess at long words.
"""

from __future__ import annotations

from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.index import Index
from hb_engine.model.nearest import distance

LONGEST = 40
SIEVED = 400
MOST = 3


def suggest(hub: Hub, index: Index, words: tuple[str, ...]) -> tuple[str, ...]:
    """Questions that differ in one word from the one that was asked, and find something; the nearest first."""
    for place, word in enumerate(words[:3]):
        if len(word) < 3 or len(word) > LONGEST or word.isdigit() or _is_known(index, word):
            continue
        near = [*_near(index, word), *hub.registry.suggest(word, MOST)]
        told = [" ".join([*words[:place], name, *words[place + 1 :]]) for name in dict.fromkeys(near)]
        if told:
            return tuple(told[:MOST])
    return ()


def _is_known(index: Index, word: str) -> bool:
    return any(word in text for group in index.groups.values() for text in group.texts)


def _near(index: Index, word: str) -> list[str]:
    """Names of what is here, within a third of the word's letters."""
    room = max(1, len(word) // 3)
    letters = set(word)
    names = {
        name
        for kind in ("machines", "processes", "rules", "findings", "threats")
        for name in index.groups[kind].names
        if abs(len(name) - len(word)) <= room
    }
    alike = [name for name in names if len(letters & set(name)) >= len(letters) - room]
    scored = sorted([(distance(word, name), name) for name in sorted(alike)[:SIEVED]])
    return [name for miss, name in scored if miss <= room][:MOST]
