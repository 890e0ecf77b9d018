"""The page of `hb check`: what differs, the worst first, with its probable cause, who decided, and what to type next.

As expected is one line. Debt, notes and what is muted are counted in a line each; what could not be seen is told, for
it may hide the rest. Many machines are told together: what is alike in kind, rule and key is one row. A row is never
left out without being counted. It refuses to judge: severities and words are the report's.
"""

from __future__ import annotations

from hb_engine.faces.document import (
    Blank,
    Column,
    Document,
    Field,
    Fields,
    Headline,
    Paragraph,
    Span,
    Table,
    line,
    listed,
)
from hb_engine.faces.document import command as typed
from hb_engine.faces.stories import coverage as covered
from hb_engine.faces.stories.owners import holder_line, started, why_query
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import ago, moment, place, scope
from hb_engine.model.record import record
from hb_engine.model.report import DRIFTS, Verdict
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hb_engine.faces.document import Block, Line
    from hb_engine.model.report import Report

MOST = 400  # rows where nobody said --all: a page that nobody reads to its end hides what is on it
NAMED = 3  # machines named in a row
MEANT = SEVERITIES.index("medium")  # nobody is told how to accept what is worse
TOLD = 4  # things told that could not be seen
CAME = ("new", "widened", "owner-changed", "hidden", "forbidden")
RECENT = 86400.0  # seconds
ALL_SEEN = "as root, nothing unseen"
OF_THE_RULES = ("unsafe-baseline", "foreign-lock", "learning")
COLUMNS = (
    Column(""),
    Column("place"),
    Column("scope", drop=2),
    Column("who", flexible=True, least=14, drop=1),
    Column("word"),
    Column("what", flexible=True, least=30, flow=True),
)


@record
class Group:
    """Verdicts that are alike, of any number of machines; the first stands for all."""

    first: Verdict
    hosts: tuple[str, ...]


def tell(
    reports: Sequence[Report], now: float, rows: int | None = None, *, every: bool = False, took: str = ""
) -> Document:
    """The page. `rows` is how many rows there is room for; with `every` everything is told, notes and debt too."""
    groups = grouped([one for each in reports for one in each.verdicts])
    shown = [one for one in groups if every or one.first.state == "drift"]
    if not shown and not _told(groups, "unseen") and not _is_grave(groups):
        return Document((Paragraph(line(*_quiet(reports, groups))),))
    most = len(shown) if every else MOST if rows is None else max(rows, 1)
    blocks: list[Block] = [Headline(_headline(reports, groups), _right(reports, took))]
    table: list[tuple[Line, ...]] = []
    told = 0
    for group in shown[:most]:
        cells = _rows(group, now, many=len(reports) > 1)
        if rows is not None and not every and table and len(table) + len(cells) > rows:
            break
        table += cells
        told += 1
    if table:
        blocks += [Blank(), Table(COLUMNS, tuple(table), header=False)]
    fields = _fields(reports, groups, shown, told, every=every)
    return Document((*blocks, Blank(), Fields(tuple(fields)))) if fields else Document(tuple(blocks))


def _is_grave(groups: list[Group]) -> bool:
    """Whether a note is worth more than a line: others may write the rules."""
    return any(one.first.state == "note" and _weight(one.first) > MEANT for one in groups)


def grouped(verdicts: Iterable[Verdict]) -> list[Group]:
    """Verdicts that are alike in kind, state, rule and key as one, the worst first, then what most machines have."""
    found: dict[tuple[str, str, str, str], list[Verdict]] = {}
    for one in verdicts:
        found.setdefault((one.kind, one.state, one.rule, one.key), []).append(one)
    groups = [
        Group(max(alike, key=_weight), tuple(dict.fromkeys([one.host for one in alike]))) for alike in found.values()
    ]
    return sorted(groups, key=lambda one: (one.first.state != "drift", -_weight(one.first), -len(one.hosts)))


def _weight(one: Verdict) -> int:
    return SEVERITIES.index(one.severity)


def _told(groups: list[Group], *states: str) -> list[Group]:
    return [one for one in groups if one.first.state in states]


