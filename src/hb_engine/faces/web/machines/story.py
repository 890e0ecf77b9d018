"""One opening told whole, as `hb why` tells it, in the page's language: each fact with its lines.

Facts that were not read are left out, never filled in. A line is made of parts: our own words in the page's language,
and strangers' text as it is. What evidence says besides comes as `details`, sentences by name, and stays English.
"""

from __future__ import annotations

from hb_engine.faces.stories.opening import command_line
from hb_engine.faces.stories.owners import base, chosen_name, container_name, started, unit_name
from hb_engine.faces.text import clip, quoted
from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.machines.words import SCOPES, UNOWNED, said
from hb_engine.faces.words import address, place
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Ancestor, Container, Origin, Owner, Package

GROUPS = 6  # programs told before the rest is counted
LONGEST = 500  # columns of a part of a line: strangers' words may have thousands
JOINED = ("size", "sha256", "unit file", "firewall")  # details that join a line of ours
STATES = {
    "replaced": mark("replaced since: it runs the old file, and a restart would run the new one"),
    "deleted": mark("deleted"),
    "memfd": mark("in memory only, never a file on disk"),
    "unreadable": mark("not readable"),
    "kernel": mark("a kernel thread"),
    "elsewhere": mark("by a view of files that a user made: the machine has another file at that path, or none"),
}
ORIGINS = {
    "service": mark("a service"),
    "socket": mark("socket activation"),
    "timer": mark("a timer"),
    "cron": mark("cron"),
    "login": mark("a login"),
    "container": mark("a container"),
    "kernel": mark("the kernel"),
    "init": mark("init"),
}
FLAGS = {
    "mptcp": mark("speaks Multipath TCP as well"),
    "transparent": mark("answers for addresses that are not this machine's"),
    "filter": mark("a packet filter decides what it hears"),
    "v6only": mark("IPv6 only"),
    "reuseport": mark("shares its port (SO_REUSEPORT)"),
    "hidden": mark("on no list of the kernel: found by trying to take its port"),
}
VERIFIED = {
    True: mark("package %(name)s %(version)s (%(manager)s), its bytes verified"),
    False: mark("package %(name)s %(version)s (%(manager)s), and its bytes DIFFER from the package's"),
    None: mark("package %(name)s %(version)s (%(manager)s), its bytes not verified"),
}


@record
class Part:
    """A part of a line: text, and its kind: "" ours, name a stranger's, en English that is not translated, dim."""

    text: str
    kind: str = ""


@record
class Fact:
    """One fact: a word for programs, its name in the page's language, and its lines."""

    word: str
    name: str
    lines: tuple[tuple[Part, ...], ...]


@record
class Link:
    """One step of how it came to be, the first cause first."""

    text: str
    pid: int | None = None
    at: float | None = None
    origin: bool = False


def facts(language: Language, opening: Opening, details: Mapping[str, str]) -> tuple[Fact, ...]:
    """Who, what runs, how far it reaches, and how it is held; then what evidence says besides."""
    told = (
        ("who", mark("who"), _who(language, opening)),
        ("runs", mark("runs"), _runs(language, opening, details)),
        ("script", mark("script"), _scripts(language, opening)),
        ("reach", mark("reach"), _reach(language, opening, details)),
        ("held", mark("held by"), _holds(opening)),
        ("noted", mark("noted"), [(Part(note, "en"),) for note in opening.notes]),
    )
    found = [
        Fact(word, language.say(name), tuple([_cut(line) for line in lines])) for word, name, lines in told if lines
    ]
    besides = [Fact(name, name, (_cut((Part(text, "en"),)),)) for name, text in details.items() if name not in JOINED]
    return (*found, *besides)


