"""Prometheus' text exposition (format 0.0.4), for the textfile collector of node_exporter.

Labels are machines and words from closed lists alone: never a key, a port or a process, whose number strangers choose,
so one machine is some thirty series whatever happens on it. Counts of kinds and states are there when they are 0, so
that an alert rule sees a series before the first drift. Which opening it is stands in hb check.
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.telling import count
from hb_engine.faces.text import escape
from hb_engine.model.report import DRIFTS, STATES
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.report import Report

    Sample = tuple[tuple[tuple[str, str], ...], int]

FORMAT = Format("prometheus", "text exposition: node_exporter's textfile collector", ".prom")
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The exposition. Each family stands together, as the format asks."""
    hosts = _hosts(reports)
    lines = ["# HELP hb_build_info The hb-engine that wrote this; the value is always 1.", "# TYPE hb_build_info gauge"]
    lines.append(_sample("hb_build_info", (("version", version),), 1))
    for name, meaning, samples in _families(hosts, now):
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        lines += [_sample(name, labels, number) for labels, number in samples]
    return "\n".join(lines) + "\n"


def _hosts(reports: Sequence[Report]) -> dict[str, Report]:
    """Machines by name; a second one of a name is told apart by its identity, or its place, for a series is one."""
    found: dict[str, Report] = {}
    for index, report in enumerate(reports):
        name = _name(report.host.name)
        if name in found:
            name = _name(f"{report.host.name} ({report.host.machine[:12] or index})")
        found[name if name not in found else f"{name} ({index})"] = report
    return found


def _name(text: str) -> str:
    return escape(text) or "unnamed"


def _families(hosts: dict[str, Report], now: float) -> Iterator[tuple[str, str, list[Sample]]]:
    def each(read: str, words: Sequence[str], field: str) -> list[Sample]:
        counted = [(host, count((report,), field)) for host, report in hosts.items()]
        return [((("host", host), (read, word)), found[word]) for host, found in counted for word in words]

    def one(numbers: list[int]) -> list[Sample]:
        return [((("host", host),), number) for host, number in zip(hosts, numbers, strict=True)]

    reports = list(hosts.values())
    yield "hb_drift", "Openings that differ from the baseline, by kind.", each("kind", DRIFTS, "kind")
    yield (
        "hb_drift_severity",
        "Openings that differ from the baseline, by severity.",
        each("severity", SEVERITIES, "severity"),
    )
    yield (
        "hb_verdicts",
        "Verdicts by what they count as; debt was there before anybody decided.",
        each("state", STATES, "state"),
    )
    yield "hb_openings", "Ways in that were seen.", one([report.openings for report in reports])
    yield "hb_openings_expected", "Ways in that rules cover.", one([report.expected for report in reports])
    yield "hb_rules", "Rules that are for this machine.", one([report.rules for report in reports])
    gaps = [len(report.coverage.gaps) for report in reports]
    yield "hb_gaps", "Things that could not be seen; drift there goes unnoticed.", one(gaps)
    looked = [int(report.taken_at) for report in reports]
    yield "hb_look_timestamp_seconds", "When the machine was looked at, in seconds since the epoch.", one(looked)
    checked = [int(now)] * len(reports)
    yield "hb_check_timestamp_seconds", "When it was held against the baseline; alert on its age.", one(checked)


def _sample(name: str, labels: tuple[tuple[str, str], ...], number: int) -> str:
    shown = ",".join([f'{label}="{text.translate(ESCAPES)}"' for label, text in labels])
    return f"{name}{{{shown}}} {number}"
