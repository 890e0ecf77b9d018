"""Markdown for comments on merge requests and for job summaries: what drifts first, the quiet folded into counts.

A person reads it between other comments: a headline with the result, a table of drift, then one line each for what is
quiet. Strangers' text never becomes markup, a mention or a link (markup.py).
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.markup import code, in_cell, row, words
from hb_engine.faces.export.telling import KIND_WORDS, count, drift, subject
from hb_engine.faces.text import joined, plural
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.report import Report, Verdict

FORMAT = Format("markdown", "Markdown: comments on merge requests, job summaries", ".md")
MOST = 200  # rows
CELL = 300  # characters of a text in a cell: one long name must not push other drifts out of the page
ROOM = 48_000  # bytes of the table: forges refuse comments of more than 64 KiB
UNSURE = "no drift, but not all could be seen"
QUIET = {
    "debt": "not decided yet",
    "unseen": "could not be seen",
    "muted": "muted by a window",
    "accepted": "accepted",
    "note": "for the record",
}


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The page."""
    return "\n".join(_lines(reports, version)) + "\n"


def _lines(reports: Sequence[Report], version: str) -> Iterator[str]:
    found, states = drift(reports), count(reports, "state")
    openings, expected = sum([each.openings for each in reports]), sum([each.expected for each in reports])
    calm = UNSURE if states["unseen"] else "no drift" if states["debt"] else "as expected"
    result = plural(len(found), "difference") if found else calm
    yield f"## Network baseline: {result}"
    yield ""
    yield f"{plural(openings, 'opening')} on {plural(len(reports), 'machine')}, {expected} expected by rules" + _quiet(
        states
    )
    if found:
        yield ""
        yield from _table(found, many=len(reports) > 1)
    yield from _unseen(reports)
    yield ""
    looked = sorted({iso(report.taken_at) for report in reports})
    when = f", looked at {looked[0]}" + (f" to {looked[-1]}" if len(looked) > 1 else "") if looked else ""
    yield f"hb-engine {words(version)}{when.replace('T', ' ').replace('Z', ' UTC')}"


def _quiet(states: dict[str, int]) -> str:
    told = [f"{states[state]} {meaning}" for state, meaning in QUIET.items() if states[state]]
    return f"; {joined(told)}." if told else "."


def _table(found: list[tuple[Report, Verdict]], *, many: bool) -> Iterator[str]:
    host = ["machine"] if many else []
    titles = ["severity", *host, "what", "opening", "why it is told", "rule and owner", "probable cause", "what to do"]
    yield row(titles)
    yield row(["---"] * len(titles))
    room, shown = ROOM, 0
    for report, verdict in found[:MOST]:
        line = _row(report, verdict, many=many)
        room -= len(line.encode()) + 1
        if room < 0 and shown:
            break
        yield line
        shown += 1
    if len(found) > shown:
        yield ""
        yield f"And {len(found) - shown} more; hb check has them all."


def _row(report: Report, verdict: Verdict, *, many: bool) -> str:
    first = [code(cut(verdict.host or report.host.name), cell=True)] if many else []
    return row([
        f"**{verdict.severity}**" if verdict.severity in ("high", "critical") else verdict.severity,
        *first,
        KIND_WORDS[verdict.kind][0],
        code(cut(subject(verdict)), cell=True),
        in_cell(cut(verdict.reason)),
        _rule(verdict),
        in_cell(cut(f"{verdict.causes[0].text} ({verdict.causes[0].source})")) if verdict.causes else "",
        in_cell(cut(verdict.remedy)),
    ])  # fmt: skip


def cut(text: str) -> str:
    """A text as long as a cell has room for."""
    return text if len(text) <= CELL else f"{text[: CELL - 3]}..."


def _rule(verdict: Verdict) -> str:
    parts = [code(cut(verdict.rule), cell=True)] if verdict.rule else []
    parts += [code(cut(verdict.where.text), cell=True)] if verdict.where is not None else []
    parts += [f"owner {in_cell(cut(verdict.owner))}"] if verdict.owner else []
    return ", ".join(parts)


def _unseen(reports: Sequence[Report]) -> Iterator[str]:
    told = [
        f"- {words(cut(verdict.reason))}"
        for report in reports
        for verdict in report.verdicts
        if verdict.state == "unseen"
    ]
    told += [f"- {words(cut(f'{gap.what}: {gap.why}'))}" for report in reports for gap in report.coverage.gaps]
    if told:
        yield ""
        yield "Not seen:"
        yield ""
        yield from dict.fromkeys(told[:MOST])
