"""What was, as pages: a look that was kept, the changes, the spans of a port, and the line of `hb` about yesterday.

Between two looks nobody knows, so nothing is said to have opened at a time: it opened between two looks, or before the
first. What closed without a look that could tell is called neither open nor closed.
"""

from __future__ import annotations

from hb_engine.faces.document import (
    Blank,
    Column,
    Document,
    Field,
    Headline,
    Paragraph,
    Span,
    Table,
    command,
    line,
    listed,
    mark,
)
from hb_engine.faces.stories.order import is_noise
from hb_engine.faces.stories.owners import holder, holder_line, pids, worst
from hb_engine.faces.text import plural
from hb_engine.faces.words import ago, moment, place, scope
from hb_engine.model.opening import leads_of
from hb_engine.wire.dates import DAY, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.remembering.history import Kept, Past, Story
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.history import Change, KeyChange, News
    from hb_engine.model.history import Span as Interval
    from hb_engine.model.opening import Opening
    from hb_engine.store.sqlite.repair import Repaired

FEW = 4  # changes in the line of hb
HINT = Field("history", (line("none is kept yet   ", command("hb record --timer")),))  # once
STYLES = {"opened": "medium", "widened": "high", "owner": "high", "closed": "", "narrowed": "", "facts": "dim"}
CHANGES = (
    Column("WHEN", "when"),
    Column("WHAT", "what"),
    Column("PLACE", "place"),
    Column("OWNER", "owner", flexible=True, least=12),
    Column("DETAIL", "detail", flexible=True, least=14, flow=True),
)
SPANS = (
    Column("", "severity"),
    Column("PLACE", "place"),
    Column("SCOPE", "scope"),
    Column("PID", "pid", drop=2),
    Column("OWNER", "owner", flexible=True, least=14),
    Column("WHEN", "when", flexible=True, least=24, flow=True),
)


def kept(done: Kept, now: float) -> Document:
    """A look that was kept, and what it showed."""
    seen = done.look
    what = f"{plural(len(seen.openings), 'opening')} of {seen.host.name} kept in {done.path}"
    if done.before is None:
        said = "The first look: whatever changes from now on is told."
        return Document((Paragraph(line(Span(f"{what}.", "strong"))), Paragraph(line(said))))
    since = f"since {moment(done.before, now)}, {ago(done.before, now)}"
    found = without_noise(done.changes)
    if not found:
        return Document((Paragraph(line(Span(f"{what}.", "strong"), f" No change {since}.")),))
    head = Paragraph(line(Span(f"{what}.", "strong"), f" {plural(len(found), 'change')} {since}:"))
    return Document((head, _changes(found, now, header=False)))


def repaired(done: Repaired) -> Document:
    """What a repair did."""
    if not done.aside:
        return Document((Paragraph(line(f"Nothing is wrong with {done.path}.")),))
    saved = f"{plural(done.looks, 'look')} could be saved. The old file is {done.aside}."
    return Document((Paragraph(line(Span(f"{done.problem}.", "medium"))), Paragraph(line(saved))))


def without_noise(found: tuple[Change, ...]) -> tuple[Change, ...]:
    """Changes without those of clients and idle sockets, which come and go all day."""
    return tuple([change for change in found if not is_noise(change.opening)])


def changes(told: Story, since: float, now: float, *, everything: bool = False) -> Document:
    """The changes after a time, the latest first; those of clients and idle sockets are counted unless asked for."""
    found = told.changes if everything else without_noise(told.changes)
    head = _head(told, f"{plural(len(found), 'change')} since {moment(since, now)}", now)
    blocks: list[Block] = [head]
    if found:
        blocks += [Blank(), _changes(found, now)]
    hidden = len(told.changes) - len(found)
    if hidden:
        noise = f"{plural(hidden, 'change')} of clients and idle sockets not shown   "
        blocks += [Blank(), Paragraph(line(noise, command("hb history --all")))]
    if not found:
        return Document(tuple(blocks))
    blocks += [] if hidden else [Blank()]
    first = found[0].opening
    if first.port is not None:
        blocks.append(
            Paragraph(line("One port's whole story: ", command(f"hb history {first.transport}/{first.port}")))
        )
    return Document(tuple(blocks))


