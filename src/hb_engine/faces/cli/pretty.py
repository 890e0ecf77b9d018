"""Documents for a person's terminal: fitted to its width, meanings coloured, and readable without the colours.

Colour never stands alone: each severity has its own symbol, and what colour marks is said in words too. Only the eight
colours that the person's own theme defines are used, by ECMA-48 select graphic rendition (SGR), which is why no
library is imported: a terminal's answer costs no more than a pipe's, and a bare checkout looks the same as an installed
one. It refuses to emit any escape sequence but SGR, and none at all from inside a span.
"""

from __future__ import annotations

from hb_engine.faces.cli.layout import lay_out
from hb_engine.faces.document import Span
from hb_engine.faces.text import escape, to_ascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Document, Line

SGR = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "33",
    "none": "32",
    "info": "32",
    "strong": "1",
    "command": "36",
    "label": "2",
    "heading": "2",
    "dim": "2",
    "number": "2",
}


def render(document: Document, columns: int, *, colour: bool, unicode: bool = True) -> str:
    """The document as text for so many columns; without unicode in ASCII only."""
    show = show_unicode if unicode else show_ascii
    text = "".join([paint(line, colour=colour) + "\n" for line in lay_out(document, show, columns)])
    return text if unicode else to_ascii(text)  # the layout's own ellipsis


def show_unicode(span: Span) -> Span:
    """What a span reads on a terminal; strangers' characters escaped."""
    return Span(escape(span.text), span.style)


def show_ascii(span: Span) -> Span:
    """What a span reads where only ASCII can be shown."""
    return Span(to_ascii(escape(span.text)), span.style)


def paint(line: Line, *, colour: bool) -> str:
    """A line with its meanings as SGR sequences, each closed before the next; spaces at the end left out."""
    if not colour:
        return "".join([span.text for span in line]).rstrip(" ")
    parts = [f"\x1b[{SGR[s.style]}m{s.text}\x1b[m" if s.style in SGR and s.text.strip() else s.text for s in line]
    return "".join(parts).rstrip(" ")
