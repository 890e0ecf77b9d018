"""Rules as TOML text, and that text put into a file or taken out of it without touching a letter of the rest.

A block is one table, `[[allow]]`, with one key a line in a fixed order, so that a decision is one contiguous piece of a
diff and its last change is who decided. What stood in the file stays as it stood: comments, order, empty lines, line
ends. It refuses to parse and rewrite a person's file; it finds where tables begin and end, which the grammar of TOML
(v1.0.0) allows to be seen line by line once strings and arrays are followed.
"""

from __future__ import annotations

from hb_engine.model.baseline import All, AnyOf, Is, Not
from hb_engine.model.record import record
from hb_engine.wire.dates import DAY, iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.baseline import Condition, Listen, Role, Rule

PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._@%+=:-~"
)  # in a condition's pattern
SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

IN_A_ROW = 4  # names on one line


@record
class Table:
    """A table of a file, by its lines: from `first` (its comments above included) to before `end`."""

    name: str  # allow, defaults ...
    first: int
    head: int  # the line of its [[header]]
    end: int  # after its last line with anything in it


def block(rule: Rule, comments: tuple[str, ...] = ()) -> str:
    """A rule as text, ended by a line feed. `comments` stand above it, one a line."""
    lines = [comment(each) for each in comments]
    lines += [f"[[{rule.kind}]]", *[f"{name} = {value}" for name, value in _values(rule)]]
    return "\n".join(lines) + "\n"


def role(wanted: Role) -> str:
    """A role as text: its name and the machines that have it."""
    lines = ["[[role]]", f"name = {quoted(wanted.name)}"]
    if len(wanted.hosts) > IN_A_ROW:
        lines += ["hosts = [", *[f"  {quoted(host)}," for host in wanted.hosts], "]"]
    else:
        lines.append(f"hosts = [{', '.join([quoted(host) for host in wanted.hosts])}]")
    return "\n".join(lines) + "\n"


def _values(rule: Rule) -> Iterator[tuple[str, str]]:
    texts = (
        ("id", rule.id),
        ("role", rule.role),
        ("host", rule.host),
        ("listen", ", ".join(dict.fromkeys([listen(one) for one in rule.listen]))),  # a name may be several ports
        ("by", rule.by_text or (condition(rule.by) if rule.by else "")),
        ("speaks", rule.speaks.text if rule.speaks else ""),
    )
    yield from [(name, quoted(text)) for name, text in texts if text]
    if rule.sources:
        yield "from", _several(rule.sources)
    yield from [(name, quoted(text)) for name, text in (("why", rule.why), ("owner", rule.owner)) if text]
    for name, at in (("accepted", rule.accepted), ("review", rule.review), ("until", rule.until)):
        if at is not None:
            yield name, moment(at, ends=name != "accepted")
    if rule.severity != "medium":
        yield "severity", quoted(rule.severity)
    yield from [(name, _several(words)) for name, words in (("pin", rule.pin), ("accepts", rule.accepts)) if words]


def _several(words: tuple[str, ...]) -> str:
    return quoted(words[0]) if len(words) == 1 else "[" + ", ".join([quoted(word) for word in words]) + "]"


def moment(at: int, *, ends: bool = True) -> str:
    """A time as TOML has it: a day alone where it is that day's last second, or its first of what begins with it."""
    return iso_day(at) if at % DAY == (DAY - 1 if ends else 0) else iso(at)


def quoted(text: str) -> str:
    """Text as a basic string of TOML on one line, which reads back as the very text.

    Half a surrogate pair, which stands for a byte that was no UTF-8, has no form in TOML: it is written as the four
    characters \\x80 to \\xff, as in JSON documents (wire/json_text.py).
    """
    return '"' + "".join([_escaped(character) for character in text]) + '"'


def _escaped(character: str) -> str:
    if character in SHORT:
        return SHORT[character]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return f"\\\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\\\u{code:04x}"
    if character.isprintable():
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def comment(text: str) -> str:
    """Text as a comment line; what does not print stands escaped."""
    return "# " + "".join([one if one.isprintable() else quoted(one)[1:-1] for one in text])


def listen(place: Listen) -> str:
    """A place as a rule writes it: tcp/443 on public; as it was written, where it was."""
    if place.text:
        return place.text
    ports = place.place
    if ports == "ports":
        ports = str(place.first) if place.first == place.last else f"{place.first}-{place.last}"
    limits = [place.scope] if place.scope != "public" else []
    limits += [f"iface:{place.interface}"] if place.interface else []
    limits += [f"net:{network}" for network in place.networks]
    limits += [f"netns:{place.netns}"] if place.netns != "host" else []
    limits = limits or ["public"]
    return f"{place.transport}/{ports} on {' '.join(limits)}"


def condition(part: Condition) -> str:
    """A condition as a rule writes it: unit:nginx.service and pkg:nginx."""
    return _condition(part, 0)


def _condition(part: Condition, depth: int) -> str:
    if isinstance(part, Is):
        return f"{part.field}:{part.pattern}"
    if isinstance(part, Not):
        return f"not {_condition(part.part, 2)}"
    joint, parts = (" and ", part.parts) if isinstance(part, All) else (" or ", part.parts)
    if len(parts) == 1:
        return _condition(parts[0], depth)
    text = joint.join([_condition(each, 2 if isinstance(part, All) else 1) for each in parts])
    return f"({text})" if depth == 2 or (depth == 1 and isinstance(part, AnyOf)) else text