def spans(told: Story, what: str, now: float) -> Document:
    """The spans of a port or of what some words find, the latest first."""
    head = _head(
        told, f"{what}: {plural(len(told.spans), 'time')} seen open" if told.spans else f"{what}: never seen open", now
    )
    if not told.spans:
        return Document((head,))
    rows = tuple([_span(span, told, now) for span in told.spans])
    return Document((head, Blank(), Table(SPANS, rows)))


def as_of(past: Past, now: float) -> Document:
    """By which look a listing of the past is, and until when nobody looked."""
    found = past.moment
    then = f"As {found.look.host} was {moment(found.asked, now)}, by the look of {moment(found.look.taken_at, now)}"
    if found.until is None:
        after = "nobody has looked since"
    elif found.asked == found.look.taken_at:
        after = f"the next look was {moment(found.until, now)}"
    else:
        after = f"nobody looked between {moment(found.look.taken_at, now)} and {moment(found.until, now)}"
    rights = "" if found.look.privileged else ". That look was without root: names of owners are from looks before"
    return Document((Paragraph(line(f"{then}; {after}{rights}."), 1),))


def new_since(told: Story, since: float, now: float) -> Document:
    """What a listing of new openings is of."""
    if told.first is not None and told.first > since:
        begun = (
            f"{told.host} is looked at since {moment(told.first, now)} only; what that look showed is not called new"
        )
    else:
        begun = f"New at {told.host} since {moment(since, now)}"
    return Document((Paragraph(line(f"{begun}. The last look was {_when(told.last, now)}."), 1),))


def since_line(told: News, live: frozenset[str], now: float) -> Field | None:
    """The line of `hb`: what changed since yesterday, and what is open now that the last look did not show."""
    items = _unkept(told, live) + _key_changes(told.changes)
    found = list(dict.fromkeys(items))
    if not found:
        return None
    more = [line(f"and {len(found) - FEW} more   ", command("hb history"))] if len(found) > FEW else []
    lines: list[Line] = [(Span(text, style),) for text, style in found[:FEW]]
    older = told.last is not None and now - told.last > DAY
    return Field(f"since {iso_day(told.last or 0)}" if older else "since yesterday", (listed(lines + more, "   "),))


# -- parts


def _head(told: Story, what: str, now: float) -> Headline:
    since = "" if told.first is None else f"looked at since {moment(told.first, now)}, last {_when(told.last, now)}"
    return Headline(line(Span(told.host, "strong"), f" \u00b7 {what}"), line(Span(since, "dim")) if since else ())


def _when(then: float | None, now: float) -> str:
    return "never" if then is None else ago(then, now)


def _changes(found: tuple[Change, ...], now: float, *, header: bool = True) -> Table:
    rows = [
        (
            line(_by(change, now)),
            line(Span(change.kind, STYLES.get(change.kind, ""))),
            line(place(change.opening)),
            holder_line(change.opening),
            line(detail(change)),
        )
        for change in found
    ]
    return Table(CHANGES, tuple(rows), header)


def _by(change: Change, now: float) -> str:
    """When: at the latest by the look that showed it."""
    return f"by {moment(change.at, now)}"


def detail(change: Change) -> str:
    """What is different, in a phrase."""
    now, was = change.opening, change.previous
    if was is None:
        return scope(now.scope)
    if change.kind in ("widened", "narrowed"):
        return f"{scope(was.scope)} \u2192 {scope(now.scope)}"
    if change.kind == "owner":
        return f"{holder(was)} before"
    return ", ".join(_facts(was, now)) or "another fact of it"


def _facts(was: Opening, now: Opening) -> list[str]:
    """Which facts differ: versions, executables, users, addresses."""
    told = []
    for name, of in (
        ("", _packages),
        ("", _executables),
        ("user ", lambda one: one.user or str(one.uid or "")),
        ("", lambda one: ", ".join(one.addresses)),
        ("", lambda one: ", ".join(one.flags)),
        ("leads to ", lambda one: ", ".join(leads_of(one))),
    ):
        before, after = of(was), of(now)
        if before != after:
            told.append(f"{name}{before or 'none'} \u2192 {after or 'none'}")
    return told


