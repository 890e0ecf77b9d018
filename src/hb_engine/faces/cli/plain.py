"""Documents for a pipe, a file or a log: aligned, complete, one fact a line, no colour, nothing cut.

Symbols give way to words (critical instead of a cross), so that grep finds them. It refuses to guess a width.
"""

from __future__ import annotations

from hb_engine.faces.cli.layout import lay_out
from hb_engine.faces.document import Span
from hb_engine.faces.text import escape, to_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Document


def render(document: Document, *, unicode: bool = True) -> str:
    """The document as text, each line ended; without unicode in ASCII only."""
    lines = lay_out(document, show if unicode else show_ascii, None)
    return "".join(["".join([span.text for span in line]).rstrip(" ") + "\n" for line in lines])


def show(span: Span) -> Span:
    """What a span reads in plain text; strangers' characters escaped."""
    return Span(escape(span.text if span.plain is None else span.plain), span.style)


def show_ascii(span: Span) -> Span:
    """What a span reads where only ASCII can be written."""
    return Span(to_ascii(show(span).text), span.style)
