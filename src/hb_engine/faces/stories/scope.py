"""What may be scanned, why, and what was: the pages of hb scope.

An allowance is never told without its reason, a refusal never without what a person can do. The texts of files and
records are a person's or a stranger's, and stay unescaped here: renderers escape.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Paragraph, Span, Table, command, line
from hb_engine.faces.text import plural
from hb_engine.faces.words import moment
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.scope import LOCAL, expired, never

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.app.scanning.scope import Checked, Edited, Listing
    from hb_engine.faces.document import Block, Line
    from hb_engine.scan.addresses import Range
    from hb_engine.scan.scope import Attached, Refused
    from hb_engine.scan.scope import Line as ScopeLine

NOBODY_FILES = "There is no scope file yet: only this machine's own and private networks may be scanned."
COLUMNS = (
    Column("RANGE", "range"),
    Column("MAY", "may"),
    Column("WHERE", "where", least=8, flexible=True, drop=1),
    Column("WHY", "why", least=12, flexible=True, flow=True),
)
LOG = (
    Column("WHEN", "when"),
    Column("WHO", "who", least=6, flexible=True),
    Column("WHAT", "what", least=12, flexible=True, flow=True),
)


def listing(found: Listing) -> Document:
    """Everything that may be scanned, and everything excluded, each with its reason."""
    scope = found.scope
    rows = [_cells(str(one), "yes", "always", kind.what) for kind in LOCAL for one in kind.ranges]
    rows += [_attached(one) for one in scope.attached if not any(_is_in(one, kind.ranges) for kind in LOCAL)]
    rows += [_row(each, scope.today) for each in scope.lines]
    blocks: list[Block] = [Table(COLUMNS, tuple(rows)), Blank()]
    files = ", ".join(found.files)
    blocks.append(Paragraph(line(f"Files: {files}" if files else NOBODY_FILES)))
    blocks.append(
        Paragraph(line("Exclusions win over everything. To allow more: ", command("hb scope add NETWORK --why TEXT")))
    )
    return Document(tuple(blocks))


def edited(done: Edited) -> Document:
    """What a change did."""
    blocks: list[Block] = [Paragraph(line(Span(_says(each, "is taken out"), "strong"))) for each in done.removed]
    for each in done.added:
        says = "may be scanned" if each.allow else "is excluded, whatever else allows it"
        until = f", until {each.until} is over" if each.until else ""
        blocks.append(Paragraph(line(Span(f"{each.what} {says}{until}.", "strong"), f" ({each.place})")))
    blocks += [Paragraph(line(Span(f"{note}.", "medium"))) for note in done.notes]
    return Document(tuple(blocks))


def checked(found: Checked) -> Document:
    """Whether addresses would be scanned, by which line, and what to do about those that would not."""
    blocks: list[Block] = [Paragraph(line(f"{note}.")) for note in found.targets.notes]
    for each in found.allowed.allowances:
        where = f" ({each.line.place})" if each.line else ""
        blocks.append(Paragraph(line(Span(f"{each.range} would be scanned: ", "strong"), f"{each.reason}{where}.")))
    blocks += [block for each in found.allowed.refused for block in _refusal(each)]
    total, may = len(found.targets), found.allowed.addresses.count
    if total > 1:
        blocks.append(Paragraph(line(f"{may:,} of {plural_addresses(total)} would be scanned.")))
    return Document(tuple(blocks))


def refusals(refused: Iterable[Refused], most: int = 8) -> Document:
    """The ranges that a scan leaves out, as a remark: the first of them, and how many more there are."""
    listed = tuple(refused)
    blocks = [block for each in listed[:most] for block in _refusal(each)]
    if len(listed) > most:
        blocks.append(Paragraph(line(f"{plural(len(listed) - most, 'more range')} left out as well.")))
    return Document(tuple(blocks))


def log(records: Iterable[dict[str, Any]], now: float) -> Document:
    """The last records, one a line. Whatever is in the file, a page comes out."""
    rows = [_record(each, now) for each in records]
    if not rows:
        return Document((Paragraph(line("Nothing was scanned yet, as far as the records go.")),))
    return Document((Table(LOG, tuple(rows)),))


def plural_addresses(count: int) -> str:
    """1 address; 16,777,216 addresses."""
    return f"{count:,} address{'' if count == 1 else 'es'}"


def _row(each: ScopeLine, today: str) -> tuple[Line, ...]:
    past = each.allow and expired(each, today)
    until = f", {'was' if past else ''} until {each.until}".replace("  ", " ") if each.until else ""
    may = "past" if past else "yes" if each.allow else "never"
    by = f" ({each.by})" if each.by else ""
    style = "dim" if past else "" if each.allow else "high"
    return (
        line(each.what),
        line(Span(may, style)),
        line(f"{each.why or 'no reason given'}{by}{until}"),
        line(each.place),
    )


def _cells(what: str, may: str, where: str, why: str, style: str = "") -> tuple[Line, ...]:
    return line(what), line(Span(may, style)), line(where), line(why)


def _attached(one: Attached) -> tuple[Line, ...]:
    """A network that is attached; lines of files may still exclude it, and follow below."""
    refused = never(AddressSet([one.network]))
    if refused:
        return _cells(str(one.network), "never", one.interface, refused[0][1], "high")
    return _cells(str(one.network), "yes", one.interface, "attached to this machine")


def _is_in(one: Attached, ranges: Iterable[Range]) -> bool:
    whole = one.network
    return any(r.family == whole.family and r.first <= whole.first and whole.last <= r.last for r in ranges)


def _says(each: ScopeLine, what: str) -> str:
    return f"{'The allowance' if each.allow else 'The exclusion'} of {each.what} {what}."


def _refusal(each: Refused) -> list[Block]:
    blocks: list[Block] = [Paragraph(line(Span(f"{each.range} is not scanned: ", "medium"), f"{each.reason}."))]
    if each.remedy:
        said, colon, typed = each.remedy.partition(": ")
        blocks.append(Paragraph(line(f"{said}{colon}", command(typed)) if typed else line(each.remedy), 4))
    return blocks


def _record(each: dict[str, Any], now: float) -> tuple[Line, ...]:
    who = each.get("who")
    by = who if isinstance(who, dict) else {}
    name = str(by.get("sudo") or by.get("user") or "")
    at = each.get("at")
    when = moment(float(at), now) if isinstance(at, (int, float)) and 0 <= at < 1 << 33 else "?"
    return line(when), line(name), line(_told(each))


def _told(each: dict[str, Any]) -> str:
    """One record in words; what is missing in it is left out."""
    event = each.get("event")
    if event == "start":
        hosts = each.get("hosts")
        count = f" ({plural_addresses(hosts)})" if isinstance(hosts, int) else ""
        ports = f", ports {str(each['ports'])[:60]}" if each.get("ports") else ""
        by = _words(each.get("allowed_by"))
        return f"scan of {_words(each.get('words')) or '?'}{count}{ports}" + (f", allowed by {by}" if by else "")
    if event == "end":
        counts = [f"{name} {value}" for name, value in each.items() if isinstance(value, int) and name != "at"]
        return f"scan {each.get('outcome', 'ended')}" + (f": {', '.join(counts)}" if counts else "")
    if event == "scope":
        changes = [f"added {_words([word])}" for word in _list(each.get("added"))]
        changes += [f"removed {_words([word])}" for word in _list(each.get("removed"))]
        return f"scope changed: {'; '.join(changes)}"
    return f"{str(event)[:40]}"


def _words(value: Any) -> str:
    return " ".join([str(word) for word in _list(value)])[:200]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