def _packages(one: Opening) -> str:
    package = one.owners[0].package if one.owners else None
    return f"{package.name} {package.version}" if package else ""


def _executables(one: Opening) -> str:
    owner = one.owners[0] if one.owners else None
    if owner is None or owner.exe is None:
        return ""
    return owner.exe if owner.exe_state == "present" else f"{owner.exe} ({owner.exe_state})"


def _span(span: Interval, told: Story, now: float) -> tuple[Line, ...]:
    one = span.opening
    cells = (place(one), scope(one.scope), pids(one) or "-")
    until = _until(span, told, now)
    style = "" if span.gone_at is None else "dim"
    return (
        (mark(worst(one)),),
        *[line(Span(cell, style)) for cell in cells],
        holder_line(one),
        line(f"opened {_opened(span, told, now)}; {until}"),
    )


def _opened(span: Interval, told: Story, now: float) -> str:
    if span.before is not None:
        return _between(span.before, span.first_seen, now)
    first = told.first is not None and span.first_seen <= told.first
    return f"before {moment(span.first_seen, now)}, the first look" + ("" if first else " that could show it")


def _between(first: float, last: float, now: float) -> str:
    """Two times; the day said once, where it is one."""
    one, other = moment(first, now), moment(last, now)
    day, blank, clock = other.partition(" ")
    return f"{one} to {clock if blank and one.startswith(day) else other}"


def _until(span: Interval, told: Story, now: float) -> str:
    if span.gone_at is not None:
        return f"closed {_between(span.last_seen, span.gone_at, now)}"
    if told.last is not None and span.last_seen < told.last:
        return f"seen last {moment(span.last_seen, now)}; no look since could tell"
    return f"open still, {moment(span.last_seen, now)}"


def _key_changes(changes: tuple[KeyChange, ...]) -> list[tuple[str, str]]:
    """The latest of each place, the latest first; what opened and closed again was open for a while."""
    places: dict[str, list[KeyChange]] = {}
    for change in changes[::-1]:
        if change.kind != "facts":
            places.setdefault(_named(change.key)[0], []).append(change)
    items = []
    for what, found in places.items():
        for_a_while = what and found[0].kind == "closed" and found[-1].kind == "opened"
        item = (f"{what} was open for a while", STYLES["opened"]) if for_a_while else _key_change(found[0])
        items += [item] if item else []
    return items


def _key_change(change: KeyChange) -> tuple[str, str] | None:
    """+ tcp 1703; - tcp 443; tcp 6379 this machine -> everyone. None for what is no news in one line."""
    what, reach = _named(change.key)
    if not what:
        return None
    if change.kind in ("opened", "closed"):
        return ("+ " if change.kind == "opened" else "\u2212 ") + what, STYLES[change.kind]
    if change.kind in ("widened", "narrowed") and change.was:
        return f"{what} {_named(change.was)[1]} \u2192 {reach}", STYLES[change.kind]
    return (f"{what} has another owner", STYLES["owner"]) if change.kind == "owner" else None


def _unkept(told: News, live: frozenset[str]) -> list[tuple[str, str]]:
    """What is open now at places where the last look showed nothing, or nothing so wide. Owners are left to looks."""
    before: dict[str, set[str]] = {}
    for key in told.open:
        what, reach = _named(key)
        before.setdefault(what, set()).add(reach)
    found = []
    for key in sorted(live):
        what, reach = _named(key)
        if not what or reach in before.get(what, ()):
            continue
        if what in before:
            found.append((f"{what} {', '.join(sorted(before[what]))} \u2192 {reach}", STYLES["widened"]))
        else:
            found.append((f"+ {what}", STYLES["opened"]))
    return found


def _named(key: str) -> tuple[str, str]:
    """tcp 6379, and how far it reaches; empty for ports that the kernel chose, which come and go."""
    transport, reach, spot, *rest = [*key.split("/"), "", ""]
    if spot == "ephemeral" or not rest:
        return "", ""
    elsewhere = "" if key.endswith("/host") else f" ({key.rpartition('/')[2]})"
    return f"{transport} {spot}{elsewhere}", scope(reach)
