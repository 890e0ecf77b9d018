"""What has been linked with a port, claim by claim: what, which way, how sure, since when, who says so, how we know.

A claim is about the port's past anywhere in the world. It is never told as if it were about this network, and the page
says that a match alone proves nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.ports import words
from hb_engine.model.assignment import Threat
from hb_engine.model.record import record

READ = mark("the source was read")
UNREAD = mark("the source is known, and was not opened for this list")
ONE_LIST = mark("in one list: %(lists)s")
SOME_LISTS = mark("in several lists, which copy one another: %(lists)s")
SCHEMES = ("http", "https")


@record
class Claim:
    """One claim in the words of a language. `source` is its address, `host` the part of it that people know."""

    name: str
    transport: str
    kind: str
    direction: str
    confidence: str
    sure: str
    year: str
    platform: str
    source: str
    host: str
    known: str
    span: tuple[int, int] | None = None


def claims(threats: tuple[Threat, ...], spoken: Language) -> tuple[Claim, ...]:
    """Every claim, the surest first."""
    return tuple([_claim(one, spoken) for one in threats])


def known(evidence: str, spoken: Language) -> str:
    """How a source is known, from the words of registry/threats.py; other words stand as they are."""
    head, of, names = evidence.partition(" of ")
    if head in ("in the list", "in the lists") and of:
        lists = names.split(" and ")
        message = ONE_LIST if len(lists) == 1 else SOME_LISTS
        return spoken.say(message, lists=", ".join(lists))
    if evidence == "the source was read":
        return spoken.say(READ)
    return spoken.say(UNREAD) if evidence.startswith("the source is known") else evidence


def _claim(one: Threat, spoken: Language) -> Claim:
    parts = urlsplit(one.source)
    linked = parts.scheme in SCHEMES and bool(parts.hostname)
    return Claim(
        name=one.name,
        transport=one.transport,
        kind=words.said(words.THREATS, one.kind, spoken),
        direction="" if one.kind == "exposed-admin" else words.said(words.DIRECTIONS, one.direction, spoken),
        confidence=one.confidence,
        sure=words.said(words.CONFIDENCE, one.confidence, spoken),
        year=one.year,
        platform=words.said(words.PLATFORMS, one.platform, spoken),
        source=one.source if linked else "",
        host=(parts.hostname or "").removeprefix("www.") if linked else one.source,
        known=known(one.evidence, spoken),
        span=(one.first, one.last) if one.first != one.last else None,
    )
