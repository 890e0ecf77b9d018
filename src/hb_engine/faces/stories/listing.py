"""The table of `hb ls`: one opening a line, with the columns that there is room for.

In a pipe every cell has a content (a dash where nothing is known), columns stand where they stood, and nothing is cut.
"""

from __future__ import annotations

from hb_engine.faces.document import Column, Document, Paragraph, Span, Table, command, line, mark
from hb_engine.faces.stories.opening import command_line
from hb_engine.faces.stories.owners import (
    container_of,
    holder_line,
    pids,
    services,
    started,
    unit_of,
    user_of,
    word,
    worst,
)
from hb_engine.faces.text import plural
from hb_engine.faces.words import ago, number, scope
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hb_engine.app.ruling.standing import Standing
    from hb_engine.faces.document import Line
    from hb_engine.model.answer import Answer
    from hb_engine.model.inventory import Coverage
    from hb_engine.model.opening import Opening

    Cell = Callable[[Opening, float], Line]


@record
class Listed:
    """A column and what it says of an opening at a time."""

    column: Column
    cell: Cell


def _say(text: str, style: str = "") -> Line:
    return (Span(text, style, text or "-"),)


def _scope(opening: Opening) -> Line:
    return _say(scope(opening.scope), "strong" if opening.scope == "public" else "")


def _netns(opening: Opening) -> str:
    return "host" if opening.netns.kind == "host" else opening.netns.name or str(opening.netns.id)


def _started(opening: Opening, now: float) -> str:
    since = started(opening)
    return "" if since is None else ago(since, now)


def _exe(opening: Opening) -> str:
    owner = opening.owners[0] if opening.owners else None
    if owner is None or owner.exe is None:
        return ""
    path = owner.exe.removesuffix(" (deleted)")
    return path if owner.exe_state == "present" else f"{path} ({owner.exe_state})"


def _package(opening: Opening) -> str:
    package = opening.owners[0].package if opening.owners else None
    return f"{package.name} {package.version}" if package else ""


def _container(opening: Opening) -> str:
    box = container_of(opening)
    return "" if box is None else f"{box.name or box.id[:12]} ({box.image or box.runtime})"


def _speaking(spoken: dict[str, Answer]) -> Listed:
    from hb_engine.faces.stories.answers import product, service, severity  # most listings ask nobody

    def cell(opening: Opening, now: float) -> Line:
        answer = spoken.get(opening.key)
        if answer is None:
            return _say("")
        grave = severity(answer, now)
        style = "" if grave in ("none", "info") else grave
        return _say(" ".join(filter(None, (service(answer), product(answer)))), style)

    return Listed(Column("speaks", flexible=True, least=12), cell)


def _ruling(standings: Mapping[str, Standing]) -> Listed:
    from hb_engine.faces.stories import ruling  # only where there is a baseline

    return Listed(Column("rule", flexible=True, least=9), lambda o, _: ruling.of(o, standings) or _say(""))


def _reasons(opening: Opening) -> Line:
    if word(opening) == "quiet" or not opening.verdict:
        return _say("")
    return _say("; ".join([reason.text for reason in opening.verdict.reasons]))


PLACE = (
    Listed(Column("", "severity"), lambda o, _: (mark(worst(o)),)),
    Listed(Column("transport"), lambda o, _: _say(o.transport)),
    Listed(Column("port", align="right"), lambda o, _: _say(number(o))),
    Listed(Column("scope"), lambda o, _: _scope(o)),
    Listed(
        Column("address", flexible=True, least=14, drop=4),
        lambda o, _: _say(",".join(o.addresses) + (f"%{o.interface}" if o.interface else "")),
    ),
)
NETNS = Listed(Column("netns", flexible=True, least=6, drop=2), lambda o, _: _say(_netns(o)))
HOLDER = (
    Listed(Column("pid", drop=5), lambda o, _: _say(pids(o))),
    Listed(Column("user", flexible=True, least=5, drop=3), lambda o, _: _say(user_of(o))),
    Listed(Column("owner", flexible=True, least=22), lambda o, _: holder_line(o)),
    Listed(Column("service", drop=1), lambda o, _: _say(services(o))),
)
WIDE = (
    Listed(Column("kind"), lambda o, _: _say(o.kind)),
    Listed(Column("started"), lambda o, now: _say(_started(o, now))),
    Listed(Column("unit"), lambda o, _: _say(unit_of(o) or "")),
    Listed(Column("container"), lambda o, _: _say(_container(o))),
    Listed(Column("package"), lambda o, _: _say(_package(o))),
    Listed(Column("executable"), lambda o, _: _say(_exe(o))),
    Listed(Column("command"), lambda o, _: _say(command_line(o.owners[0].cmdline) if o.owners else "")),
    Listed(Column("flags"), lambda o, _: _say(",".join(o.flags))),
)
REASONS = Listed(Column("reasons", flexible=True, least=0, flow=True), lambda o, _: _reasons(o))


def tell(
    openings: list[Opening],
    now: float,
    *,
    wide: bool = False,
    header: bool = True,
    spoken: dict[str, Answer] | None = None,
    standings: Mapping[str, Standing] | None = None,
) -> Document:
    """The table of these openings in this order; empty for none. `spoken`, by key, is what they said when asked;
    `standings` is what the baseline says of them, None where there is no baseline."""
    if not openings:
        return Document(())
    spaces = (NETNS,) if any(opening.netns.kind != "host" for opening in openings) else ()
    voices = (_speaking(spoken),) if spoken is not None else ()
    rules = (_ruling(standings),) if standings else ()
    shown = (*PLACE, *spaces, *HOLDER, *voices, *rules, *(WIDE if wide else ()), REASONS)
    rows = tuple([tuple([listed.cell(opening, now) for listed in shown]) for opening in openings])
    return Document((Table(tuple([listed.column for listed in shown]), rows, header),))


def footer(shown: int, matching: int, looked: int, coverage: Coverage) -> Document | None:
    """What the table does not say: nothing matched, noise was left out, not all was seen. None if there is nothing."""
    lines: list[Line] = []
    if not matching:
        lines.append(
            line(
                f"nothing matches, of {plural(looked, 'opening')}"
                if looked
                else "nothing is open there, as far as was asked"
            )
        )
    if matching > shown:
        noise = plural(matching - shown, "client or idle socket", "clients and idle sockets")
        lines.append(line(f"{noise} not shown   ", command("hb ls --all")))
    if coverage.gaps:
        lines.append(line(f"{plural(len(coverage.gaps), 'thing')} could not be seen   ", command("hb")))
    return Document(tuple([Paragraph(told, 1) for told in lines])) if lines else None
