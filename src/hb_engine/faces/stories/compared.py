"""Both sides of this machine's ports, as `hb scan --compare` tells them: what listens inside, what answers outside.

The differences first, each with its sentence; what agrees stands below them, one line a port.
"""

from __future__ import annotations

from hb_engine.faces.document import Column, Document, Paragraph, Span, Table, line, mark
from hb_engine.faces.text import plural
from hb_engine.model.compared import WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Line
    from hb_engine.model.compared import Compared

SEVERITIES = {
    "no-listener": "high",
    "other-service": "medium",
    "filtered": "info",
    "closed-outside": "info",
    "not-known": "low",
}
COLUMNS = (
    Column("", "severity"),
    Column("transport"),
    Column("port", align="right"),
    Column("address", flexible=True, least=12, drop=1),
    Column("inside", flexible=True, least=12),
    Column("outside", flexible=True, least=12),
    Column("difference", flexible=True, least=0, flow=True),
)


def tell(found: tuple[Compared, ...]) -> Document:
    """The table, and in how many ports the sides differ."""
    rows = sorted(found, key=lambda each: (_rank(each), each.port, each.transport, each.address))
    differing = sum([each.word != "agreed" for each in found])
    told = f"{plural(len(found), 'port')} compared, " + (
        f"{differing} seen differently" if differing else "no difference"
    )
    head = Paragraph(line(Span(told, "strong")))
    return Document((head, Table(COLUMNS, tuple([_row(each) for each in rows]))) if rows else (head,))


def severity(each: Compared) -> str:
    """How grave a difference is; what a firewall holds back is as it may be meant."""
    return SEVERITIES.get(each.word, "none")


def _rank(each: Compared) -> int:
    return WORDS.index(each.word) if each.word in WORDS else len(WORDS)


def _row(each: Compared) -> tuple[Line, ...]:
    texts = (each.transport, str(each.port), each.address, each.inside, each.outside, each.sentence)
    return ((mark(severity(each)),), *[(Span(text, "", text or "-"),) for text in texts])
