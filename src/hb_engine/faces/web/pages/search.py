"""The search: one box for ports, services, processes, machines, rules and threats.

A port's number alone leads straight to its page, unless ?all is asked for. What is found stands in groups, the group
with the best match first, twenty of each; ?group= shows one of them page by page. It refuses nothing a person may type:
whatever it is, it is text.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.page import Answer, Ask, Moved, Page, Shown
from hb_engine.faces.web.searching.entries import FIELDS, GROUPS
from hb_engine.faces.web.searching.finding import Found, find
from hb_engine.faces.web.searching.folding import LONGEST
from hb_engine.faces.web.searching.question import parse
from hb_engine.model.record import record

PAGE = Page("/search")
PART = 20  # entries of a group on one page


@record
class Part:
    """A group as it is shown: its name, how many there are in all, some of them, and where the others are."""

    group: str
    total: int
    shown: tuple[object, ...]
    more: str = ""


async def show(ask: Ask) -> Answer:
    """What is found for ?q=, or how to ask."""
    text = ask.query.get("q", "")[:LONGEST].strip()
    group = ask.query.get("group", "")
    question = parse(text)
    if question.exact is not None and group not in GROUPS and "all" not in ask.query:
        return Moved(addresses.port(question.exact, question.transport or ""))
    found = await find(ask.hub, text) if text else None
    page = _page(ask.query.get("page", ""))
    parts = _parts(found, text, group, page) if found else []
    values = {
        "text": text,
        "found": found,
        "question": question,
        "groups": parts,
        "group": group if group in GROUPS else "",
        "page": page,
        "count": -(-parts[0].total // PART) if parts and group in GROUPS else 1,
        "here": addresses.with_query("/search", q=text, group=group, all="1"),
        "whole": addresses.with_query("/search", q=text, all="1"),
        "again": lambda other: addresses.with_query("/search", q=other),
        "GROUPS": GROUPS,
        "FIELDS": FIELDS,
    }
    return Shown("search.html", values)


def _parts(found: Found, text: str, group: str, page: int) -> list[Part]:
    counts = found.counts
    if group in GROUPS:
        start = (page - 1) * PART
        shown = tuple(found.part(group, start, start + PART))
        return [Part(group, counts[group], shown)] if group in counts else []
    return [
        Part(name, counts[name], tuple(found.part(name, 0, PART)), _more(text, name) if counts[name] > PART else "")
        for name in found.best
    ]


def _more(text: str, group: str) -> str:
    return addresses.with_query("/search", q=text, group=group, page="2")


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) else 1
