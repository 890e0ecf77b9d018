"""The index of the search, and looking things up in it: every word must stand somewhere in an entry.

A look-up reads each text once for the first word, and for the next ones only what is left: its time is bounded by what
there is, never by what is asked. It refuses guesses: an entry that lacks a word is not found, and suggestions are made
apart (suggesting.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.api.cursors import Key
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching import entries
from hb_engine.faces.web.searching.entries import Entry
from hb_engine.faces.web.searching.folding import folded
from hb_engine.faces.web.searching.kept import Kept
from hb_engine.model.record import record

TITLE = 60  # characters of a title that entries are put in order by
SCORED = 5000  # hits that are looked at word by word; more are put in order by their names alone
WORST = 4  # the score of a hit in which the words are parts of words
APART = {ord(mark): " " for mark in "/-_.:,;()[]{}@+=\"'|\\"}


@record
class Hit:
    """An entry that was found, with how well it fits: 0 is best."""

    score: int
    place: int  # in its group


class Group:
    """The entries of one kind in their order, with their texts for comparison."""

    def __init__(self, found: Iterator[Entry]) -> None:
        made = [(_order(entry), entry) for entry in found]
        made.sort(key=lambda pair: pair[0])
        self.keys = [key for key, _ in made]
        self.entries = [entry for _, entry in made]
        self.names = [folded(entry.title) for entry in self.entries]
        self.texts = [_text(entry) for entry in self.entries]

    def find(self, words: tuple[str, ...]) -> list[Hit]:
        """The entries that have all the words, the best first."""
        if not words:
            return []
        left: list[int] | range = range(len(self.texts))
        texts = self.texts
        for word in sorted(words, key=len, reverse=True):
            needle = f" {word} " if word.isdigit() else word  # a number is itself, and no part of another
            left = [place for place in left if needle in texts[place]]
        whole, many = " ".join(words), len(left) > SCORED
        return sorted(
            [Hit(self._score(place, whole, words, many), place) for place in left],
            key=lambda hit: (hit.score, hit.place),
        )

    def _score(self, place: int, whole: str, words: tuple[str, ...], many: bool) -> int:
        """0 for the name, 1 for its beginning, 2 for whole words, 3 for beginnings of words, 4 for parts of words."""
        name = self.names[place]
        if name == whole:
            return 0
        if name.startswith(whole):
            return 1
        if many:
            return WORST
        apart = f" {self.texts[place].translate(APART)} "
        loose = [word.translate(APART).strip() for word in words]
        if all(f" {word} " in apart for word in loose):
            return 2
        return 3 if all(f" {word}" in apart for word in loose) else WORST


class Index:
    """All groups. What the registry says is kept from one sight to the next."""

    def __init__(self, hub: Hub, sight: Sight) -> None:
        fixed = _fixed(hub)
        self.groups: dict[str, Group] = {
            "machines": Group(entries.machines(sight)),
            "processes": Group(entries.processes(sight)),
            "services": fixed["services"],
            "rules": Group(entries.rules(sight)),
            "findings": fixed["findings"],
            "threats": fixed["threats"],
        }


_FIXED: list[tuple[object, dict[str, Group]]] = []


def _fixed(hub: Hub) -> dict[str, Group]:
    """The groups that do not change with what is seen; of the latest registry alone."""
    if not _FIXED or _FIXED[0][0] is not hub.registry:
        made = {
            "services": Group(entries.services(hub)),
            "findings": Group(entries.findings()),
            "threats": Group(entries.threats(hub)),
        }
        _FIXED[:] = [(hub.registry, made)]
    return _FIXED[0][1]


def _order(entry: Entry) -> Key:
    told = f"{entry.title}\0{entry.detail}\0{entry.href}"
    return entry.weight, folded(entry.title)[:TITLE], crc32(told.encode("utf-8", "surrogatepass"))


def _text(entry: Entry) -> str:
    return f" {'  '.join([folded(text) for _, text in entry.fields if text])} "


INDEXES: Kept[Index] = Kept(Index, times=False)
