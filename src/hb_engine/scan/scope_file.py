"""The scope file: TOML in which every allowance and exclusion is one line, so that a line can be named, added, removed.

    scope = [
      { allow = "198.18.0.0/15", why = "our test bed", until = 2026-12-31, by = "ana", added = 2026-11-25 },
      { exclude = "10.0.5.1", why = "the old printer" },
    ]

A name carries the addresses that it had when it was added (`addresses = [...]`): what it leads to later is not allowed.
A file cut anywhere before its closing bracket is no TOML, and one without `scope = [` is no scope file: both are errors
with the line, and nothing is scanned then. An edit adds or takes out one line and leaves every other byte as it was, or
is refused. Text in, lines and text out: this module opens no file and resolves no name.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput, DataError
from hb_engine.scan.addresses import AddressSet, Range
from hb_engine.scan.scope import NARROWEST, Line
from hb_engine.scan.words import quoted, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEYS = frozenset(("allow", "exclude", "why", "until", "by", "added", "addresses"))
EMPTY = """\
# What hb scan may ask beyond this machine's own and private networks, and what it must not. One entry, one line.
# hb scope add and hb scope exclude write here, and so may you; hb scope shows what it comes to.
scope = [
]
"""
REMEDY = "Correct that line; nothing is scanned before."
LONGEST = 200  # characters of a reason


def parse(text: str, file: str) -> tuple[Line, ...]:
    """The lines of a scope file. Raises DataError with the line for what is half-written, unknown or impossible."""
    import tomllib  # 10 ms, and only scanning and hb scope need it

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file}{_toml_place(error, text)}", REMEDY) from error
    entries = document.get("scope")
    if not isinstance(entries, list) or set(document) != {"scope"}:
        last = text.count("\n") + 1
        raise DataError(f"{file}:{last}: a scope file is scope = [ ... ], and nothing else", REMEDY)
    numbers = _numbers(text, entries)
    return tuple([_line(entry, file, number) for entry, number in zip(entries, numbers, strict=True)])


def added(text: str, line: Line) -> str:
    """The text with one more line before its closing bracket. Raises DataError where a person has to do it."""
    rows = text.splitlines(keepends=True)
    places = [place for place, row in enumerate(rows) if row.strip() == "]"]
    new = f"  {written(line)},\n"
    for comma in ("", ","):
        made = list(rows)
        if places:
            if comma:  # the entry before ends without one
                made[places[-1] - 1] = made[places[-1] - 1].rstrip() + ",\n"
            made.insert(places[-1], new)
        if _is_edit(text, "".join(made), +1):
            return "".join(made)
    raise DataError("the scope file is written in a way that hb cannot add to", f"Add this line by hand: {new.strip()}")


def removed(text: str, numbers: set[int]) -> str:
    """The text without some lines, counted from 1. Raises DataError where a person has to do it."""
    rows = text.splitlines(keepends=True)
    made = "".join([row for number, row in enumerate(rows, 1) if number not in numbers])
    if not _is_edit(text, made, -len(numbers)):
        shown = ", ".join(map(str, sorted(numbers)))
        raise DataError("the scope file is written in a way that hb cannot edit", f"Take out line {shown} by hand.")
    return made


def written(line: Line) -> str:
    """A line as it stands in a file, without its comma."""
    parts = [f"{'allow' if line.allow else 'exclude'} = {_text(line.what)}"]
    if read(line.what).name:
        parts.append(f"addresses = [{', '.join([_text(str(one)) for one in line.addresses.ranges])}]")
    parts += [f"why = {_text(line.why)}"] if line.why else []
    parts += [f"until = {line.until}"] if line.until else []
    parts += [f"by = {_text(line.by)}"] if line.by else []
    parts += [f"added = {line.added}"] if line.added else []
    return f"{{ {', '.join(parts)} }}"


def refuse_too_wide(what: str, addresses: AddressSet) -> None:
    """Raise BadInput for an allowance of more than anybody's own networks."""
    for one in addresses.ranges:
        if one.count > 1 << ((32 if one.family == 4 else 128) - NARROWEST[one.family]):
            most = "a /8" if one.family == 4 else "a /32"
            raise BadInput(
                f"{quoted(what)} is wider than {most}: nobody owns that much", "Add the networks that are yours."
            )


def day(text: str) -> str:
    """A day as 2026-12-31. Raises BadInput."""
    import datetime as dt  # rarely asked for

    try:
        found = dt.date.fromisoformat(text).isoformat()
    except ValueError:
        found = ""
    if not found or found != text:
        raise BadInput(f"{quoted(text)} is no day", "Type year, month and day: 2026-12-31.")
    return found


