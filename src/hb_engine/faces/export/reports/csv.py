"""Verdicts as a table for spreadsheets: one row a verdict, comma-separated (RFC 4180), UTF-8, lines ended by LF.

A machine without any verdict has one row whose kind is empty, so that no machine is lost. Cells of strangers that a
spreadsheet would run as a formula begin with an apostrophe (faces/export/scan_csv.py).
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.scan_csv import row, safe
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.report import Report, Verdict

FORMAT = Format("csv", "a table for spreadsheets", ".csv")
HEADER = (
    *("machine", "looked_at", "kind", "state", "severity", "transport", "port", "scope", "key", "reason", "rule"),
    *("where", "owner", "why", "since", "evidence", "cause", "remedy"),
)


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The table, its header first."""
    return "".join([row(cells) for cells in (HEADER, *_rows(reports))])


def _rows(reports: Sequence[Report]) -> Iterator[tuple[str, ...]]:
    for report in reports:
        for verdict in report.verdicts:
            yield _cells(report, verdict)
        if not report.verdicts:
            yield (safe(report.host.name), iso(report.taken_at), *[""] * (len(HEADER) - 2))


def _cells(report: Report, verdict: Verdict) -> tuple[str, ...]:
    opening = verdict.opening
    place = (
        (opening.transport, "" if opening.port is None else str(opening.port), opening.scope) if opening else [""] * 3
    )
    return (
        safe(verdict.host or report.host.name),
        iso(report.taken_at),
        verdict.kind,
        verdict.state,
        verdict.severity,
        *place,
        safe(verdict.key),
        safe(verdict.reason),
        safe(verdict.rule),
        safe(verdict.where.text if verdict.where else ""),
        safe(verdict.owner),
        safe(verdict.why),
        iso(verdict.since) if verdict.since is not None else "",
        safe("; ".join(verdict.evidence)),
        safe("; ".join([f"{cause.text} ({cause.source})" for cause in verdict.causes])),
        safe(verdict.remedy),
    )
