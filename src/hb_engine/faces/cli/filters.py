"""What `hb ls` is asked to show: ports, transports, processes, users, scopes, namespaces, kinds and free words.

Each filter narrows; within one, any item is enough. Processes are found by pid or name, names with * for any letters.
Scopes are taken in programs' words and people's (public, everyone), with + for wider and - for narrower ones. It
refuses to let a mistake look like an empty answer: what cannot match anything is BadInput.
"""

from __future__ import annotations

from hb_engine.faces.stories.owners import base, container_of, holder
from hb_engine.faces.words import SCOPES as PEOPLE
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hb_engine.faces.cli.options import Asked
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

    Test = Callable[[Opening], bool]

COMM = 15  # bytes that the kernel keeps of a process's name, proc_pid_comm(5)
PORT_HELP = "Type ports and ranges such as 22,80,8000-9000."


def tests(asked: Asked) -> list[Test]:
    """The tests that an opening has to pass, all of them. Raises BadInput."""
    made = [
        _ports(asked.many("port")),
        _one_of(asked.many("transport"), TRANSPORTS, "transport", lambda opening: opening.transport),
        _processes(asked.many("process")),
        _users(asked.many("user")),
        _scopes(asked.many("scope")),
        _namespaces(asked.many("netns")),
        _one_of(asked.many("kind"), KINDS, "kind", lambda opening: opening.kind),
        _words(asked.words),
    ]
    return [test for test in made if test]


def ports(items: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Ports and ranges, each as first and last. Raises BadInput for what is none of 0 to 65535."""
    return tuple([_range(item) for item in items])


def scopes(items: tuple[str, ...]) -> frozenset[str]:
    """The scopes meant: public, everyone, link+ (link and wider), private- (private and narrower). Raises BadInput."""
    found: set[str] = set()
    for item in items:
        name, sign = (item[:-1], item[-1]) if item[-1] in "+-" else (item, "")
        at = _scope(name)
        found.update(SCOPES[at:] if sign == "+" else SCOPES[: at + 1] if sign == "-" else SCOPES[at : at + 1])
    return frozenset(found)


def _ports(items: tuple[str, ...]) -> Test | None:
    ranges = ports(items)
    if not ranges:
        return None
    return lambda opening: opening.port is not None and any(low <= opening.port <= high for low, high in ranges)


def _range(item: str) -> tuple[int, int]:
    low, dash, high = item.partition("-")
    ends = [low, high if dash else low]
    if not all(end.isascii() and end.isdigit() and len(end) < 8 for end in ends):
        name = not any(character in "-, " for character in item) and not item[:1].isdigit()
        raise BadInput(f"--port cannot be {item!r}", f"{PORT_HELP} hb port {item} finds a name." if name else PORT_HELP)
    first, last = int(ends[0]), int(ends[1])
    if last > 65535:
        raise BadInput(f"--port cannot be {item!r}: the highest port is 65535", PORT_HELP)
    if first > last:
        raise BadInput(f"--port cannot be {item!r}: it ends before it begins", f"Did you mean {last}-{first}?")
    return first, last


def _scope(name: str) -> int:
    for at, word in enumerate(SCOPES):
        if name.lower().replace("-", " ") in (word, PEOPLE[word]):
            return at
    raise BadInput(
        f"--scope cannot be {name!r}", f"It is one of {', '.join(SCOPES)}, with + for wider or - for narrower."
    )


def _scopes(items: tuple[str, ...]) -> Test | None:
    wanted = scopes(items)
    return (lambda opening: opening.scope in wanted) if items else None


def _one_of(items: tuple[str, ...], known: tuple[str, ...], name: str, get: Callable[[Opening], str]) -> Test | None:
    for item in items:
        if item not in known:
            raise BadInput(f"--{name} cannot be {item!r}", f"It is one of {', '.join(known)}.")
    return (lambda opening: get(opening) in items) if items else None


def _processes(items: tuple[str, ...]) -> Test | None:
    if not items:
        return None
    return lambda opening: any(_is_process(owner, item) for owner in opening.owners for item in items)


def _is_process(owner: Owner, item: str) -> bool:
    if item.isdigit():
        return owner.pid == int(item)
    names = (owner.comm, base(owner.exe or ""), base(owner.script or ""))
    return any(matches(name, item) for name in names if name) or (len(item) > COMM and owner.comm == item[:COMM])


def matches(name: str, pattern: str) -> bool:
    """Whether a name is the pattern, in which * stands for any letters; case does not matter."""
    first, *rest = pattern.casefold().split("*")
    text = name.casefold()
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - len(rest[-1]) >= at and text.endswith(rest[-1])


def _users(items: tuple[str, ...]) -> Test | None:
    if not items:
        return None
    return lambda opening: any(item in _users_of(opening) for item in items)


def _users_of(opening: Opening) -> set[str]:
    pairs = [(opening.user, opening.uid), *[(owner.user, owner.uid) for owner in opening.owners]]
    return {name for name, _ in pairs if name} | {str(uid) for _, uid in pairs if uid is not None}


def _namespaces(items: tuple[str, ...]) -> Test | None:
    if not items or "all" in items:
        return None
    return lambda opening: any(_in_namespace(opening, item) for item in items)


def _in_namespace(opening: Opening, item: str) -> bool:
    space = opening.netns
    return item in (space.kind, space.name or space.kind, str(space.id))


def _words(items: tuple[str, ...]) -> Test | None:
    wanted = [item.casefold() for item in items]
    if not wanted:
        return None
    return lambda opening: (text := "\0".join(said(opening)).casefold()) is not None and all(w in text for w in wanted)


def said(opening: Opening) -> Iterator[str]:
    """Every name in an opening that a person may search for."""
    box = container_of(opening)
    yield from (
        holder(opening),
        opening.transport,
        opening.interface,
        opening.unit or "",
        opening.user,
        opening.netns.name,
    )
    yield from [entry.name for entry in opening.registered]
    if box:
        yield from (box.name, box.image, box.pod, box.id)
    for owner in opening.owners:
        yield from (owner.comm, owner.exe or "", owner.script or "", owner.unit or "", owner.user, str(owner.pid))
        yield from [package.name for package in (owner.package, owner.script_package) if package]