# -- the head


def _quiet(reports: Sequence[Report], groups: list[Group]) -> list[Span | str]:
    """One line for what is as it should be."""
    openings, rules = sum([each.openings for each in reports]), max([each.rules for each in reports], default=0)
    who = reports[0].host.name or "this machine" if len(reports) == 1 else plural(len(reports), "machine")
    debt = _told(groups, "debt")
    expected = sum([each.expected for each in reports])
    parts: list[Span | str] = [f"{who}: {plural(openings, 'opening')}, {expected} expected by {plural(rules, 'rule')}"]
    parts += ["" if debt else ", no drift"]
    parts += [f", {len(debt)} never reviewed   ", typed("hb review")] if debt else []
    told = [one for one in _told(groups, "note") if one.first.severity != "info"]
    parts += [f"{'   ' if debt else ', '}{_kinds(told)}   ", typed("hb check --all")] if told else []
    seen = _seen(reports)
    return [*parts, Span(f"   ({seen})", "dim")] if seen != ALL_SEEN and seen else parts


def _headline(reports: Sequence[Report], groups: list[Group]) -> Line:
    drift, debt = _told(groups, "drift"), _told(groups, "debt")
    openings, expected = sum([each.openings for each in reports]), sum([each.expected for each in reports])
    first = reports[0]
    subject = first.host.name or "this machine" if len(reports) == 1 else plural(len(reports), "machine")
    rules = f"{first.baseline or 'the packs'}: {plural(max([each.rules for each in reports]), 'rule')}"
    said: list[Span | str] = [Span(subject, "strong"), f" \u00b7 {rules} \u00b7 {plural(openings, 'opening')}, "]
    said += [f"{expected} expected, "]
    count = sum([len(one.hosts) for one in drift])
    said.append(Span(f"{count} drift" if count else "no drift", drift[0].first.severity if drift else ""))
    said += [f", {len(debt)} never reviewed"] if debt else []
    return line(*said)


def _right(reports: Sequence[Report], took: str) -> Line:
    return line(Span(", ".join([part for part in (_seen(reports), took) if part]), "dim"))


def _seen(reports: Sequence[Report]) -> str:
    """How much could be seen, of one machine: without root, 2 gaps."""
    if len(reports) != 1:
        return ""
    asked = reports[0].coverage
    return ALL_SEEN if asked.privileged and not asked.gaps else covered.in_short(asked, ())


# -- rows


def _rows(group: Group, now: float, *, many: bool) -> list[tuple[Line, ...]]:
    """A verdict in one row, and its probable cause in another."""
    one = group.first
    severity = Span(one.severity if one.state == "drift" else one.state, one.severity)
    who = holder_line(one.opening) if one.opening is not None else ()
    reach = line(scope(one.opening.scope)) if one.opening is not None else ()
    word = line(Span(one.kind, "strong"))
    rows: list[tuple[Line, ...]] = [((severity,), line(_place(one)), reach, who, word, _reason(group, now, many=many))]
    for cause in one.causes[:2]:
        source = Span(f"   {cause.source}", "dim") if cause.source not in cause.text else ""
        told = line(f"{cause.text}, {moment(cause.at, now)}", source)
        rows.append(((), (), (), (), line(Span("likely", "dim")), told))
    return rows


def _since(one: Verdict, now: float) -> str:
    """When it came: as history has it, else, where that is news, when who holds it started."""
    if one.state != "drift" or one.opening is None or one.kind not in CAME:
        return ""
    if one.since is not None:
        return f"first seen {ago(one.since, now)}"
    begun = started(one.opening)
    return f"started {ago(begun, now)}" if begun is not None and now - begun < RECENT else ""


def _place(one: Verdict) -> str:
    """tcp 1703; of what is not there, as its key says."""
    if one.opening is not None:
        return place(one.opening)
    parts = one.key.split("/")
    return f"{parts[0]} {parts[2]}" if len(parts) > 2 else one.key


