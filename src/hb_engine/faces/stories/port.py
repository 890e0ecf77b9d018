"""The page of a port: what it is registered for, what has been linked with it, and what this machine has there now."""

from __future__ import annotations

from hb_engine.faces.document import (
    Document,
    Field,
    Fields,
    Headline,
    Span,
    command,
    line,
)
from hb_engine.faces.stories import registry
from hb_engine.faces.stories.coverage import unnamed
from hb_engine.faces.stories.order import by_weight
from hb_engine.faces.stories.owners import holder, why_query
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.port import Found
    from hb_engine.faces.document import Line
    from hb_engine.model.assignment import PortPage, Pressure
    from hb_engine.model.opening import Opening

HERE = 8  # openings told before the rest is counted
ROWS = 5  # groups of registry rows told before --wide


def tell(
    found: Found, *, wide: bool = False, pressed: tuple[tuple[Pressure, ...], str] | None = None, trouble: str = ""
) -> Document:
    """A page, a table of matches, or what comes near. `trouble` says why the pressure that was asked for is missing."""
    if found.page:
        return _page(found, found.page, pressed, wide=wide, trouble=trouble)
    from hb_engine.faces.stories import found as others  # a page, the usual answer, needs none of it

    return others.matches(found, wide=wide) if found.matches else others.nothing(found)


def _page(
    found: Found, page: PortPage, pressed: tuple[tuple[Pressure, ...], str] | None, *, wide: bool, trouble: str
) -> Document:
    head = Headline(line(Span(f"{page.port}", "strong"), f"  {registry.title(page, found.transport)}"), _right(page))
    scanned = _scanned(page.port, pressed, trouble)
    fields = (
        _iana(page, wide=wide),
        _data(page),
        registry.threats(page.threats, each=wide, hint=" --wide has the sources."),
        scanned,
        _here(found),
        _wrong(found),
    )
    more = (_range(page), *_elsewhere(found)) if wide else ()
    return Document((head, Fields(tuple([field for field in (*fields, *more, registry.near(page)) if field]))))


def _wrong(found: Found) -> Field | None:
    """Trouble besides the answer, such as data that could not be used; where nobody could look, `here` says it."""
    said = found.problem if found.openings is not None else ""
    return Field("trouble", (line(Span(said, "medium")),)) if said else None


def _right(page: PortPage) -> Line:
    return (Span(registry.range_words(page.range), "dim"),)


def _iana(page: PortPage, *, wide: bool) -> Field:
    found = registry.groups(page.assignments)
    if not found:
        said = "never assigned: for outgoing connections and private use" if page.range.name == "dynamic" else "no row"
        return Field("IANA", (line(said),))
    lines: list[Line] = []
    for group in found if wide else found[:ROWS]:
        lines += [registry.iana(group), *registry.remarks(group)]
    if len(found) > ROWS and not wide:
        lines.append((Span(f"and {plural(len(found) - ROWS, 'more row')} (--wide)", "dim"),))
    return Field("IANA", tuple(lines))


def _data(page: PortPage) -> Field:
    told = registry.data_line(page)
    return Field("data", ((Span(f"{told}; it tells what should live here, not what does".lstrip("; "), "dim"),),))


def _scanned(port: int, pressed: tuple[tuple[Pressure, ...], str] | None, trouble: str) -> Field:
    if pressed:
        from hb_engine.faces.stories import pressure  # only on request, as the asking

        return pressure.field(*pressed)
    asking = line("not asked   ", command(f"hb port {port} --pressure"))
    return Field("scanned", (line(Span(trouble, "medium")) if trouble else asking,))


def _here(found: Found) -> Field:
    if found.openings is None:
        return Field("here", (line(Span(f"could not look: {found.problem or 'this system was not asked'}", "medium")),))
    if not found.openings:
        return Field("here", (_closed(found),))
    ordered = sorted(found.openings, key=by_weight)
    first, *others = [_opening(opening) for opening in ordered[:HERE]]
    lines = [(*first, Span("   "), _why(ordered[0])), *others]
    if len(ordered) > HERE:
        lines.append(line(f"and {len(ordered) - HERE} more"))
    return Field("here", (*lines, *_remarks(found, ordered)))


def _opening(opening: Opening) -> Line:
    where = f", in namespace {opening.netns.name or opening.netns.id}" if opening.netns.kind != "host" else ""
    name = Span(holder(opening), "strong" if opening.owners else "dim")
    return line(f"{opening.transport}: ", name, f", {reach(opening)}{where}")


def _why(opening: Opening) -> Span:
    query = why_query(opening)
    return command(f"hb why {query}" if query else "hb ls --wide")


def _remarks(found: Found, ordered: list[Opening]) -> list[Line]:
    """What else is known of the port here: the transports without an opening, and the owners without a name."""
    open_here = {opening.transport for opening in ordered}
    closed = [name for name in ("tcp", "udp") if name not in open_here and found.transport in (None, name)]
    partly = found.coverage is None or found.coverage.gaps
    told = [line(f"{name}: " + ("nothing seen, but not all could be asked" if partly else "closed")) for name in closed]
    missed = unnamed(tuple(ordered))
    return told + ([line(Span(f"{plural(len(missed), 'owner')} could not be named", "medium"))] if missed else [])


def _closed(found: Found) -> Line:
    query = found.page.port if found.page else found.query
    on = f"{found.transport}: " if found.transport else ""
    if found.coverage is None or found.coverage.gaps:
        text = f"{on}nothing seen, but not all could be asked   "
        return line(Span(text, "medium"), command(f"hb why {query}"))
    return line(f"{on}closed, as far as was asked   ", command(f"hb why {query}"))


def _range(page: PortPage) -> Field:
    place = page.range
    source = f"; read from {place.detail}" if place.detail else ""
    return Field("range", (line(f"{place.first} to {place.last}: {registry.range_words(place)}{source}"),))


def _elsewhere(found: Found) -> tuple[Field, ...]:
    lines = []
    for system in found.elsewhere:
        told = [
            *(["privileged"] if system.privileged else []),
            *(["for outgoing connections"] if system.ephemeral else []),
        ]
        lines.append(line(Span(f"{system.system}: ", "dim"), f"{joined(told) or 'an ordinary port'}; {system.note}"))
    return (Field("elsewhere", tuple(lines)),) if lines else ()
