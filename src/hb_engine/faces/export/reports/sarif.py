"""SARIF 2.1.0 (OASIS, 2020): for code scanning of forges, editors and viewers of findings.

All machines stand in one run, for forges take few runs of a file; each machine is an invocation, and stands in the
logical location and the fingerprints of its results. `baselineState` is about results, not about ports: a required port
that is gone is a *new* result, since viewers hide absent ones. Only what vanished and is nobody's trouble is absent.
Accepted and muted results are suppressed, with the decision as justification. A note is no failure (3.27.9), and has
no level then.
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.telling import KIND_WORDS, subject
from hb_engine.faces.text import escape
from hb_engine.model.verdict import SEVERITIES
from hb_engine.wire.dates import iso
from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hb_engine.model.baseline import Where
    from hb_engine.model.report import Report, Verdict

FORMAT = Format("sarif", "SARIF 2.1.0: code scanning of forges, editors, viewers of findings", ".sarif")
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note", "none": "note"}
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0", "none": "0.0"}
# The state of a result against the last run, by what happened to the opening.
BASELINE = {
    **dict.fromkeys(("new", "gone", "hidden", "forbidden", "suspicious", "out-of-window"), "new"),
    **dict.fromkeys(("widened", "owner-changed", "speaks-else", "weakened", "expired", "pinned-changed"), "updated"),
    **dict.fromkeys(("changed", "foreign-lock", "unsafe-baseline"), "updated"),
    **dict.fromkeys(("review-due", "not-seen", "learning"), "unchanged"),
    "vanished": "absent",
}
SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")  # RFC 3986 2.3, and the slash


def write(reports: Sequence[Report], version: str, now: float) -> str:
    """The log, one line of JSON."""
    found = [(index, report, verdict) for index, report in enumerate(reports) for verdict in report.verdicts]
    names = {name: index for index, name in enumerate(dict.fromkeys([rule_of(verdict) for _, _, verdict in found]))}
    run = {
        "tool": {"driver": _driver(version, names, [verdict for _, _, verdict in found])},
        "automationDetails": {"id": "hb/check/"},
        "invocations": [_invocation(report, now) for report in reports],
        "columnKind": "unicodeCodePoints",
        "results": [_result(index, report, verdict, names) for index, report, verdict in found],
        "properties": {
            "machines": len(reports),
            "baseline": [text for text in {r.baseline: 0 for r in reports} if text],
        },
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return document(lambda quoting: value(log, quoting))


def rule_of(verdict: Verdict) -> str:
    """The name of the rule of a result: the judge's, where one is what speaks, else the kind of drift."""
    return verdict.rule if verdict.kind == "suspicious" and verdict.rule else verdict.kind


def _driver(version: str, names: dict[str, int], verdicts: list[Verdict]) -> dict[str, Any]:
    worst = dict.fromkeys(names, 0)
    kinds = {}
    for verdict in verdicts:
        name = rule_of(verdict)
        kinds[name] = verdict.kind
        worst[name] = max(worst[name], SEVERITIES.index(verdict.severity))
    return {
        "name": "hb-engine",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(name, kinds[name], SEVERITIES[worst[name]]) for name in names],
    }


def _rule(name: str, kind: str, worst: str) -> dict[str, Any]:
    title, meaning, remedy = KIND_WORDS[kind]
    if name != kind:
        title, meaning = _judge_rule(name) or (title, meaning)
    return {
        "id": name,
        "name": "".join([part.capitalize() for part in name.split("-")]),
        "shortDescription": {"text": _sentence(title)},
        "fullDescription": {"text": meaning},
        "help": {"text": f"{meaning} {remedy}"},
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": {"tags": ["security", "network", kind], "security-severity": SCORES[worst]},
    }


def _judge_rule(name: str) -> tuple[str, str] | None:
    """The title of a judge's rule of that name, and the same with what looks like it and is honest."""
    from hb_engine.app.looking.look import rule_names  # few reports hold such a result
    from hb_engine.judge.kit import load

    files = [file for file in rule_names() if file.rpartition(".")[2].replace("_", "-") == name]
    if not files:
        return None
    rule = load(files)[0].rule
    honest = f" What looks the same and is honest: {' '.join(rule.false_positives)}" if rule.false_positives else ""
    return rule.title, f"{rule.title}{honest}"


def _invocation(report: Report, now: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "executionSuccessful": True,
        "endTimeUtc": iso(now),
        "machine": report.host.name,
        "toolExecutionNotifications": [
            {
                "level": "warning",
                "descriptor": {"id": "gap"},
                "message": {"text": _sentence(escape(f"{gap.what}: {gap.why}. {gap.remedy}".strip()))},
            }
            for gap in report.coverage.gaps
        ],
        "properties": {
            "takenAt": iso(report.taken_at),
            "openings": report.openings,
            "expected": report.expected,
            "rules": report.rules,
            "machineId": report.host.machine,
            "privileged": report.coverage.privileged,
        },
    }
    if report.source:
        found["properties"]["source"] = report.source
    return found