def _reason(group: Group, now: float, *, many: bool) -> Line:
    one = group.first
    parts: list[Span | str] = [one.reason]
    if one.rule and one.where is not None and one.where.file:
        owner = f", owner {one.owner}" if one.owner and f"owner {one.owner}" not in one.reason else ""
        name = "" if one.rule in one.reason else f"{one.rule} "
        parts.append(Span(f"   {name}({one.where.file}:{one.where.line}{owner})", "dim"))
    elif one.rule and one.kind == "suspicious":
        parts.append(Span(f"   {one.rule}", "dim"))
    since = _since(one, now)
    parts += [f"; {since}" if len(parts) == 1 else f"   {since}"] if since else []
    if many:
        names = list(group.hosts[:NAMED])
        more = len(group.hosts) - len(names)
        parts.append(f"   on {joined(names) if not more else ', '.join(names) + f' and {more} more'}")
    return line(*parts)


# -- the foot


def _fields(
    reports: Sequence[Report], groups: list[Group], shown: list[Group], told: int, *, every: bool
) -> list[Field]:
    fields = []
    if len(shown) > told:
        rest = shown[told:]
        counts = [f"{n} {kind}" for kind in DRIFTS if (n := sum([one.first.kind == kind for one in rest]))]
        fields.append(Field("more", (line(f"{', '.join(counts)}   ", typed("hb check --all")),)))
    debt, notes = _told(groups, "debt"), _told(groups, "note")
    unseen = _told(groups, "unseen")
    if unseen and not every:
        fields.append(_unseen(unseen))
    if debt and not every:
        fields.append(Field("debt", (line(f"{len(debt)} never reviewed   ", typed("hb review")),)))
    if notes and not every:
        fields.append(_notes(notes))
    quiet = [(_told(groups, state), state) for state in ("muted", "accepted")]
    said = [line(f"{len(found)} {state}") for found, state in quiet if found and not every]
    if said:
        fields.append(Field("quiet", (line(*listed(said), "   ", typed("hb check --all")),)))
    after = _next(reports, shown)
    return [*fields, *([Field("next", (after,))] if after else [])]


def _unseen(unseen: list[Group]) -> Field:
    lines: list[Line] = []
    for one in unseen[:TOLD]:
        remedy = f" ({one.first.remedy})" if one.first.remedy else ""
        lines.append(line(f"{_place(one.first)}: {one.first.reason}{remedy}"))
    if len(unseen) > TOLD:
        lines.append(line(f"and {len(unseen) - TOLD} more   ", typed("hb check --all")))
    return Field("unseen", tuple(lines), "medium")


def _notes(notes: list[Group]) -> Field:
    """How many of each kind; what is said of the rules and the lock themselves is told whole."""
    whole = [one for one in notes if one.first.kind in OF_THE_RULES]
    counted = [one for one in notes if one not in whole]
    lines = [line(Span(one.first.reason, one.first.severity), f"   ({one.first.remedy})") for one in whole[:TOLD]]
    lines += [line(f"{_kinds(counted)}   ", typed("hb check --all"))] if counted else []
    return Field("notes", tuple(lines))


def _kinds(groups: list[Group]) -> str:
    """2 changed, 1 vanished."""
    kinds: dict[str, int] = {}
    for one in groups:
        kinds[one.first.kind] = kinds.get(one.first.kind, 0) + 1
    return ", ".join([f"{count} {kind}" for kind, count in kinds.items()])


def _next(reports: Sequence[Report], shown: list[Group]) -> Line:
    """What to type: the story of the worst, and how to accept what is meant."""
    drift = [one.first for one in shown if one.first.state == "drift"]
    if not drift or len(reports) > 1 or reports[0].source:
        return ()
    asks = [query for one in drift if one.opening is not None and (query := why_query(one.opening))]
    first = line(typed(f"hb why {asks[0]}")) if asks else ()
    places = [one.opening for one in drift if one.kind == "new" and one.opening and _weight(one) <= MEANT]
    meant = next((opening for opening in places if opening.port is not None), None)
    if meant is None:
        return first
    return line(*first, "   ", typed(f"hb accept {meant.transport}/{meant.port}"), "   where it is meant")
