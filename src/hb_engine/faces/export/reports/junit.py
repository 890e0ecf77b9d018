"""JUnit's XML, as Jenkins and its kin read it: a suite a machine, a test case a rule, and one for each drift.

Rules that hold pass, drift fails, what could not be seen is an error, and what is quiet (debt, notes, muted, accepted)
is skipped, so that nothing quiet turns a build red. Names hold no counts, times or pids: a dashboard follows a case
from build to build by its name.

XML 1.0 (section 2.2) has no way to write most control characters; they and whatever hides or reorders text become
visible escapes (\\x1b).
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.nmap_xml import quoted
from hb_engine.faces.export.telling import details, subject
from hb_engine.faces.text import plural
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.report import Held, Report, Verdict

FORMAT = Format("junit", "JUnit XML: Jenkins, GitLab and other builders", ".xml")
TAGS = {"drift": "failure", "unseen": "error"}


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The document."""
    return "".join(_lines(reports, version))


def _lines(reports: Sequence[Report], version: str) -> Iterator[str]:
    suites = [list(_cases(report)) for report in reports]
    every = [tag for suite in suites for tag, _ in suite]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="hb check" {_counts(every)}>\n'
    for index, (report, cases) in enumerate(zip(reports, suites, strict=True)):
        tags = [tag for tag, _ in cases]
        yield f'<testsuite name="{quoted(report.host.name)}" {_counts(tags)} skipped="{tags.count("skipped")}" '
        yield f'id="{index}" hostname="{quoted(report.host.name)}" timestamp="{iso(report.taken_at)[:-1]}">\n'
        yield "<properties>\n"
        for name, value in _properties(report, version):
            yield f'<property name="{name}" value="{quoted(value)}"/>\n'
        yield "</properties>\n"
        for _, text in cases:
            yield text
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _counts(tags: list[str]) -> str:
    return f'tests="{len(tags)}" failures="{tags.count("failure")}" errors="{tags.count("error")}"'


def _properties(report: Report, version: str) -> Iterator[tuple[str, str]]:
    yield "hb-engine", version
    yield "baseline", report.baseline
    yield "openings", str(report.openings)
    yield "expected", str(report.expected)
    yield "rules", str(report.rules)
    if report.source:
        yield "source", report.source
    for gap in report.coverage.gaps:
        yield "not seen", f"{gap.what}: {gap.why}"


def _cases(report: Report) -> Iterator[tuple[str, str]]:
    """Each case: what became of it, and its text. A rule with drift of its own has cases for the drift only."""
    broken = {verdict.rule for verdict in report.verdicts if verdict.state in TAGS}
    for rule in report.held:
        if rule.rule not in broken:
            yield "", _passed(rule)
    if not report.held and report.expected:
        yield "", '<testcase classname="baseline" name="expected openings"/>\n'
    for verdict in report.verdicts:
        tag = TAGS.get(verdict.state, "skipped")
        yield tag, _case(verdict, tag)


def _passed(rule: Held) -> str:
    told = "\n".join([f"covers {plural(len(rule.keys), 'opening')}", *[quoted(key) for key in rule.keys]])
    out = f"<system-out>{told}</system-out>" if rule.keys else ""
    return f'<testcase classname="baseline.{rule.kind}" name="{quoted(rule.rule)}">{out}</testcase>\n'


def _case(verdict: Verdict, tag: str) -> str:
    kind = f"{verdict.severity} {verdict.kind}" if tag != "skipped" else f"{verdict.state} {verdict.kind}"
    message = quoted(f"{subject(verdict)}: {verdict.reason}")
    lines = "\n".join([quoted(line) for line in details(verdict)])
    return (
        f'<testcase classname="drift.{verdict.kind}" name="{quoted(verdict.key)}">'
        f'<{tag} type="{quoted(kind)}" message="{message}">{lines}</{tag}></testcase>\n'
    )
