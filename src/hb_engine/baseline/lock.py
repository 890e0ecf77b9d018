"""hb.lock: what was observed, beside what was decided. TOML that hb writes and reads; people read it in diffs.

One opening is one line, everything is sorted, and each machine has its own tables, so that a new observation is a small
diff and two machines' never conflict. The last line says that the file ends there: a file that was written halfway is
told from one that is short. It refuses to repair anything: a lock that cannot be read is worth a message with its line,
for what it held cannot be guessed.

Bytes that were no UTF-8 stand in it as the characters \\x80 to \\xff, as in JSON documents; `plain` says the same of
what was seen, so that both can be compared.
"""

from __future__ import annotations

from hb_engine.baseline.blocks import quoted
from hb_engine.model.baseline import Lock, LockedHost, Observed
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.errors import BadInput
from hb_engine.model.record import items
from hb_engine.wire.dates import DAY, days, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Table = dict[str, Any]

NAME = "hb.lock"
SCHEMA = "hb/1"
END = "# the end"
HEADER = f"""\
# What was observed on each machine, one opening a line. hb writes this file; what changes in it is a note, unless a
# rule pins it. What should be open stands in the rules beside it.
schema = "{SCHEMA}"
"""
MOST = 256 << 20  # bytes
LATEST = 253_402_300_799  # the last second of the year 9999, the last that TOML can write
ANEW = "Take the file's last version back (git), or remove it and have it written anew: hb learn --now."
FACTS = ("exe", "sha256", "package", "version", "image", "speaks", "protocol", "tls", "certificate", "leads")
HOST, OPENINGS = "[hosts.", ".openings]"


def plain(text: str) -> str:
    """A text as it stands in a lock: half a surrogate pair as the characters that stand for it."""
    if text.isascii():
        return text
    return "".join([_plain(one) if "\ud800" <= one <= "\udfff" else one for one in text])


def _plain(half: str) -> str:
    code = ord(half)
    return f"\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


# -- writing


def text(lock: Lock) -> str:
    """A lock as the text of its file: the same lock is always the same text."""
    hosts = sorted(lock.hosts, key=lambda one: one.name)
    return "\n".join([HEADER, *[host_text(one) + "\n" for one in hosts], END]) + "\n"


def host_text(host: LockedHost) -> str:
    """The tables of one machine, without an end of line at their end."""
    name = _quoted(plain(host.name))
    lines = [f"{HOST}{name}]", f"machine = {_quoted(plain(host.machine))}", f"learned = {_moment(host.learned_at)}"]
    if host.learning_until is not None:
        lines.append(f"learning_until = {_moment(host.learning_until)}")
    lines += ["", f"{HOST}{name}{OPENINGS}"]
    widest: dict[str, Observed] = {}
    for one in host.observed:  # a thread has one line: how far it reached, at the widest
        thread = plain(one.thread)
        if thread not in widest or SCOPES.index(one.scope) > SCOPES.index(widest[thread].scope):
            widest[thread] = one
    return "\n".join(lines + [f"{_quoted(thread)} = {_facts(widest[thread])}" for thread in sorted(widest)])


def _facts(one: Observed) -> str:
    told = [f'scope = "{one.scope}"']
    told += [f"{name} = {_quoted(plain(value))}" for name, value in items(one) if name in FACTS and value]
    if one.first_seen is not None:
        told.append(f"first = {_moment(one.first_seen)}")
    return f"{{ {', '.join(told)} }}"


def _moment(seconds: int) -> str:
    return iso(min(max(seconds, 0), LATEST))


def _quoted(value: str) -> str:
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'  # nearly all are so, and there may be a hundred thousand
    return quoted(value)


def merged(before: str, host: LockedHost) -> str:
    """A lock's text with one machine's tables put in place of those that it had; every other line stays as it is.

    `before` is text that `parse` takes, or "" for a lock that is not there yet.
    """
    if not before:
        return text(Lock((host,)))
    name, new = plain(host.name), host_text(host) + "\n\n"
    for found, first, last in _sections(before):
        if found == name:
            return before[:first] + new + before[last:]
        if found > name:
            return before[:first] + new + before[first:]
    end = before.rindex(END)
    return before[:end] + new + before[end:]


# -- reading


def parse(content: str, file: str, host: str | None = None) -> Lock:
    """The lock that a text holds. With `host`, only this machine's tables are read where it has any, which is what a
    check needs.

    Raises BadInput, whose message begins with file and line, for a text that is no lock, was written halfway, or is of
    a newer schema.
    """
    if len(content) > MOST:
        raise BadInput(f"{file}: larger than {MOST >> 20} MiB", ANEW)
    if host is None:
        return _lock(_loaded(content, file, 0), content, file)
    head, section, line = _only(content, plain(host))
    if not section:
        return parse(content, file)
    _lock(_loaded(head, file, 0), content, file)
    return _lock(_loaded(f'schema = "{SCHEMA}"\n{section}', file, line - 1), content, file)


def _only(content: str, host: str) -> tuple[str, str, int]:
    """What stands before all machines, and the tables of one of them, with how many lines stand before these."""
    sections = list(_sections(content))
    head = content[: sections[0][1]] if sections else content
    for name, first, last in sections:
        if name == host:
            return head, content[first:last], content.count("\n", 0, first)
    return head, "", 0