def _result(index: int, report: Report, verdict: Verdict, names: dict[str, int]) -> dict[str, Any]:
    name, host = rule_of(verdict), verdict.host or report.host.name
    kind = _kind(verdict)
    quiet = verdict.state in ("debt", "accepted")
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": names[name],
        "kind": kind,
        "level": LEVELS[verdict.severity] if kind == "fail" else "none",
        "message": {"text": _message(host, verdict)},
        "locations": [_location(host, verdict)],
        "partialFingerprints": _fingerprints(host, verdict, name),
        "baselineState": "unchanged" if quiet else BASELINE[verdict.kind],
        "suppressions": _suppressions(verdict),
        "provenance": {"invocationIndex": index},
        "properties": _properties(host, verdict),
    }
    if verdict.since is not None:
        result["provenance"]["firstDetectionTimeUtc"] = iso(verdict.since)
    return result


def _kind(verdict: Verdict) -> str:
    """What a result is: a failure, something open for it could not be seen, for review, or information (3.27.9)."""
    if verdict.state == "unseen":
        return "open"
    if verdict.kind == "review-due":
        return "review"
    return "informational" if verdict.state == "note" else "fail"


def _message(host: str, verdict: Verdict) -> str:
    """Shown to people as it is. What would be a link (3.11.6: a bracket, then a parenthesis) is taken apart."""
    parts = [f"{host}: {subject(verdict)}: {verdict.reason}"]
    parts += [f"Probably because: {cause.text} ({cause.source})" for cause in verdict.causes[:1]]
    parts += [verdict.remedy] if verdict.remedy else []
    return " ".join([_sentence(escape(part).replace("](", "] (")) for part in parts])


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _location(host: str, verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {
        "logicalLocations": [{"name": verdict.key, "fullyQualifiedName": f"{host}/{verdict.key}", "kind": "opening"}]
    }
    if verdict.where is not None and verdict.where.file:
        found["physicalLocation"] = _physical(verdict.where)
    return found


def _physical(where: Where) -> dict[str, Any]:
    found: dict[str, Any] = {"artifactLocation": {"uri": uri(where.file)}}
    if where.line > 0:
        found["region"] = {"startLine": where.line, **({"startColumn": where.column} if where.column > 0 else {})}
    return found


def uri(path: str) -> str:
    """A path as a URI reference (RFC 3986): file:///etc/hb.d/web.toml, or hb.d/web.toml, whatever bytes it has."""
    octets = path.encode("utf-8", "surrogateescape" if not _torn(path) else "backslashreplace")
    quoted = "".join([chr(octet) if chr(octet) in SAFE else f"%{octet:02X}" for octet in octets])
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _torn(text: str) -> bool:
    """Whether a text holds half surrogates that stand for no byte."""
    return any("\ud800" <= letter <= "\udfff" and not "\udc80" <= letter <= "\udcff" for letter in text)


def _fingerprints(host: str, verdict: Verdict, name: str) -> dict[str, str]:
    """What stays the same from run to run: by the opening's key, which no restart changes.

    primaryLocationLineHash is the one that forges compare; two openings against one line of a rule stay two.
    """
    from hashlib import sha256  # heavy, and only for this format

    def digest(*parts: str) -> str:
        return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]

    whole = digest(host, verdict.key, name, verdict.rule)
    return {"hbOpening/v1": digest(host, verdict.key), "hbResult/v1": whole, "primaryLocationLineHash": f"{whole}:1"}


def _suppressions(verdict: Verdict) -> list[dict[str, Any]]:
    """An empty list says that nobody decided (3.27.23)."""
    if verdict.state not in ("accepted", "muted"):
        return []
    told = verdict.why or ("muted by a window of the baseline" if verdict.state == "muted" else "")
    by = f"owner: {verdict.owner}" if verdict.owner else ""
    found: dict[str, Any] = {"kind": "external", "status": "accepted"}
    if told or by:
        found["justification"] = escape("; ".join([part for part in (told, by) if part]))
    if verdict.where is not None and verdict.where.file:
        found["location"] = {"physicalLocation": _physical(verdict.where)}
    return [found]


def _properties(host: str, verdict: Verdict) -> dict[str, Any]:
    opening = verdict.opening
    found: dict[str, Any] = {
        "host": host,
        "drift": verdict.kind,
        "state": verdict.state,
        "severity": verdict.severity,
        "key": verdict.key,
        "rule": verdict.rule,
        "owner": verdict.owner,
        "why": verdict.why,
        "evidence": list(verdict.evidence),
        "causes": [
            {"at": iso(cause.at), "text": cause.text, "source": cause.source, "kind": cause.kind}
            for cause in verdict.causes
        ],
        "remedy": verdict.remedy,
    }
    if opening is not None:
        found |= {"transport": opening.transport, "port": opening.port, "scope": opening.scope}
    return found
