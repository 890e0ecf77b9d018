"""What the cells of IANA's registry mean: text of a row in, an Assignment out.

The registry grew for forty years, so the rules here are mostly exceptions: aliases hide in notes, de-assignments in
descriptions, several references in one cell, and line feeds inside quotes. It reads IANA's CSV (RFC 4180, UTF-8) and
the same cells from elsewhere; it refuses to guess at a table whose columns it does not know. Rules of assignment:
RFC 6335. No files and no network here.
"""

from __future__ import annotations

from hb_engine.model.assignment import Assignment
from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS = (
    "Service Name",
    "Port Number",
    "Transport Protocol",
    "Description",
    "Assignee",
    "Contact",
    "Registration Date",
    "Modification Date",
    "Reference",
    "Service Code",
    "Unauthorized Use Reported",
    "Assignment Notes",
)
OLD_SPELLINGS = {"Known Unauthorized Uses": "Unauthorized Use Reported"}  # copies made before about 2015
REPLACEMENT = "IANA assigned this well-formed service name as a replacement for"
ALIAS = 'This entry is an alias to "'
DUPLICATE = 'This is a duplicate of the "'
WIDESPREAD = "records an unassigned but widespread use"
PREVIOUSLY = "previously "
# In the description or note of a row without a name: the number once had a service and lost it.
LOST = ("de-assigned", "deassigned", "de-registered", "de-commissioned", "decomissioned", "removed", "deprecated")
LOST_NOTES = (*LOST, "assignment withdrawn")


def assignment(cells: Mapping[str, str], as_of: str = "", details_as_of: str = "") -> Assignment:
    """One row of the registry, from its cells by the names in COLUMNS (absent ones are empty).

    Raises DataError for a port that is neither empty, a number of 0 to 65535, nor a range "a-b" of such.
    """
    text = {column: cells.get(column, "").strip() for column in COLUMNS}
    first, last = numbers(text["Port Number"])
    notes = prose(text["Assignment Notes"], "\n")
    name, status, alias_of = standing(text["Service Name"], prose(text["Description"]), notes)
    return Assignment(
        name=name,
        transport=_transport(text["Transport Protocol"]),
        first=first,
        last=last,
        description=prose(text["Description"]),
        assignee=people(text["Assignee"]),
        contact=people(text["Contact"]),
        registered=text["Registration Date"],
        modified=text["Modification Date"],
        references=bracketed(text["Reference"]),
        service_code=text["Service Code"],
        unauthorized=prose(text["Unauthorized Use Reported"]),
        notes=notes,
        status=status,
        alias_of=alias_of,
        as_of=as_of,
        details_as_of=details_as_of,
    )


def parse_csv(text: str, as_of: str = "", unread: list[str] | None = None) -> list[Assignment]:
    """Every row of IANA's CSV, in its order. Raises DataError where it is not that table, or ends before its end.

    A row whose cells make no sense is an error too; with a list for `unread`, the row is left out and told there.
    """
    rows = _cells(text)
    header = next(rows, [])
    columns = [OLD_SPELLINGS.get(name.strip(), name.strip()) for name in header]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise DataError(
            f"this is not IANA's table of ports: the column {missing[0]!r} is missing",
            "Check the address that the data comes from; the data from before is kept.",
        )
    found = []
    for number, cells in enumerate(rows, 2):
        if cells:
            _refuse_incomplete(number, columns, cells)
            try:
                found.append(_row(number, dict(zip(columns, cells, strict=True)), as_of))
            except DataError as error:
                if unread is None:
                    raise
                unread.append(error.message)
    if not found:
        raise DataError("IANA's table of ports has a header and no rows", "Try again later; the old data is kept.")
    return found


def standing(name: str, description: str, notes: str) -> tuple[str, str, str]:
    """The name, status and the name it is an alias of. A row without a name is never "assigned".

    Where a note tells which service a number lost, that name is given, with the status deassigned.
    """
    if not name:
        return _nameless(description.lower(), notes)
    for mark in (ALIAS, DUPLICATE):
        if mark in notes:
            return name, "alias", notes.partition(mark)[2].partition('"')[0]
    return name, "unassigned" if WIDESPREAD in notes else "assigned", ""


def numbers(text: str) -> tuple[int, int] | tuple[None, None]:
    """First and last port of a cell: "1703", "6000-6063" or nothing."""
    if not text:
        return None, None
    low, dash, high = text.partition("-")
    pair = (low.strip(), (high if dash else low).strip())
    if all(part.isascii() and part.isdigit() and len(part) <= 5 for part in pair):
        first, last = int(pair[0]), int(pair[1])
        if first <= last <= 65535:
            return first, last
    raise DataError(f"{text[:40]!r} is no port number or range", "The data from before is kept.")


def bracketed(text: str) -> tuple[str, ...]:
    """The parts of "[RFC7858][RFC8094]"; text outside of brackets is a part as well."""
    parts = []
    for piece in text.split("]"):
        outside, _, inside = piece.partition("[")
        parts += [part for part in (prose(outside), prose(inside)) if part]
    return tuple(parts)


def people(text: str) -> str:
    """Assignees or contacts without their brackets, "; " between several. The names are IANA's identifiers."""
    return "; ".join(bracketed(text))


def prose(text: str, line_end: str = " ") -> str:
    """Text without the indentation and line feeds of its cell, and without the sentence about well-formed names."""
    if "\n" not in text and REPLACEMENT not in text:
        return text.strip()
    kept = text.partition(REPLACEMENT)[0]
    return line_end.join(line.strip() for line in kept.splitlines() if line.strip())


def _nameless(description: str, notes: str) -> tuple[str, str, str]:
    lost = any(word in description for word in LOST) or any(word in notes.lower() for word in LOST_NOTES)
    if lost:
        return _former_name(notes), "deassigned", ""
    vacant = "unassigned" in description or "possibly" in description
    return "", "unassigned" if vacant else "reserved", ""


def _former_name(notes: str) -> str:
    """compressnet, of "De-assigned on 2025-02-13, previously compressnet by [Bernie_Volz]"; else empty."""
    if not notes.lower().startswith(("de-assigned", "deassigned")):
        return ""
    words = notes.partition(PREVIOUSLY)[2].split()
    return words[0].strip("\"',.;") if words else ""


def _transport(text: str) -> str | None:
    """A transport's name, None for any. A new one that IANA may add is let through; prose is not."""
    if text and not (text.isascii() and text.isalnum() and len(text) <= 16):
        raise DataError(f"{text[:40]!r} is no transport", "The data from before is kept.")
    return text.lower() or None


def _cells(text: str) -> Iterator[list[str]]:
    import csv  # 10 ms with what it imports; only hb update and the tools come here
    import io

    try:
        yield from csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    except csv.Error as error:
        raise DataError(f"IANA's table of ports is broken: {error}", "Try again; the old data is kept.") from error


def _refuse_incomplete(number: int, columns: list[str], cells: list[str]) -> None:
    if len(cells) != len(columns):
        raise DataError(
            f"row {number} of IANA's table has {len(cells)} cells where {len(columns)} belong",
            "It probably arrived incomplete. Try again; the old data is kept.",
        )


def _row(number: int, cells: dict[str, str], as_of: str) -> Assignment:
    try:
        row = assignment(cells, as_of, as_of)
    except DataError as error:
        raise DataError(f"row {number} of IANA's table: {error.message}", error.remedy) from error
    if row.first is None and not row.name:
        raise DataError(f"row {number} of IANA's table has neither name nor number", "The old data is kept.")
    return row
