"""One opening told whole: who, what runs, how it came to be, how far it reaches, what it is meant to be, what is odd.

Each line is a fact that was read. What was not read is left out, never filled in; the coverage says what that is.
Evidence that app gathers besides comes as `details`, sentences by name; a name that is known here joins its line
(sha256 and size the file, unit file the start, firewall the reach), any other stands on its own.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Field, Fields, Headline, Span, line, listed
from hb_engine.faces.stories import registry, steps
from hb_engine.faces.stories.owners import base, chosen_name, container_name, started, unit_name, word, worst
from hb_engine.faces.text import ELLIPSIS, clip, joined, plural, quoted, shell_word
from hb_engine.faces.words import UNOWNED, address, moment, place, reach, scope, since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.answer import Answer
    from hb_engine.model.assignment import PortPage
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Ancestor, Container, Origin, Owner, Package
    from hb_engine.model.verdict import Reason

JOINS = {"size": "runs", "sha256": "runs", "unit file": "came by", "firewall": "reach"}
GROUPS = 6  # programs told before the rest is counted
COMMAND = 400  # characters of a command line
VERDICTS = {"alarm": "Look at this first.", "look": "Worth a look.", "quiet": "Nothing odd about it."}
BLIND = "Nothing odd in what could be seen."  # without its owners that is little
STATES = {
    "replaced": "replaced since: it runs the old file, and a restart would run the new one",
    "deleted": "deleted",
    "memfd": "in memory only, never a file on disk",
    "unreadable": "not readable",
    "kernel": "a kernel thread",
    "elsewhere": "by a view of files that a user made: the machine has another file at that path, or none",
}
ORIGINS = {
    "service": "service",
    "socket": "socket activation of",
    "timer": "timer",
    "cron": "cron",
    "login": "login",
    "container": "container",
    "kernel": "the kernel",
    "init": "init",
}
FLAGS = {
    "mptcp": "speaks Multipath TCP as well",
    "transparent": "transparent: answers for addresses that are not this machine's",
    "filter": "a packet filter decides what it hears",
    "v6only": "IPv6 only",
    "reuseport": "shares its port (SO_REUSEPORT)",
}


def tell(
    opening: Opening, page: PortPage | None, details: dict[str, str], now: float, spoken: Answer | None = None
) -> list[Block]:
    """The opening as blocks: headline, facts, reasons and steps. `spoken` is what it said when it was asked."""
    told = [_who(opening), _runs(opening, details), _script(opening), _came_by(opening, details, now)]
    told += [_reach(opening, details), _holds(opening), _speaks(spoken, now)]
    told += [_meant(opening, page), _listed(opening, page)]
    told += [Field(name, (line(said),)) for name, said in details.items() if name not in JOINS]
    told += [Field("noted", tuple([line(note) for note in opening.notes])) if opening.notes else None]
    facts, reasons = tuple([field for field in told if field]), _reasons(opening)
    end = (*reasons, steps.field(steps.steps(opening)))
    if not reasons:
        return [_headline(opening, now), Fields((*facts, *end))]
    return [_headline(opening, now), Fields(facts), Blank(), Fields(end)]


def _headline(opening: Opening, now: float) -> Headline:
    begun = started(opening)
    where = "" if opening.netns.kind == "host" else f", in network namespace {opening.netns.name or opening.netns.id}"
    when = f", process started {since(begun, now)}" if begun is not None else ""
    on = f" on {reach(opening)}" if opening.addresses else ""
    style = "none" if word(opening) == "quiet" else worst(opening)
    blind = (
        not opening.owners and word(opening) == "quiet" and not (opening.unowned and opening.unowned.reason == "kernel")
    )
    verdict = BLIND if blind else VERDICTS[word(opening)] if opening.verdict else "Not judged."
    return Headline(line(Span(place(opening), "strong"), f"{on}{where}{when}. ", Span(verdict, style)))


def _speaks(spoken: Answer | None, now: float) -> Field | None:
    """What was said from the other side of the socket, and what is odd about that."""
    if spoken is None:
        return None
    from hb_engine.faces.stories.answers import product, remarks, service, severity  # not every story was asked for

    grave = severity(spoken, now)
    first = line(Span(service(spoken), grave if grave not in ("none", "info") else "strong"), " ", product(spoken))
    return Field("speaks", (first, *[line(clip(each, COMMAND)) for each in remarks(spoken, now)]))


def _who(opening: Opening) -> Field:
    if not opening.owners:
        return Field("who", (_nobody(opening), *_known(opening)))
    groups: dict[tuple[object, ...], list[Owner]] = {}
    for owner in opening.owners:
        groups.setdefault((owner.exe, owner.comm, owner.user, owner.uid, owner.unit), []).append(owner)
    lines = [_people(group) for group in list(groups.values())[:GROUPS]]
    if len(groups) > GROUPS:
        lines.append(line(f"and {plural(len(groups) - GROUPS, 'more program')}: hb ls --json tells all"))
    return Field("who", tuple(lines))


def _people(owners: list[Owner]) -> Line:
    first = owners[0]
    numbers = [str(owner.pid) for owner in owners[:4]] + ([f"{len(owners) - 4} more"] if len(owners) > 4 else [])
    user = first.user or (f"uid {first.uid}" if first.uid is not None else "user unknown")
    name = Span(quoted(first.comm), "strong") if first.comm else Span("no name", "dim")
    calls = "calls itself " if chosen_name(first) else ""
    box = f", in {container_words(first.container)}" if first.container else ""
    return line(f"pid{'s' if len(owners) > 1 else ''} {joined(numbers)}, {user}, {calls}", name, box)


def container_words(box: Container) -> str:
    """A container with its image and pod: docker shop, image registry.example/shop:4."""
    told = [container_name(box), f"image {box.image}" if box.image else "", f"pod {box.pod}" if box.pod else ""]
    return ", ".join([part for part in told if part])


def _nobody(opening: Opening) -> Line:
    if opening.unowned is None:
        return (Span("no process is named, and no reason is known", "high"),)
    said, detail = UNOWNED.get(opening.unowned.reason, opening.unowned.reason), opening.unowned.detail
    if opening.unowned.reason == "kernel":
        return line(said, f": {detail}" if detail else "")
    return (Span(f"nobody is named: {detail or said}", "high"),)


def _known(opening: Opening) -> list[Line]:
    """What is known of an opening whose owners are not."""
    told = [f"unit {unit_name(opening.unit)}" if opening.unit else ""]
    told += [container_words(opening.container)] if opening.container else []
    if opening.uid is not None or opening.user:
        told.append(f"the socket is {opening.user or f'uid {opening.uid}'}'s")
    known = [part for part in told if part]
    return [line("; ".join(known))] if known else []


def _runs(opening: Opening, details: dict[str, str]) -> Field | None:
    lines: list[Line] = []
    for owner in _programs(opening):
        extra = [details[name] if name != "sha256" else f"sha256 {details[name]}" for name in JOINS
                 if JOINS[name] == "runs" and name in details and not lines]  # fmt: skip
        lines += [
            line(_file(owner), *[f", {said}" for said in (*extra, _package(owner.package, owner))]),
            *_command(owner),
        ]
    return Field("runs", tuple(lines)) if lines else None


def _programs(opening: Opening) -> list[Owner]:
    """One owner for each executable."""
    return list({(owner.exe, owner.exe_state): owner for owner in reversed(opening.owners)}.values())[::-1][:GROUPS]


def _file(owner: Owner) -> Span:
    path = (owner.exe or "").removesuffix(" (deleted)")
    state = STATES.get(owner.exe_state, "")
    if not path:
        return Span(state or "an executable that could not be read", "medium" if not state else "")
    return Span(f"{path} ({state})" if state else path, "strong")


def _package(package: Package | None, owner: Owner) -> str:
    if package is None:
        return "of its container's image" if owner.container else "no package known"
    verified = {True: "verified", False: "DIFFERS from the package", None: "not verified"}[package.verified]
    detail = f": {package.detail}" if package.detail else ""
    return f"package {package.name} {package.version} ({package.manager}), {verified}{detail}"


def _command(owner: Owner) -> list[Line]:
    if not owner.cmdline or owner.cmdline == (owner.exe,):
        return []
    return [line(Span("command line ", "dim"), command_line(owner.cmdline))]


def command_line(words: tuple[str, ...]) -> str:
    """A command line as a shell would be given it, cut to a readable length."""
    told = " ".join([shell_word(word) or quoted(word) for word in words])
    return told if len(told) <= COMMAND else told[:COMMAND] + ELLIPSIS


def _script(opening: Opening) -> Field | None:
    scripts = {owner.script: owner for owner in reversed(opening.owners) if owner.script}
    lines = [line(path, f", {_package(owner.script_package, owner)}") for path, owner in reversed(scripts.items())]
    return Field("script", tuple(lines[:GROUPS])) if lines else None


def _came_by(opening: Opening, details: dict[str, str], now: float) -> Field | None:
    """The chain that started the first owner, nearest first, then what began it."""
    if not opening.owners:
        return None
    owner = opening.owners[0]
    told = [_ancestor(parent) for parent in owner.parents]
    if told and owner.origin and told[-1] == owner.origin.name:  # said once, as what began it
        told.pop()
    links = [line(link) for link in told]
    links += [_origin(owner.origin, owner, now)] if owner.origin else []
    if not links and owner.unit:
        links = [line(unit_name(owner.unit))]
    extra = [line(f"unit file {details['unit file']}")] if "unit file" in details else []
    lines = ([listed(links, " \u2190 ")] if links else []) + extra
    return Field("came by", tuple(lines)) if lines else None


def _ancestor(parent: Ancestor) -> str:
    words = parent.cmdline or (parent.comm or f"pid {parent.pid}",)
    return (
        clip(command_line((base(words[0]), *words[1:])), 60)
        if parent.pid != 1
        else "init"
        if not parent.comm
        else parent.comm
    )


def _origin(origin: Origin, owner: Owner, now: float) -> Line:
    name = origin.name if origin.name not in ("", origin.kind) else ""
    unit = owner.unit or ""
    name = name or (unit_name(unit) if origin.kind in ("service", "socket", "timer") else "")
    user = f" of {origin.user}" if origin.user else ""
    remote = f" from {origin.remote}" if origin.remote else ""
    at = f" at {moment(origin.at, now)}" if origin.at is not None else ""
    if origin.kind == "unknown":
        return (Span("what started it is not known", "dim"),)
    kind = "" if name.startswith(origin.kind) else ORIGINS.get(origin.kind, origin.kind)
    return line(Span(f"{kind} {name}".strip(), "strong"), f"{user}{remote}{at}")


def _reach(opening: Opening, details: dict[str, str]) -> Field:
    told = joined([address(text) for text in opening.addresses])
    far = "open to everyone" if opening.scope == "public" else scope(opening.scope)
    flags = [FLAGS.get(flag, flag) for flag in opening.flags]
    lines = [line(f"{told}: {far}" if told else far)]
    lines += [line(f"device {opening.interface}")] if opening.interface else []
    lines += [line(f"firewall: {details['firewall']}")] if "firewall" in details else []
    lines += [line("; ".join(flags))] if flags else []
    return Field("reach", tuple(lines))


def _holds(opening: Opening) -> Field | None:
    """How the socket is held, where that is not an ordinary descriptor."""
    odd = [(owner, hold) for owner in opening.owners for hold in owner.holds if hold.how != "fd"]
    lines = [line(f"pid {o.pid}: {h.how}{' ' + h.detail if h.detail else ''}") for o, h in odd[:GROUPS]]
    return Field("held by", tuple(lines)) if lines else None


def _meant(opening: Opening, page: PortPage | None) -> Field | None:
    if opening.port is None:
        return None
    if opening.ephemeral:
        return Field("meant", (line("the kernel chose this port; its number means nothing"),))
    if page and page.port == opening.port:
        return Field("meant", (registry.meant(page, opening.transport),))
    names = [entry.name for entry in opening.registered]
    return Field("meant", (line(f"registered as {joined(names)}" if names else "nothing is registered here"),))


def _listed(opening: Opening, page: PortPage | None) -> Field | None:
    if page is None or page.port != opening.port or opening.ephemeral:
        return None
    return registry.threats(page.threats, opening.transport)


def _reasons(opening: Opening) -> list[Field]:
    """The reasons under their severity, the worst first, each with its evidence."""
    grouped: dict[str, list[Line]] = {}
    for reason in opening.verdict.reasons if opening.verdict else ():
        grouped.setdefault(reason.severity, []).extend(_reason(reason))
    return [Field(severity.upper(), tuple(lines), severity) for severity, lines in grouped.items()]


def _reason(reason: Reason) -> list[Line]:
    evidence = [(Span(f"  {said}", "dim"),) for said in reason.evidence]
    return [line(Span(reason.rule, "strong"), f": {reason.text}"), *evidence]
