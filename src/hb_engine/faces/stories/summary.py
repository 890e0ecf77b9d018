"""The one screen of `hb`: how many ways in, the worst on top, and what to type next.

It holds at most as many rows as it is given, says in one line what it left out, and never leaves out anything that a
rule has spoken of without saying so.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Span, Table, command, line, mark
from hb_engine.faces.stories import coverage as covered
from hb_engine.faces.stories import ruling
from hb_engine.faces.stories.order import by_weight, is_noise
from hb_engine.faces.stories.owners import holder_line, services, started, why_query, word, worst
from hb_engine.faces.text import plural
from hb_engine.faces.words import SCOPES, ago, milliseconds, number, scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.app.ruling.standing import Standing
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.inventory import Host, Inventory
    from hb_engine.model.opening import Opening

GAPS = 3  # as many are told here
RECENT = 86400  # seconds: a start that is part of the news
COLUMNS = (
    Column(""),
    Column("transport"),
    Column("port", align="right"),
    Column("scope"),
    Column("who", flexible=True, least=14),
    Column("what", flexible=True, least=15, flow=True),  # a registered name has 15 letters (RFC 6335 5.1)
)


def tell(
    look: Inventory,
    now: float,
    took: float,
    rows: int | None = None,
    further: tuple[Field, ...] = (),
    *,
    standings: Mapping[str, Standing] | None = None,
) -> Document:
    """The screen. `took` is seconds; `rows` is how many openings there is room for, None for no limit.

    `further` is what stands above the next command: what changed since yesterday. `standings` is what the baseline says
    of each opening, by key; None where there is no baseline.
    """
    openings = sorted([opening for opening in look.openings if not is_noise(opening)], key=by_weight)
    notable = [opening for opening in openings if word(opening) != "quiet" or opening.scope != "loopback"]
    shown = notable if rows is None else notable[: max(rows, 1)]
    blocks: list[Block] = [_headline(look, openings, took), Blank()]
    if shown:
        blocks += [Table(COLUMNS, tuple([_row(opening, now, standings) for opening in shown]), header=False)]
    hidden = len(look.openings) - len(openings)
    blocks += [Blank(), Fields(tuple(_fields(look, openings, shown, hidden, (further, standings))))]
    return Document(tuple(blocks))


def _headline(look: Inventory, openings: list[Opening], took: float) -> Headline:
    public = sum([opening.scope == "public" for opening in openings])
    odd = [opening for opening in openings if word(opening) != "quiet"]
    left: list[Span | str] = [Span(look.host.name or "this machine", "strong"), f" \u00b7 {_system(look.host)}"]
    left += [f" \u00b7 {plural(len(openings), 'way')} in, {public} open to everyone \u00b7 "]
    left.append(Span(f"{len(odd)} need{'' if len(odd) != 1 else 's'} a look", worst(odd[0])) if odd else "nothing odd")
    right = f"{covered.in_short(look.coverage, look.openings)}, {milliseconds(took)}"
    return Headline(line(*left), line(Span(right, "dim")))


def _system(host: Host) -> str:
    return (host.system.split(" (")[0] or "unknown system").replace("GNU/Linux ", "")


def _row(opening: Opening, now: float, standings: Mapping[str, Standing] | None) -> tuple[Line, ...]:
    wide = Span(scope(opening.scope), "strong" if opening.scope == "public" else "")
    cells = (
        line(opening.transport),
        line(number(opening)),
        (wide,),
        holder_line(opening),
        _what(opening, now, standings),
    )
    return ((mark(worst(opening)),), *cells)


def _what(opening: Opening, now: float, standings: Mapping[str, Standing] | None) -> Line:
    """What is said of an opening, and what the baseline says: first of what is odd, last of what is not."""
    told, ruled = line(remark(opening, now)), ruling.of(opening, standings)
    if not told or not ruled:
        return told or ruled
    return (*ruled, Span("; "), *told) if word(opening) != "quiet" else (*told, Span(", "), *ruled)


def remark(opening: Opening, now: float) -> str:
    """What is said of an opening in a table: the rules' reasons, else what is registered there."""
    if opening.verdict and word(opening) != "quiet":
        since = started(opening)
        told = "; ".join([reason.text.rstrip(".") for reason in opening.verdict.reasons])
        return told + (f"; started {ago(since, now)}" if since is not None and now - since < RECENT else "")
    return services(opening)


def _fields(
    look: Inventory,
    openings: list[Opening],
    shown: list[Opening],
    hidden: int,
    besides: tuple[tuple[Field, ...], Mapping[str, Standing] | None],
) -> list[Field]:
    further, standings = besides
    gaps, nameless = covered.unseen(look.coverage, GAPS), covered.seen(look.openings, look.coverage)
    rest = [opening for opening in openings if opening not in shown]
    more = [*([_rest(rest, standings)] if rest else []), *([_hidden(hidden)] if hidden else [])]
    if not openings:
        more.insert(0, line("nothing is open here, as far as was asked"))
    fields = [Field("more", tuple(more)) if more else None, nameless, gaps, *further]
    fields.append(Field("next", (_next(openings, standings),)))
    return [field for field in fields if field]


def _rest(rest: list[Opening], standings: Mapping[str, Standing] | None) -> Line:
    """What the screen leaves out, by scope, and whether any of it needs a look."""
    parts = [f"{count} {SCOPE_PHRASES[name]}" for name in SCOPES if (count := sum([o.scope == name for o in rest]))]
    odd = sum([word(opening) != "quiet" for opening in rest])
    verdict = Span(f"{odd} of them need a look", "high") if odd else Span("nothing odd")
    if standings and not odd and all(is_expected(opening, standings) for opening in rest):
        verdict = Span("all expected")
    return line(", ".join(parts) + ": ", verdict, "   ", command("hb ls --sort severity" if odd else "hb ls"))


def _hidden(count: int) -> Line:
    """Noise is counted, never silent."""
    return line(f"{plural(count, 'client or idle socket', 'clients and idle sockets')}   ", command("hb ls --all"))


SCOPE_PHRASES = {
    "loopback": "on this machine only",
    "link": "on this link",
    "private": "on private nets",
    "public": "open to everyone",
}


def is_expected(opening: Opening, standings: Mapping[str, Standing]) -> bool:
    """Whether a rule covers an opening."""
    standing = standings.get(opening.key)
    return standing is not None and standing.decision.word == "expected"


def _next(openings: list[Opening], standings: Mapping[str, Standing] | None) -> Line:
    """The worst to ask about, else the first port there is, else help."""
    asks = list(dict.fromkeys([query for o in openings if word(o) != "quiet" and (query := why_query(o))]))
    differs = standings is not None and not all(is_expected(opening, standings) for opening in openings)
    check = line("   ", command("hb check")) if differs else ()
    if asks:
        return (command(f"hb why {asks[0]}"), *check)
    known = next((opening.port for opening in openings if opening.port is not None), None)
    first = line(command(f"hb why {known}"), "   ") if known is not None else ()
    return (*first, command("hb --help"), *check)
