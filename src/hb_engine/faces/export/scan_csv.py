"""A scan as a table for spreadsheets: one row a port, comma-separated (RFC 4180), UTF-8, lines ended by LF.

Hosts without such a port have one row with no port, so that no host is lost. The ports that said the same stand as text
in the column `rest`: as ranges they would be read as dates.

A spreadsheet runs a cell that begins with = + - or @ as a formula, and banners are strangers' words. Such a cell gets
an apostrophe in front, as does one that begins with it already, so that taking one away gives back what was said.
Controls and other invisible characters are escaped as on a terminal: a line is always one row.
"""

from __future__ import annotations

from hb_engine.faces.export.scan_json import CONFIDENCE, moment
from hb_engine.faces.text import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.answer import Answer, Scan, ScannedHost

HEADER = (
    *("address", "names", "up", "transport", "port", "state", "reason", "service", "product", "version", "info"),
    *("tls", "certificate", "certificate_ends", "confidence", "proof", "registered", "held", "mismatch", "cpe"),
    *("fingerprint", "notes", "rest", "host_notes"),
)
FORMULA = ("=", "+", "-", "@", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # fullwidth forms are read as formulas too


def scan(seen: Scan) -> str:
    """The table, its header first."""
    return "".join([row(cells) for cells in (HEADER, *_rows(seen))])


def row(cells: tuple[str, ...]) -> str:
    """One line. Cells with a comma, a quote or a space at an end stand in quotes, quotes doubled."""
    return ",".join([_quoted(cell) for cell in cells]) + "\n"


def safe(text: str) -> str:
    """A stranger's text as a cell that is only read."""
    shown = escape(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(FORMULA) else shown


def _quoted(cell: str) -> str:
    if cell.isascii() and not any(mark in cell for mark in ',"') and cell == cell.strip(" "):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _rows(seen: Scan) -> Iterator[tuple[str, ...]]:
    for host in seen.hosts:
        head = (safe(host.address), safe(" ".join(host.names)), {True: "up", False: "down", None: ""}[host.up])
        tail = (_rest(host), safe("; ".join(host.notes)))
        for answer in host.answers:
            yield (*head, *_port(answer), *tail)
        if not host.answers:
            yield (*head, *[""] * (len(HEADER) - len(head) - len(tail)), *tail)


def _port(answer: Answer) -> tuple[str, ...]:
    found = answer.identity
    said = (found.name, found.product, found.version, found.info) if found else ("", "", "", "")
    proof = (str(CONFIDENCE.get(found.proof, "")), found.proof) if found else ("", "")
    return (
        answer.transport,
        str(answer.port),
        answer.state,
        safe(answer.reason),
        *[safe(text) for text in (*said, *_tls(answer))],
        *proof,
        safe(" ".join([entry.name for entry in answer.registered])),
        answer.held,
        safe(answer.mismatch),
        safe(" ".join(found.cpe) if found else ""),
        safe(answer.fingerprint),
        safe("; ".join(answer.notes)),
    )


def _tls(answer: Answer) -> tuple[str, str, str]:
    """Version, subject and last day of the certificate."""
    met = answer.identity.tls if answer.identity else None
    if met is None:
        return "", "", ""
    shown = met.certificate
    ends = moment(shown.not_after).strip('"') if shown else ""
    return met.version or met.problem, shown.subject if shown else "", "" if ends == "null" else ends


def _rest(host: ScannedHost) -> str:
    return safe("; ".join([f"{each.count} {each.transport} {each.state} ({each.reason})" for each in host.rest]))
