"""Where targets stand when they are not on the command line: a person's file, and the hosts of the baseline's roles.

A file holds words as on the command line, any number a line, with # before comments. The baseline is a folder of TOML
files, in which a role names its hosts:

    [[role]]
    name = "web"
    hosts = ["web-1.example.org", "10.0.3.0/28"]

It refuses files that hold more than a person writes, files inside of files, and to know what a word means.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan.words import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT = 16 << 20  # bytes of a file of targets: a million addresses
SMALL = 1 << 20  # bytes of a file of the baseline
MOST_FILES = 1000  # of a baseline
EVERYTHING = "baseline"  # @baseline: the hosts of all roles
WRITE = '[[role]], name = "web", hosts = ["10.0.3.7"]'


@record
class Said:
    """A word, and where it was said: hosts.txt:12; empty for the command line."""

    word: str
    where: str = ""


def from_file(path: str) -> list[Said]:
    """The words of a file, "-" being standard input. Raises BadInput for what cannot be read, and for an empty one."""
    data = _read(path, LIMIT)
    found = []
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").splitlines(), 1):
        for word in line.partition("#")[0].split():
            if word[0] == "@":
                raise BadInput(f"{_shown(path)}:{number}: {quoted(word)} stands in a file", "Type it on the line.")
            found.append(Said(word, f"{_shown(path)}:{number}"))
    if not found:
        raise BadInput(f"{_shown(path)} holds no target", "Write an address, a network or a name on each line.")
    return found


def from_baseline(name: str, folder: str) -> list[Said]:
    """The hosts of a role, or of all roles for "baseline". Raises BadInput where there is none of that name."""
    known: list[str] = []
    found = []
    for path in _files(folder):
        for role in _roles(path):
            known.append(role["name"])
            if name in (role["name"], EVERYTHING):
                found += [Said(host, f"{_shown(path)}, role {quoted(role['name'])}") for host in role["hosts"]]
    if found:
        return found
    if name != EVERYTHING and name not in known:
        roles = ", ".join(sorted(set(known))[:20])
        hint = f"The roles there are {roles}." if roles else f"Write there: {WRITE}."
        raise BadInput(f"no role in {_shown(folder)} is called {quoted(name)}", hint)
    raise BadInput(f"no role in {_shown(folder)} names a host", f"Write there: {WRITE}.")


def _files(folder: str) -> list[str]:
    try:
        names = sorted([name for name in os.listdir(folder) if name.endswith(".toml") and name[0] != "."])
    except OSError as error:
        hint = f"Write {os.path.join(folder, 'hosts.toml')} with {WRITE}, or type the hosts themselves."
        raise BadInput(f"there is no baseline in {_shown(folder)}: {error.strerror}", hint) from error
    if len(names) > MOST_FILES:
        raise BadInput(f"{_shown(folder)} holds more than {MOST_FILES} files", "Put roles together.")
    return [os.path.join(folder, name) for name in names]


def _roles(path: str) -> list[dict[str, Any]]:
    """The roles of one file that name hosts. Raises BadInput for what is no TOML, or not as roles are written."""
    import tomllib  # 10 ms, and only who asks for the baseline needs it

    try:
        document = tomllib.loads(_read(path, SMALL).decode())
    except (ValueError, RecursionError) as error:  # ValueError: no UTF-8, or no TOML
        raise BadInput(f"{_shown(path)} is no TOML: {_line(error)}", "Correct it; nothing is asked before.") from error
    roles = document.get("role", [])
    found = [role for role in roles if isinstance(role, dict)] if isinstance(roles, list) else []
    for role in found:
        hosts = role.setdefault("hosts", [])
        if not isinstance(role.get("name"), str) or not isinstance(hosts, list):
            raise BadInput(f"a role in {_shown(path)} has no name, or hosts that are no list", f"Write {WRITE}.")
        if not all(isinstance(host, str) for host in hosts):
            raise BadInput(
                f"role {quoted(role['name'])} in {_shown(path)} has a host that is no text", f"Write {WRITE}."
            )
    return found


def _read(path: str, limit: int) -> bytes:
    try:
        if path != "-" and os.path.exists(path) and not os.path.isfile(path):  # a named pipe would keep us for ever
            raise BadInput(f"{_shown(path)} is no file", "Name a file of targets, or - for standard input.")
        with open(0 if path == "-" else path, "rb", buffering=0, closefd=path != "-") as file:
            pieces, left = [], limit + 1
            while left > 0 and (piece := file.read(left)):
                pieces.append(piece)
                left -= len(piece)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or "no such name can be"
        raise BadInput(f"{_shown(path)} cannot be read: {reason}", "Name a file that is yours to read.") from error
    if left <= 0:
        raise BadInput(f"{_shown(path)} is larger than {limit >> 20} MiB", "Write networks instead of their addresses.")
    return b"".join(pieces)


def _shown(path: str) -> str:
    """A path as it stands in a message: as it is where it is plain, escaped otherwise."""
    return "standard input" if path == "-" else path if path.isprintable() and len(path) <= 200 else quoted(path)


def _line(error: BaseException) -> str:
    told = str(error).split("\n", 1)[0]
    return told[:120] if told.isprintable() else quoted(told)
