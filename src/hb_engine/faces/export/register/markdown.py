"""The register as Markdown, for a wiki or a repository: the same tables as the page, without its colours."""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.markup import code, in_cell, row, words
from hb_engine.faces.export.registering import (
    approval,
    forbidden,
    numbers,
    open_now,
    reach,
    review,
    security,
    status,
    until,
)
from hb_engine.faces.words import place
from hb_engine.wire.dates import iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.register import Line, Register, Unapproved

FORMAT = Format("markdown", "Markdown: a wiki, a repository", ".md")
TITLES = ("service", "ports", "reach", "business need", "owner", "approved", "review due", "security", "open now")


def write(register: Register, version: str) -> str:
    """The page."""
    return "\n".join(_lines(register, version)) + "\n"


def _lines(register: Register, version: str) -> Iterator[str]:
    yield "# Register of ports, protocols and services"
    yield ""
    rules = code(register.baseline or "the baseline")
    yield f"Made on {iso_day(register.made_at)} by hb-engine {words(version)} from {rules}."
    yield ""
    for label, number, bad in numbers(register):
        yield f"- {f'**{number}**' if bad and number else number} {label}"
    yield from _open("Open without approval", register.unapproved)
    yield from _open("Open, and could not be judged", register.unjudged)
    yield from _heading("Allowed")
    yield from _table(TITLES)
    yield from [_line(line, register) for line in register.allowed]
    if register.forbidden:
        yield from _heading("Forbidden")
        yield from _table(("rule", "ports", "from where on", "why", "owner"))
        for line in register.forbidden:
            cells = [_name(line), code(" ".join(line.places), cell=True), in_cell(forbidden(line))]
            yield row([*cells, in_cell(line.rule.why), in_cell(line.rule.owner)])
    yield from _heading("Machines")
    yield from _table(("machine", "system", "looked at", "openings", "covered by rules", "not seen"))
    for machine in register.machines:
        gaps = "; ".join([f"{gap.what}: {gap.why}" for gap in machine.gaps])
        counts = [str(machine.openings), str(machine.expected)]
        cells = [code(machine.name, cell=True), in_cell(machine.system), in_cell(iso(machine.looked_at))]
        yield row([*cells, *counts, in_cell(gaps)])


def _open(title: str, found: tuple[Unapproved, ...]) -> Iterator[str]:
    if not found:
        return
    yield from _heading(title)
    yield from _table(("machine", "opening", "held by", "why it stands here", "what is known"))
    for one in found:
        opening = one.verdict.opening
        where = place(opening) if opening is not None else one.verdict.key
        who = opening.identity if opening is not None else ""
        cells = [code(one.machine, cell=True), code(where, cell=True), code(who, cell=True)]
        yield row([*cells, in_cell(status(one)), in_cell(one.verdict.reason)])


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""


def _table(titles: tuple[str, ...]) -> Iterator[str]:
    yield row(list(titles))
    yield row(["---"] * len(titles))


def _name(line: Line) -> str:
    name = code(line.rule.id or line.rule.where.text, cell=True)
    return f"{in_cell(' '.join(line.names))} {name}".strip()


def _line(line: Line, register: Register) -> str:
    end = until(line)
    due = review(line, register.made_at)
    now = [code(text, cell=True) for text in open_now(line, len(register.machines))]
    return row([
        _name(line),
        code(" ".join(line.places), cell=True),
        in_cell(reach(line)),
        in_cell(line.rule.why) or "**none is named**",
        in_cell(line.rule.owner) or "**nobody**",
        in_cell(approval(line)) + (f", until {in_cell(end)}" if end else ""),
        f"**{in_cell(due)}**" if line.is_overdue or line.due is None else in_cell(due),
        in_cell(security(line)),
        ", ".join(now) or "nothing",
    ])  # fmt: skip
