"""hb scope as JSON documents of schema hb/1: the scope, a change of it, a check, the records.

Days are text (2026-12-31), ranges are networks or FIRST-LAST, counts that no double holds (whole IPv6 networks) are
left to the ranges. Fields of a line: allow, what, ranges, why, until, by, added, file, line.
"""

from __future__ import annotations

from hb_engine.scan.scope import LOCAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.app.scanning.scope import Checked, Edited, Listing
    from hb_engine.scan.scope import Line

MOST = 256  # ranges of one line; a pattern over octets may make more


def listing(found: Listing) -> str:
    """The scope as it is."""
    scope = found.scope
    return _document(
        "scope",
        files=list(found.files),
        always=[{"ranges": list(map(str, kind.ranges)), "what": kind.what, "source": kind.source} for kind in LOCAL],
        attached=[{"network": str(one.network), "interface": one.interface} for one in scope.attached],
        lines=[_line(each) for each in scope.lines],
        today=scope.today,
    )


def edited(done: Edited) -> str:
    """What a change did."""
    return _document(
        "scope-change",
        file=done.path,
        added=[_line(each) for each in done.added],
        removed=[_line(each) for each in done.removed],
        notes=list(done.notes),
    )


def checked(found: Checked) -> str:
    """What would be scanned, and what would not."""
    return _document(
        "scope-check",
        addresses=len(found.targets),
        would_be_scanned=found.allowed.addresses.count,
        allowed=[
            {"range": str(each.range), "reason": each.reason, "line": _line(each.line) if each.line else None}
            for each in found.allowed.allowances
        ],
        refused=[
            {"range": str(each.range), "reason": each.reason, "remedy": each.remedy} for each in found.allowed.refused
        ],
        notes=list(found.targets.notes),
    )


def log(records: Iterable[dict[str, Any]]) -> str:
    """The records as they were written."""
    return _document("scope-log", records=list(records))


def _line(each: Line) -> dict[str, Any]:
    return {
        "allow": each.allow,
        "what": each.what,
        "ranges": [str(one) for one in each.addresses.ranges[:MOST]],
        "why": each.why,
        "until": each.until or None,
        "by": each.by,
        "added": each.added or None,
        "file": each.file,
        "line": each.number or None,
    }


def _document(kind: str, **fields: Any) -> str:
    import json  # a person who types hb scope does not count milliseconds

    return json.dumps({"schema": "hb/1", "kind": kind, **fields}, ensure_ascii=True) + "\n"
