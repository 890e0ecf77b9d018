"""The register as a table for spreadsheets: a row a line, and one for each opening that nobody approved.

Comma-separated (RFC 4180), UTF-8, lines ended by LF; cells that a spreadsheet would run begin with an apostrophe.
"""

from __future__ import annotations

from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.registering import open_now, review, status, until
from hb_engine.faces.export.scan_csv import row, safe
from hb_engine.wire.dates import iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.register import Line, Register, Unapproved

FORMAT = Format("csv", "a table for spreadsheets", ".csv")
HEADER = (
    *("status", "rule", "ports", "protocols", "reach", "from", "by", "need", "owner", "approved", "review", "overdue"),
    *("until", "insecure", "security_features", "open_now", "machines", "where", "pack", "known", "made_at"),
)


def write(register: Register, version: str) -> str:
    """The table, its header first."""
    rows = [_line(line, register, "allowed" if line.approved else "without owner or need") for line in register.allowed]
    rows += [_unapproved(one, register, "not approved") for one in register.unapproved]
    rows += [_unapproved(one, register, "not judged") for one in register.unjudged]
    rows += [_line(line, register, "forbidden") for line in register.forbidden]
    return "".join([row(cells) for cells in (HEADER, *rows)])


def _line(line: Line, register: Register, word: str) -> tuple[str, ...]:
    rule = line.rule
    texts = (
        rule.id,
        " ".join(line.places),
        " ".join(line.names),
        line.reach,
        " ".join(rule.sources),
        rule.by_text,
        rule.why,
        rule.owner,
        iso_day(rule.accepted) if rule.accepted is not None else "",
        iso_day(line.due) if line.due is not None else "",
        review(line, register.made_at) if line.is_overdue else "",
        until(line),
        "; ".join(line.insecure),
        "; ".join(line.features),
        "; ".join(open_now(line, len(register.machines))),
        " ".join(line.machines),
        rule.where.text,
        rule.pack,
        "",
    )
    return (word, *[safe(text) for text in texts], iso(register.made_at))


def _unapproved(one: Unapproved, register: Register, word: str) -> tuple[str, ...]:
    verdict, opening = one.verdict, one.verdict.opening
    found = dict.fromkeys(HEADER, "")
    found |= {
        "status": f"{word}: {status(one)}",
        "rule": verdict.rule,
        "known": "; ".join([verdict.reason, *verdict.evidence]),
        "owner": verdict.owner,
        "machines": one.machine,
        "open_now": verdict.key,
        "where": verdict.where.text if verdict.where is not None else "",
        "made_at": iso(register.made_at),
    }
    if opening is not None:
        port = str(opening.port) if opening.port is not None else opening.protocol or "any"
        names = " ".join([entry.name for entry in opening.registered])
        found |= {
            "ports": f"{opening.transport}/{port}",
            "protocols": names,
            "reach": opening.scope,
            "by": opening.identity,
        }
    return tuple([safe(found[name]) for name in HEADER])
