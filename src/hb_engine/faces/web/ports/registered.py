"""The registry's rows as a page tells them: what is registered, by whom, when, by which document, what became of it.

Names, descriptions and notes are IANA's and stand as they are; the rest is said in the page's language. A registration
says what should live on a port, never what does (IANA says so itself).
"""

from __future__ import annotations

from hb_engine.faces.stories.registry import Group
from hb_engine.faces.web.language import Language
from hb_engine.faces.web.ports import rfcs, words
from hb_engine.faces.words import person, reference
from hb_engine.model.record import record

FOOTNOTE = ("n/a", "none", "-")  # what IANA writes where there is no reference


@record
class Paper:
    """A reference: as people write it, its title where it is known, and where it is read (RFCs)."""

    text: str
    title: str = ""
    href: str = ""


@record
class Row:
    """A group of rows: `state` is a status of the registry, `means` a sentence about it."""

    name: str
    transports: tuple[str, ...]  # () for any
    state: str
    status: str
    means: str
    description: str
    alias_of: str
    span: tuple[int, int] | None
    assignee: str
    contact: str
    registered: str
    modified: str
    papers: tuple[Paper, ...]
    service_code: str
    unauthorized: str
    notes: tuple[str, ...]


def rows(groups: tuple[Group, ...], spoken: Language) -> tuple[Row, ...]:
    """Each group, those with a service first."""
    return tuple([_row(group, spoken) for group in groups])


def papers(references: tuple[str, ...]) -> tuple[Paper, ...]:
    """References that lead somewhere; marks of footnotes are left out."""
    told = [one for one in references if one.lower() not in FOOTNOTE and not one.isdigit()]
    return tuple([_paper(one) for one in told])


def _paper(text: str) -> Paper:
    number = rfcs.number(text)
    return Paper(reference(text), rfcs.title(text), rfcs.ADDRESS % number if number else "")


def _row(group: Group, spoken: Language) -> Row:
    row = group.row
    assignee, contact = person(row.assignee), person(row.contact)
    description = " ".join(row.description.split())
    is_plain = description.lower() in (row.name.lower(), row.status, "reserved", "unassigned")
    meant = row.status in words.STATUS_MEANS
    widespread = row.status == "unassigned" and row.name
    return Row(
        name=row.name,
        transports=tuple([one for one in group.transports if one != "any transport"]),
        state=row.status,
        status=words.said(words.STATUS, row.status, spoken),
        means=spoken.say(words.WIDESPREAD if widespread else words.STATUS_MEANS.get(row.status, "")) if meant else "",
        description="" if is_plain or row.status == "dynamic" else description,
        alias_of=row.alias_of,
        span=(row.first, row.last or row.first) if row.first is not None and row.first != row.last else None,
        assignee=assignee,
        contact=contact if contact != assignee else "",
        registered=row.registered,
        modified=row.modified,
        papers=papers(group.references),
        service_code=row.service_code,
        unauthorized=" ".join(row.unauthorized.split()),
        notes=tuple([line for line in row.notes.splitlines() if line.strip()]),
    )
