"""A plugin's answer for Nagios and its kin (Monitoring Plugins guidelines 2): a status line with performance data, then
long text. The word in it is that of hb check --exit nagios with the same --fail-on.

A bar ends the text and begins the data, and a line end ends the line: strangers have neither here. What notifications
are made of is cut by some servers at 4 KiB (NRPE 2 at one), so the long text has the worst that fit, and says how many
it left out.
"""

from __future__ import annotations

from hb_engine.faces.exits import DEFAULT, NEVER
from hb_engine.faces.exits import status as exit_status
from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.telling import count, drift, subject
from hb_engine.faces.text import escape, plural
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.model.report import Report, Verdict

FORMAT = Format("nagios", "a plugin's answer: Nagios, Icinga, Naemon, Checkmk", ".txt", graded=True)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
MOST = 3500  # bytes of everything
LONGEST = 300  # characters of one line
# What servers take out of texts that they put on a command line (illegal_macro_output_chars), and the bar.
MARKS = str.maketrans({"|": "/", "`": "'", "~": "-", "$": "S", "&": "+", '"': "'", "<": "(", ">": ")"})


def status(reports: Sequence[Report], fail_on: str = DEFAULT) -> int:
    """0 as expected, 1 drift, 2 drift of high or critical severity, 3 something could not be seen, or nothing was
    checked."""
    return exit_status(reports, fail_on, "nagios") if reports else WORDS.index("UNKNOWN")


def write(reports: Sequence[Report], version: str, now: float, fail_on: str = DEFAULT) -> str:
    """The answer, its lines ended by LF."""
    lines = [f"HB {WORDS[status(reports, fail_on)]} - {_short(reports, fail_on)} | {_data(reports, now)}"]
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


def unknown(message: str) -> str:
    """The answer where nothing could be found out, and why."""
    return f"HB {WORDS[3]} - {_plain(message)}\n"


def _short(reports: Sequence[Report], fail_on: str) -> str:
    """The worst thing, and how many there are."""
    if not reports:
        return "nothing was checked"
    found, states = drift(reports), count(reports, "state")
    where = f" on {len(reports)} machines" if len(reports) > 1 else ""
    if found:
        worst = _line(*found[0], many=len(reports) > 1)
        return f"{plural(len(found), 'difference')}{where}{_ignored(found[0][1], fail_on)}, the worst: {worst}"
    openings = plural(sum([report.openings for report in reports]), "opening")
    if states["unseen"]:
        return f"{openings}{where}, no drift, and {plural(states['unseen'], 'thing')} could not be seen"
    if not states["debt"]:
        return f"{openings}{where} as expected"
    expected = sum([report.expected for report in reports])
    return f"no drift: {openings}{where}, {expected} expected by rules, {states['debt']} not decided yet"


def _ignored(worst: Verdict, fail_on: str) -> str:
    """Why drift does not count, where none of it does."""
    if fail_on == NEVER:
        return ", which do not count"
    return "" if SEVERITIES.index(worst.severity) >= SEVERITIES.index(fail_on) else f", none of them {fail_on} or worse"


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