def pattern(text: str) -> str:
    """A stranger's text as a pattern that matches it: what a condition cannot carry (spaces, quotes, brackets, *, and
    bytes that were no UTF-8) becomes ?, which stands for any one letter."""
    return "".join([one if one in PLAIN or (one.isalnum() and one.isprintable()) else "?" for one in text])


def appended(text: str, new: str) -> str:
    """A file's text with a block at its end, an empty line between, in the file's own kind of line ends."""
    ends = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += ends
    if text and not text.endswith(ends * 2):
        text += ends
    return text + new.replace("\n", ends)


def removed(text: str, kind: str, number: int) -> str:
    """A file's text without a table: that of a kind whose header stands on line `number`, from 1, with the comments
    right above it. The text as it is, where there is none."""
    table = _table(text, kind, number)
    if table is None:
        return text
    lines = _lines(text)
    before, after = lines[: table.first], lines[table.end :]
    if after and not after[0].strip() and (not before or not before[-1].strip()):
        after = after[1:]  # one empty line between what is left, as there was
    elif not after and before and not before[-1].strip():
        before = before[:-1]
    return "".join(before + after)


def changed(text: str, kind: str, number: int, key: str, value: str) -> str:
    """A file's text with a key of a table set to a value (TOML text) of one line; the key is added after the table's
    last line where it is not there. The text as it is, where there is no such table."""
    table = _table(text, kind, number)
    if table is None:
        return text
    lines, states = _lines(text), list(_states(_lines(text)))
    ends = "\r\n" if "\r\n" in text else "\n"
    keys = [i for i in range(table.head + 1, table.end) if states[i] and lines[i].partition("=")[0].strip() == key]
    if keys:
        after = next((i for i in range(keys[0] + 1, table.end) if states[i]), table.end)
        lines[keys[0] : after] = [f"{key} = {value}{ends}"]
        return "".join(lines)
    if not lines[table.end - 1].endswith("\n"):
        lines[table.end - 1] += ends
    lines.insert(table.end, f"{key} = {value}{ends}")
    return "".join(lines)


def tables(text: str) -> list[Table]:
    """The tables of a file in their order. What stands above the first one belongs to none."""
    lines = _lines(text)
    states = list(_states(lines))
    heads = [index for index, line in enumerate(lines) if states[index] and line.lstrip().startswith("[")]
    found: list[Table] = []
    for index, head in enumerate(heads):
        name, end = _name(lines[head]), heads[index + 1] if index + 1 < len(heads) else len(lines)
        while index + 1 < len(heads) and end > head + 1 and _is_above(lines[end - 1]) and states[end - 1]:
            end -= 1  # comments right above the next header are the next one's
        while end > head + 1 and not lines[end - 1].strip() and states[end - 1]:
            end -= 1
        if found and name.startswith(found[-1].name + "."):  # [allow.more] goes on with the last [[allow]]
            found[-1] = Table(found[-1].name, found[-1].first, found[-1].head, end)
            continue
        first = head
        while first > (found[-1].end if found else 0) and _is_above(lines[first - 1]) and states[first - 1]:
            first -= 1
        found.append(Table(name, first, head, end))
    return found


def _table(text: str, kind: str, number: int) -> Table | None:
    return next((table for table in tables(text) if table.name == kind and table.head == number - 1), None)


def _is_above(line: str) -> bool:
    return line.lstrip().startswith("#")


def _name(line: str) -> str:
    """The name in a header: [[ allow ]] is allow."""
    inside = line.partition("#")[0].strip().strip("[]")
    return ".".join([part.strip().strip("\"'") for part in inside.split(".")])


def _lines(text: str) -> list[str]:
    """Lines with their ends, at line feeds alone: TOML knows no other."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _states(lines: list[str]) -> Iterator[bool]:
    """Of each line, whether it begins outside of strings and arrays that go over several lines."""
    open_string, depth = "", 0
    for line in lines:
        yield not open_string and not depth
        open_string, depth = _after(line, open_string, depth)


def _after(line: str, open_string: str, depth: int) -> tuple[str, int]:
    """What is open at the end of a line: a string of three quotes, and so many brackets."""
    at, is_header = 0, not open_string and not depth and line.lstrip().startswith("[")
    while at < len(line):
        if open_string:
            at, open_string = _in_string(line, at, open_string)
        elif line[at] == "#":
            break
        elif line[at] in "\"'":
            mark = line[at] * 3 if line.startswith(line[at] * 3, at) else line[at]
            open_string, at = mark, at + len(mark)
        else:
            depth += 0 if is_header else (line[at] in "[{") - (line[at] in "]}")
            at += 1
    return (open_string if len(open_string) == 3 else ""), max(depth, 0)


def _in_string(line: str, at: int, mark: str) -> tuple[int, str]:
    """Where to go on inside a string, and what is still open there."""
    if line[at] == "\\" and mark[0] == '"':
        return at + 2, mark
    if not line.startswith(mark, at):
        return at + 1, mark
    at += len(mark)
    while len(mark) == 3 and line.startswith(mark[0], at):  # up to two quotes may stand before the closing three
        at += 1
    return at, ""
