"""Gopher (RFC 1436): an empty line is answered with a menu: lines of four fields, a letter before the first, and a dot.

Only the top menu is read.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.identify.lines import product
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("gopher", tcp=(70,))
KINDS = b"0123456789+TgIihdsMp;<:"
MARKS = (("Gophernicus", "Gophernicus", ""), ("PyGopherd", "PyGopherd", ""), ("Motsognir", "Motsognir", ""))


def talk(peer: Peer) -> Talk:
    """One empty selector, one menu."""
    reply = yield Ask(b"\r\n", until=lambda data: data.endswith((b"\r\n.\r\n", b"\n.\n")) or len(data) >= 32768)
    lines = [line.rstrip(b"\r") for line in reply.split(b"\n") if line.strip()]
    ended = bool(lines) and lines[-1] == b"."
    items = [line for line in lines if line != b"."]
    if not items or not all(
        _is_item(line) for line in items[: len(items) if ended or not reply.ended else -1] or items
    ):
        return None
    shown = " ".join([text(item[1:].partition(b"\t")[0]) for item in items])
    name, version, _ = product(shown, MARKS)
    hosts = [item.split(b"\t")[2] for item in items if item[:1] not in b"i3h" and item.count(b"\t") >= 3]
    return Identity(
        "gopher",
        name,
        version,
        info=text(items[0][1:].partition(b"\t")[0]),
        hostname=text(hosts[0]) if hosts else "",
        evidence=f"a menu of {len(items)} items",
    )


def hint(reply: bytes) -> bool:
    """The complaint about a selector named GET: one error item."""
    line = reply.split(b"\n")[0].rstrip(b"\r")
    return line[:1] == b"3" and _is_item(line)


def _is_item(line: bytes) -> bool:
    """Type and text, selector, host, port; Gopher+ adds a fifth field."""
    fields = line.split(b"\t")
    return len(fields) in (4, 5) and line[:1] in KINDS and len(line) > 1 and fields[3].strip().isdigit()