def _sections(content: str) -> Iterator[tuple[str, int, int]]:
    """Each machine's name, and where its tables begin and end."""
    starts: list[tuple[str, int]] = []
    lead = "\n" + content  # so that every line has an end of line before it
    at = lead.find("\n" + HOST)
    while at >= 0:
        end = lead.find("\n", at + 1)
        line = lead[at + 1 : end if end >= 0 else len(lead)].rstrip()
        if not line.endswith(OPENINGS):
            starts.append((_name(line), at))
        at = lead.find("\n" + HOST, at + 1)
    stop = lead.rfind("\n" + END)
    ends = [first for _, first in starts[1:]] + [stop if starts and stop > starts[-1][1] else len(content)]
    for number, (name, first) in enumerate(starts):
        yield name, first, ends[number]


def _name(line: str) -> str:
    """The name in a header's line; the line itself where it is none, which the reading of its tables will tell."""
    name = line[len(HOST) : -1]
    if name.isascii() and "\\" not in name:
        return name.strip('"')
    import tomllib  # few names need it

    try:
        names = list(tomllib.loads(f"{name} = 0"))
    except ValueError:
        return line
    return names[0]


def _loaded(content: str, file: str, before: int) -> Table:
    """A text as TOML; `before` is how many lines of the file stand before it."""
    import tomllib  # 10 ms, and most verbs read no lock

    try:
        return tomllib.loads(content)
    except RecursionError as error:
        raise BadInput(f"{file}: nested too deeply", ANEW) from error
    except ValueError as error:
        what, _, place = str(error).partition(" (at ")
        line = _digits(place.partition("line ")[2])
        if "<<<<<<<" in content:
            what = "two versions of it were merged, and not to the end"
            line = content[: content.index("<<<<<<<")].count("\n") + 1
        raise BadInput(f"{file}:{(line or content.count(chr(10)) + 1) + before}: {what}", ANEW) from error


def _digits(words: str) -> int:
    number = words.partition(",")[0].rstrip(")")
    return int(number) if number.isascii() and number.isdigit() else 0


def _lock(table: Table, content: str, file: str) -> Lock:
    schema = table.get("schema")
    if schema != SCHEMA:
        raise _of_another_schema(schema, content, file)
    if not content.rstrip().endswith(END):
        raise BadInput(f"{file}:{content.count(chr(10)) + 1}: it ends before its end: it was written halfway", ANEW)
    hosts = table.get("hosts", {})
    if not isinstance(hosts, dict):
        raise _wrong(file, _line(content, "hosts"), "hosts must be tables, one a machine")
    reader = _Reader(content, file)
    return Lock(tuple([reader.host(name, hosts[name]) for name in sorted(hosts)]))


def _of_another_schema(schema: object, content: str, file: str) -> BadInput:
    line = _line(content, "schema")
    if schema is None:
        return BadInput(f"{file}:1: it says no schema, so it is no hb.lock", ANEW)
    told = f"{file}:{line}: it is of schema {str(schema)[:40]!r}, and this hb reads {SCHEMA!r}"
    return BadInput(told, "Use the hb that wrote it, or a newer one.")


def _line(content: str, start: str, after: int = 0) -> int:
    """The first line from a place on that begins so, 1 where none does."""
    at = 0 if content.startswith(start) else content.find("\n" + start, after) + 1
    return content.count("\n", 0, at) + 1


def _wrong(file: str, line: int, what: str) -> BadInput:
    return BadInput(f"{file}:{line}: {what}", ANEW)


class _Reader:
    """Tables into values, with the line of what is wrong."""

    def __init__(self, content: str, file: str) -> None:
        self._content, self._file = content, file
        self._after = 0  # where the tables of the machine begin that is read

    def host(self, name: str, table: object) -> LockedHost:
        start = f"{HOST}{_quoted(name)}]"
        self._after = max(self._content.find("\n" + start), 0)
        if not isinstance(table, dict) or not isinstance(table.get("openings", {}), dict):
            raise self._wrong(start, "a machine must be a table")
        return LockedHost(
            name,
            self._text(start, table, "machine"),
            self._time(start, table, "learned") or 0,
            self._time(start, table, "learning_until"),
            tuple([self._observed(thread, facts) for thread, facts in sorted(table.get("openings", {}).items())]),
        )

    def _observed(self, thread: str, facts: object) -> Observed:
        start = f"{_quoted(thread)} ="
        if not isinstance(facts, dict):
            raise self._wrong(start, "an opening must be a table of facts")
        scope = self._text(start, facts, "scope")
        if scope not in SCOPES:
            raise self._wrong(start, f"scope is one of {', '.join(SCOPES)}, not {scope[:40]!r}")
        if thread.count("/") < 3:
            raise self._wrong(start, "an opening is named transport/port/owner/namespace")
        told: Table = {name: self._text(start, facts, name) for name in FACTS}
        return Observed(thread, scope, **told, first_seen=self._time(start, facts, "first"))

    def _text(self, start: str, table: Table, name: str) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            raise self._wrong(start, f"{name} must be a text")
        return value

    def _time(self, start: str, table: Table, name: str) -> int | None:
        value = table.get(name)
        if value is None:
            return None
        if not hasattr(value, "year"):
            raise self._wrong(start, f"{name} must be a date, as 2026-11-25 or 2026-11-25T14:02:11Z")
        seconds: int = days(value.year, value.month, value.day) * DAY
        if not hasattr(value, "hour"):
            return seconds
        offset = value.utcoffset()
        seconds += value.hour * 3600 + value.minute * 60 + value.second
        return seconds - (int(offset.total_seconds()) if offset else 0)

    def _wrong(self, start: str, what: str) -> BadInput:
        return _wrong(self._file, _line(self._content, start, self._after), what)