def _line(entry: Any, file: str, number: int) -> Line:
    place = f"{file}:{number}"
    if not isinstance(entry, dict) or len({"allow", "exclude"} & set(entry)) != 1:
        raise DataError(f"{place}: an entry is {{ allow = ... }} or {{ exclude = ... }}", REMEDY)
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise DataError(f"{place}: {quoted(unknown[0])} is nothing that an entry can say", REMEDY)
    allow = "allow" in entry
    if not allow and "until" in entry:
        raise DataError(f"{place}: an exclusion has no last day", "Take the line out on that day.")
    words = {name: entry.get(name, "") for name in ("allow" if allow else "exclude", "why", "by")}
    if not all(isinstance(word, str) for word in words.values()):
        raise DataError(f"{place}: a network, a reason and a person are text", REMEDY)
    what = words["allow" if allow else "exclude"]
    try:
        addresses = _addresses(what, entry.get("addresses"))
        if allow:
            refuse_too_wide(what, addresses)
    except BadInput as error:
        raise DataError(f"{place}: {error.message}", error.remedy) from error
    until, since = (_day(entry, name, place) for name in ("until", "added"))
    return Line(allow, what, addresses, words["why"], until, words["by"], since, file, number)


def _addresses(what: str, pinned: Any) -> AddressSet:
    """What an entry speaks of: its own word, or for a name the addresses that stand with it. Raises BadInput."""
    word = read(what)
    if not word.name:
        if pinned is not None:
            raise BadInput(f"{quoted(what)} is no name, and needs no addresses", "Take the addresses out.")
        return AddressSet(word.ranges)
    found: list[Range] = []
    for each in pinned if isinstance(pinned, list) else ():
        if not isinstance(each, str) or read(each).name:
            raise BadInput(f"the addresses of {quoted(what)} are no addresses", "Add the name anew with hb scope.")
        found += read(each).ranges
    if not found:
        raise BadInput(f"the name {quoted(what)} stands without its addresses", f"Type hb scope add {what} instead.")
    return AddressSet(found)


def _day(entry: dict[str, Any], name: str, place: str) -> str:
    value = entry.get(name)
    if value is None:
        return ""
    try:
        return day(value if isinstance(value, str) else value.isoformat())
    except (BadInput, AttributeError) as error:
        raise DataError(f"{place}: {name} is no day such as 2026-12-31", REMEDY) from error


def _numbers(text: str, entries: list[Any]) -> list[int]:
    """The line of each entry: the next one that holds its own word. 0 where the writing hides it."""
    rows = text.splitlines()
    found, at = [], 0
    for entry in entries:
        word = (entry.get("allow") or entry.get("exclude")) if isinstance(entry, dict) else None
        place = next(
            (
                place
                for place in range(at, len(rows))
                if isinstance(word, str) and word in rows[place] and not rows[place].lstrip().startswith("#")
            ),
            -1,
        )
        found.append(place + 1)
        at = place + 1 if place >= 0 else at
    return found


def _is_edit(before: str, after: str, difference: int) -> bool:
    """Whether an edit changed the number of entries by that much and nothing else that an entry says."""
    try:
        old, new = parse(before, ""), parse(after, "")
    except DataError:
        return False
    bare_old, bare_new = ([(x.allow, x.what, x.addresses, x.why, x.until) for x in lines] for lines in (old, new))
    kept = bare_old == bare_new[: len(bare_old)] if difference > 0 else all(each in bare_old for each in bare_new)
    return kept and len(new) - len(old) == difference


def _text(word: str) -> str:
    """A basic string of TOML: quotes, backslashes and everything that cannot be printed escaped."""
    kept = []
    for letter in word[:LONGEST]:
        code = ord(letter)
        if letter in '"\\':
            kept.append("\\" + letter)
        elif letter.isprintable():
            kept.append(letter)
        elif not 0xD800 <= code <= 0xDFFF:  # halves of surrogate pairs have no place in TOML
            kept.append(f"\\U{code:08x}")
    return '"' + "".join(kept) + '"'


def _toml_place(error: BaseException, text: str) -> str:
    """:3: what is wrong, from tomllib's own sentence, which says (at line 3, column 5) or (at end of document)."""
    told, _, where = str(error).partition(" (at ")
    number = where.partition("line ")[2].partition(",")[0]
    shown = told[:120] if told.isprintable() else "it is no TOML"
    return f":{number if number.isdigit() else text.count(chr(10)) + 1}: {shown}"