def chain(language: Language, opening: Opening) -> tuple[Link, ...]:
    """How the first owner came to be: what began it, then each parent down to itself. Empty where nobody is named."""
    if not opening.owners:
        return ()
    owner = opening.owners[0]
    parents = list(owner.parents)
    if parents and owner.origin and _ancestor(parents[-1]) == owner.origin.name:
        parents.pop()  # said once, as what began it
    links = [Link(_origin(language, owner.origin, owner), None, owner.origin.at, origin=True)] if owner.origin else []
    links += [Link(_ancestor(parent), parent.pid, parent.started_at) for parent in parents[::-1]]
    links = [Link(clip(one.text, LONGEST), one.pid, one.at, one.origin) for one in links]
    own = command_line(owner.cmdline) if owner.cmdline else quoted(owner.comm) if owner.comm else f"pid {owner.pid}"
    return (*links, Link(clip(own, LONGEST), owner.pid, owner.started_at))


def since(opening: Opening) -> float | None:
    """When the youngest owner started."""
    return started(opening)


def title(opening: Opening) -> str:
    """Transport and port, or what stands for a port."""
    return place(opening)


# -- facts


def _cut(line: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple([Part(clip(part.text, LONGEST), part.kind) for part in line])


def _who(language: Language, opening: Opening) -> list[tuple[Part, ...]]:
    if not opening.owners:
        return [(Part(_nobody(language, opening)),), *_known(language, opening)]
    groups: dict[tuple[object, ...], list[Owner]] = {}
    for owner in opening.owners:
        groups.setdefault((owner.exe, owner.comm, owner.user, owner.uid, owner.unit), []).append(owner)
    lines = [_people(language, group) for group in list(groups.values())[:GROUPS]]
    left = len(groups) - GROUPS
    if left > 0:
        lines.append((Part(language.count("and one more program", "and %(num)s more programs", left)),))
    return lines


def _people(language: Language, owners: list[Owner]) -> tuple[Part, ...]:
    first = owners[0]
    pids = language.listed([str(owner.pid) for owner in owners[:4]]) + (" …" if len(owners) > 4 else "")
    user = first.user or (f"uid {first.uid}" if first.uid is not None else language.say("user unknown"))
    name = quoted(first.comm) if first.comm else language.say("no name")
    told = language.say("%(name)s, pid %(pids)s, user %(user)s", name=name, pids=pids, user=user)
    if chosen_name(first):
        told = language.say("calls itself %(name)s, pid %(pids)s, user %(user)s", name=name, pids=pids, user=user)
    parts = [Part(told, "name")]
    if first.unit:
        parts.append(Part(language.say("in unit %(unit)s", unit=unit_name(first.unit)), "name"))
    if first.container:
        parts.append(Part(language.say("in container %(container)s", container=_box(first.container)), "name"))
    return tuple(parts)


def _box(box: Container) -> str:
    told = [container_name(box), f"image {box.image}" if box.image else "", f"pod {box.pod}" if box.pod else ""]
    return ", ".join([part for part in told if part])


def _nobody(language: Language, opening: Opening) -> str:
    if opening.unowned is None:
        return language.say("No process is named, and no reason is known.")
    word = said(language, UNOWNED, opening.unowned.reason)
    if not opening.unowned.detail:
        return language.say("Nobody is named: %(reason)s.", reason=word)
    return language.say("Nobody is named: %(reason)s (%(detail)s).", reason=word, detail=opening.unowned.detail)


def _known(language: Language, opening: Opening) -> Iterator[tuple[Part, ...]]:
    """What is known of an opening whose owners are not."""
    if opening.unit:
        yield (Part(language.say("in unit %(unit)s", unit=unit_name(opening.unit)), "name"),)
    if opening.container:
        yield (Part(language.say("in container %(container)s", container=_box(opening.container)), "name"),)
    user = opening.user or (f"uid {opening.uid}" if opening.uid is not None else "")
    if user:
        yield (Part(language.say("the socket is %(user)s's", user=user), "name"),)


def _runs(language: Language, opening: Opening, details: Mapping[str, str]) -> list[tuple[Part, ...]]:
    owners = list({(owner.exe, owner.exe_state): owner for owner in reversed(opening.owners)}.values())[::-1]
    lines: list[tuple[Part, ...]] = []
    for owner in owners[:GROUPS]:
        parts = [Part(file(language, owner), "name")]
        if not lines:
            parts += [Part(text, "dim") for text in (details.get("size", ""), _digest(details)) if text]
        lines.append((*parts, Part(_package(language, owner.package, owner))))
        if owner.cmdline and owner.cmdline != (owner.exe,):
            lines.append((Part(command_line(owner.cmdline), "code"),))
    return lines


def _digest(details: Mapping[str, str]) -> str:
    return f"sha256 {details['sha256']}" if "sha256" in details else ""


def file(language: Language, owner: Owner) -> str:
    """What a process runs, and what has become of that file."""
    path = (owner.exe or "").removesuffix(" (deleted)")
    state = said(language, STATES, owner.exe_state) if owner.exe_state != "present" else ""
    if not path:
        return state or language.say("an executable that could not be read")
    return f"{path} ({state})" if state else path


def _package(language: Language, package: Package | None, owner: Owner) -> str:
    if package is None:
        return (
            language.say("of its container's image") if owner.container else language.say("in no package that is known")
        )
    told = language.say(VERIFIED[package.verified], name=package.name, version=package.version, manager=package.manager)
    return f"{told} ({package.detail})" if package.detail else told


def _scripts(language: Language, opening: Opening) -> list[tuple[Part, ...]]:
    scripts = {owner.script: owner for owner in reversed(opening.owners) if owner.script}
    found = [
        (Part(path or "", "name"), Part(_package(language, one.script_package, one))) for path, one in scripts.items()
    ]
    return list(found[::-1][:GROUPS])


def _reach(language: Language, opening: Opening, details: Mapping[str, str]) -> list[tuple[Part, ...]]:
    far = said(language, SCOPES, opening.scope)
    on = language.listed([address(text) for text in opening.addresses[:8]])
    more = len(opening.addresses) - 8
    lines = [(Part(language.say("open to: %(scope)s", scope=far)), *([Part(on, "name")] if on else []))]
    if more > 0:
        lines.append((Part(language.count("and one more address", "and %(num)s more addresses", more)),))
    if opening.interface:
        lines.append((Part(language.say("through device %(device)s", device=opening.interface), "name"),))
    if opening.netns.kind != "host":
        name = opening.netns.name or str(opening.netns.id)
        lines.append((Part(language.say("in network namespace %(name)s", name=name), "name"),))
    if "firewall" in details:
        lines.append((Part(details["firewall"], "en"),))
    return [*lines, *[(Part(said(language, FLAGS, flag)),) for flag in opening.flags]]


def _holds(opening: Opening) -> list[tuple[Part, ...]]:
    """How the socket is held, where that is not an ordinary descriptor."""
    odd = [(owner, hold) for owner in opening.owners for hold in owner.holds if hold.how != "fd"]
    return [(Part(f"pid {owner.pid}: {hold.how} {hold.detail}".rstrip(), "en"),) for owner, hold in odd[:GROUPS]]


# -- the chain


def _ancestor(parent: Ancestor) -> str:
    if parent.pid == 1:
        return parent.comm or "init"
    words = parent.cmdline or (parent.comm or f"pid {parent.pid}",)
    return clip(command_line((base(words[0]), *words[1:])), 90)


def _origin(language: Language, origin: Origin, owner: Owner) -> str:
    if origin.kind == "unknown":
        return language.say("What started it is not known.")
    name = origin.name if origin.name not in ("", origin.kind) else ""
    if not name and origin.kind in ("service", "socket", "timer") and owner.unit:
        name = unit_name(owner.unit)
    kind = said(language, ORIGINS, origin.kind)
    told = language.say("%(kind)s: %(name)s", kind=kind, name=name) if name else kind
    if origin.user and origin.remote:
        sentence = mark("%(begin)s, of %(user)s from %(address)s")
    else:
        sentence = mark("%(begin)s, of %(user)s") if origin.user else mark("%(begin)s, from %(address)s")
    if not origin.user and not origin.remote:
        return told
    return language.say(sentence, begin=told, user=origin.user, address=origin.remote)
