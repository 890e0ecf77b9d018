"""What was seen, what was not, and what would show it. A short answer never hides that it is a partial one."""

from __future__ import annotations

from hb_engine.faces.document import Field, Span, line
from hb_engine.faces.text import plural
from hb_engine.faces.words import gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Line
    from hb_engine.model.inventory import Coverage
    from hb_engine.model.opening import Opening


def unnamed(openings: tuple[Opening, ...]) -> list[Opening]:
    """Openings whose processes are unknown and which are not the kernel's own."""
    return [o for o in openings if not o.owners and not (o.unowned and o.unowned.reason == "kernel")]


def in_short(coverage: Coverage, openings: tuple[Opening, ...]) -> str:
    """As root, nothing unseen; without root, 5 owners unnamed, 2 gaps."""
    parts = ["as root" if coverage.privileged else "without root"]
    nameless = len(unnamed(openings))
    if nameless:
        parts.append(plural(nameless, "owner") + " unnamed")
    if coverage.gaps:
        parts.append(plural(len(coverage.gaps), "gap"))
    return ", ".join(parts) if len(parts) > 1 else f"{parts[0]}, nothing unseen"


def unseen(coverage: Coverage, most: int | None = None) -> Field | None:
    """The gaps, each in a sentence with its remedy; None where there are none."""
    if not coverage.gaps:
        return None
    lines: list[Line] = [line(gap(value)) for value in coverage.gaps[:most]]
    left = len(coverage.gaps) - len(lines)
    if left:
        lines.append((Span(f"and {plural(left, 'more gap')}: hb ls --json tells all", "dim"),))
    return Field("unseen", tuple(lines), "medium")


def seen(openings: tuple[Opening, ...], coverage: Coverage) -> Field | None:
    """How many owners are not named, and what is known of them all the same; None where all are."""
    nameless = unnamed(openings)
    if not nameless:
        return None
    known = sum([1 for opening in nameless if opening.unit or opening.container])
    text = f"{plural(len(openings), 'opening')}, {len(nameless)} of them without a named owner"
    if not known and coverage.gaps:  # a gap says it, and there is nothing to add
        return None
    if known:
        text += f"; the unit or container of {known} is known"
    if not coverage.privileged and not coverage.gaps:  # a gap says it better
        text += ". Run as root, or give hb CAP_SYS_PTRACE, to name the rest"
    return Field("seen", (line(text + "."),))


def asked(coverage: Coverage) -> Field:
    """The sources that were asked, and with which rights."""
    sources = ", ".join(coverage.sources) or "nothing"
    return Field("asked", (line(f"{sources}; {'as root' if coverage.privileged else 'without root'}"),))
