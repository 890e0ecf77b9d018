"""Reports of hb check as JSON: one document (kind report), or a line for each verdict and one for the sum (NDJSON).

The document has the same shape for one machine and for many: `hosts` tells which were held against which rules, each
verdict names its host, and `summary` counts over all. A verdict has the whole opening that it is about, null where
there is none. Fields stand in the order of the contract, further ones after them; times are text, ISO 8601 in UTC.
"""

from __future__ import annotations

from hb_engine.faces.export.documents import SCHEMA, coverage
from hb_engine.model.record import items
from hb_engine.model.report import KINDS, STATES
from hb_engine.model.verdict import SEVERITIES
from hb_engine.wire.json_text import array, document, members, value
from hb_engine.wire.opening_json import opening, texts, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hb_engine.model.baseline import Where
    from hb_engine.model.report import Cause, Report, Verdict
    from hb_engine.wire.json_text import Quote


def whole(reports: Sequence[Report]) -> str:
    """All of it as one document, on one line."""
    return document(
        lambda q: members(
            [
                *_head("report"),
                ("verdicts", array([verdict(one, q) for each in reports for one in each.verdicts])),
                ("summary", _summary(reports, q)),
                ("hosts", array([_host(each, q) for each in reports])),
            ],
            q,
        )
    )


def lines(reports: Sequence[Report]) -> Iterator[str]:
    """A line for each verdict (kind report-verdict), and at the end one that counts (kind report-end)."""
    for each in reports:
        for one in each.verdicts:
            yield document(lambda q, one=one: members([*_head("report-verdict"), *_fields(one, q)], q))  # type: ignore[misc]
    yield document(lambda q: members([*_head("report-end"), ("summary", _summary(reports, q))], q))


def _head(kind: str) -> list[tuple[str, str]]:
    return [("schema", f'"{SCHEMA}"'), ("kind", f'"{kind}"')]


def verdict(one: Verdict, q: Quote) -> str:
    """A verdict, with the whole opening."""
    return members(_fields(one, q), q)


def _fields(one: Verdict, q: Quote) -> list[tuple[str, str]]:
    return [
        ("rule", q(one.rule)),
        ("severity", f'"{one.severity}"'),
        ("state", f'"{one.state}"'),
        ("opening", "null" if one.opening is None else opening(one.opening, q)),
        ("reason", q(one.reason)),
        ("evidence", texts(one.evidence, q)),
        ("remedy", q(one.remedy)),
        ("difference", f'"{one.kind}"'),
        ("key", q(one.key)),
        ("host", q(one.host)),
        ("where", _where(one.where, q)),
        ("owner", q(one.owner)),
        ("why", q(one.why)),
        ("causes", array([_cause(each, q) for each in one.causes])),
        ("since", when(one.since)),
    ]


def _where(place: Where | None, q: Quote) -> str:
    return "null" if place is None or not place.file else value(dict(items(place)), q)


def _cause(one: Cause, q: Quote) -> str:
    return members([("at", when(one.at)), ("text", q(one.text)), ("source", q(one.source)), ("kind", q(one.kind))], q)


def _host(one: Report, q: Quote) -> str:
    return members(
        [
            ("host", value(dict(items(one.host)), q)),
            ("taken_at", when(one.taken_at)),
            ("coverage", value(coverage(one.coverage), q)),
            ("openings", str(one.openings)),
            ("expected", str(one.expected)),
            ("rules", str(one.rules)),
            ("baseline", q(one.baseline)),
            ("source", q(one.source)),
        ],
        q,
    )


def _summary(reports: Sequence[Report], q: Quote) -> str:
    """Counts: of machines, openings and verdicts; of drift, by kind and by severity."""
    states = dict.fromkeys(STATES, 0)
    kinds, severities = dict.fromkeys(KINDS, 0), dict.fromkeys(SEVERITIES[1:], 0)
    for each in reports:
        for one in each.verdicts:
            states[one.state] += 1
            if one.state == "drift":
                kinds[one.kind] += 1
                severities[one.severity] = severities.get(one.severity, 0) + 1
    counted = {
        "hosts": len(reports),
        "openings": sum([each.openings for each in reports]),
        "expected": sum([each.expected for each in reports]),
        **states,
        "by_kind": {kind: count for kind, count in kinds.items() if count},
        "by_severity": severities,
    }
    return value(counted, q)
