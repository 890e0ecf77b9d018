"""What a person asks who types into the one box: port numbers, ranges of them, and words.

1703, tcp/22, 22/udp, port 22, udp 53, :8080, 8000-8100 and 22, 80, 443 are ports; whatever else is there is words. It
refuses nothing: what cannot be a port is a word, and what is too long is cut (folding.py).
"""

from __future__ import annotations

import re
import unicodedata

from hb_engine.faces.web.searching.folding import LONGEST, words
from hb_engine.model.record import record

HIGHEST = 65535
TRANSPORTS = ("tcp", "udp", "udplite", "sctp", "dccp")
CALLED = ("port", "ports", "porturi", "portul", "puerto", "puertos", "ポート")  # in the languages of the pages
NUMBER = r"([0-9]{1,9})"
BETWEEN = re.compile(rf"{NUMBER}(?:\s*(?:-|\u2013|\u2014|\u2010|\u2011|\.\.)\s*{NUMBER})?")
SPAN = r"(?P<n>[\d\-\u2010-\u2014.]+)"
PLACES = (re.compile(rf"(?P<t>[a-z]+)/{SPAN}"), re.compile(rf"{SPAN}/(?P<t>[a-z]+)"))
SPACED = re.compile(r"(\d)\s*([-\u2010-\u2014])\s*(?=\d)")
MOST = 16  # ports and ranges of one question


@record
class Question:
    """What was asked. `ports` are ranges, first and last; `transport` None means any.

    `beyond` are numbers that are no port: above 65535.
    """

    text: str
    words: tuple[str, ...] = ()
    ports: tuple[tuple[int, int], ...] = ()
    transport: str | None = None
    beyond: tuple[int, ...] = ()

    @property
    def exact(self) -> int | None:
        """The one port that was asked for by its number, where nothing else was."""
        one = self.ports[0] if len(self.ports) == 1 and not self.words and not self.beyond else (0, -1)
        return one[0] if one[0] == one[1] else None


def parse(text: str) -> Question:
    """A question from what was typed."""
    asked = text[:LONGEST].strip()
    plain = SPACED.sub(r"\1\2", unicodedata.normalize("NFKC", asked).lower())
    parts = [part for part in re.split(r"[\s,;\u3001\uff0c]+", plain) if part]
    transports = [part for part in parts if part in TRANSPORTS]
    ports: list[tuple[int, int]] = []
    beyond: list[int] = []
    rest: list[str] = []
    for part in parts:
        found = _place(part)
        if found is None:
            rest.append(part)
            continue
        place, transport = found
        transports += [transport] if transport else []
        if place[0] > HIGHEST:
            beyond.append(place[0])
        else:
            ports.append((place[0], min(place[1], HIGHEST)))
    told = ports or beyond
    kept = [part for part in rest if not told or part not in (*CALLED, *TRANSPORTS)]
    return Question(
        asked,
        words(" ".join(kept)),
        tuple(dict.fromkeys(ports))[:MOST],
        transports[0] if told and len(set(transports)) == 1 else None,
        tuple(dict.fromkeys(beyond)),
    )


def _place(part: str) -> tuple[tuple[int, int], str] | None:
    """A port or a range, and its transport where one is said; None for what is a word."""
    for form in PLACES:
        found = form.fullmatch(part)
        if found and found["t"] in TRANSPORTS:
            place = _between(found["n"])
            return (place, found["t"]) if place else None
    place = _between(part.removeprefix(":"))
    return (place, "") if place else None


def _between(text: str) -> tuple[int, int] | None:
    found = BETWEEN.fullmatch(text)
    if found is None:
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    return min(first, last), max(first, last)
