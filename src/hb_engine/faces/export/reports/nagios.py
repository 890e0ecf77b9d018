"""A plugin's answer for Nagios and its kin (Monitoring Plugins guidelines 2): a status line with performance data, then
long text. The exit status is hb check's; `status` says which one belongs to the text.

A bar ends the text and begins the data, and a line end ends the line: strangers have neither here. What notifications
are made of is cut by some servers at 4 KiB (NRPE 2 at one), so the long text has the worst that fit, and says how many
it left out.
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.telling import count, drift, subject
from hb_engine.faces.text import escape, plural
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.model.report import Report, Verdict

FORMAT = Format("nagios", "a plugin's answer: Nagios, Icinga, Naemon, Checkmk", ".txt")
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
MOST = 3500  # bytes of everything
LONGEST = 300  # characters of one line
# What servers take out of texts that they put on a command line (illegal_macro_output_chars), and the bar.
MARKS = str.maketrans({"|": "/", "`": "'", "~": "-", "$": "S", "&": "+", '"': "'", "<": "(", ">": ")"})


def status(reports: Sequence[Report]) -> int:
    """0 as expected, 1 drift, 2 drift of high or critical severity, 3 something could not be seen and no drift was."""
    found = drift(reports)
    if found:
        return 2 if SEVERITIES.index(found[0][1].severity) >= SEVERITIES.index("high") else 1
    unseen = not reports or any(verdict.state == "unseen" for report in reports for verdict in report.verdicts)
    return 3 if unseen else 0


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The answer, its lines ended by LF."""
    lines = [f"HB {WORDS[status(reports)]} - {_short(reports)} | {_data(reports, now)}"]
    room = MOST - len(lines[0].encode())
    told = [_line(report, verdict, many=len(reports) > 1) for report, verdict in drift(reports)]
    told += _unseen(reports)
    for index, line in enumerate(told):
        room -= len(line.encode()) + 1
        if room < 40 and index < len(told) - 1:
            lines.append(f"and {len(told) - index} more (hb check)")
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _short(reports: Sequence[Report]) -> str:
    """The worst thing, and how many there are."""
    if not reports:
        return "nothing was checked"
    found, states = drift(reports), count(reports, "state")
    where = f" on {len(reports)} machines" if len(reports) > 1 else ""
    if found:
        worst = _line(*found[0], many=len(reports) > 1)
        return f"{plural(len(found), 'difference')}{where}, the worst: {worst}"
    openings = plural(sum([report.openings for report in reports]), "opening")
    if states["unseen"]:
        return f"{openings}{where}, no drift, and {plural(states['unseen'], 'thing')} could not be seen"
    debt = f", {states['debt']} of them not decided yet" if states["debt"] else ""
    return f"{openings}{where} as expected{debt}"


def _line(report: Report, verdict: Verdict, *, many: bool) -> str:
    host = f"{verdict.host or report.host.name}: " if many else ""
    return _plain(f"{host}{verdict.severity} {verdict.kind}: {subject(verdict)}: {verdict.reason}")


def _unseen(reports: Sequence[Report]) -> list[str]:
    found = [(report, each) for report in reports for each in report.verdicts if each.state == "unseen"]
    told = [_line(report, each, many=len(reports) > 1) for report, each in found]
    return told + [_plain(f"not seen: {gap.what}: {gap.why}") for report in reports for gap in report.coverage.gaps]


def _plain(text: str) -> str:
    """A stranger's text as a line that no server reads as anything else."""
    shown = escape(text).translate(MARKS)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."


def _data(reports: Sequence[Report], now: float) -> str:
    """Performance data: 'label'=value[UOM];warn;crit;min;max. Drift warns at the first, and is critical from high."""
    states, severities = count(reports, "state"), count(reports, "severity")
    worse = severities["high"] + severities["critical"]
    age = max([int(now - report.taken_at) for report in reports], default=0)
    return " ".join([
        f"drift={states['drift']};0;;0",
        f"drift_high={worse};;0;0",
        *[f"{state}={states[state]};;;0" for state in ("debt", "unseen", "muted", "accepted", "note")],
        f"openings={sum([report.openings for report in reports])};;;0",
        f"expected={sum([report.expected for report in reports])};;;0",
        f"rules={sum([report.rules for report in reports])};;;0",
        f"age={max(age, 0)}s;;;0",
    ])  # fmt: skip
