"""What a look would have shown: "gone" may be said only of what a later look must have shown, had it been there.

Each Gap has in `about` the openings that it may hide, as words between spaces; an opening is hidden that fits any:

    any              whatever it is
    tcp, raw ...     a transport
    tap, forward ... a kind; tcp:bound is both
    tcp/1-1024       ports of a transport, or one of them: tcp/22
    loopback, link   what reaches no further
    netns            a network namespace that is not the host's
    mptcp, xdp       a flag or a family
    hidden           on no list, found only by a sweep of binds
    device           bound to a device, whose name and reach are unknown then
    ephemeral        on a port that the kernel chose: it may be shown as one that was asked for
    owners           none: it is shown, and who holds it may not be
    facts            none: something else about it is not known
    scope            none: it may reach further than the look could see
    pkg, unit ...    none: this fact of its owners is not told, so that its absence means nothing (`untold`)

A word that is not known, and no word at all, hide everything: in doubt it would not have been shown. The second
question is who holds a place. A look without rights gives other identities to the same holders, so owners are compared
by what both looks know, and ignorance is never a change.
"""

from __future__ import annotations

from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Coverage
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

# Facts of owners, as rules ask for them; signed is whether the bytes that run are the package's.
FACTS = ("unit", "exe", "pkg", "user", "comm", "script", "container", "image", "signed", "cgroup")
HIDES_NOTHING = ("owners", "facts", "scope", *FACTS)
HIDDEN = "hidden"  # the flag of an opening that no list shows; only a look that tries to bind finds it
SWEEP = "bind sweep"  # how such a source begins


def would_show(coverage: Coverage, opening: Opening) -> bool:
    """Whether a look with this coverage would have shown an opening, were it there. In doubt it would not."""
    if coverage.partial:
        return False
    if not coverage.privileged and opening.netns.kind != "host":
        return False
    if HIDDEN in opening.flags and not any(source.startswith(SWEEP) for source in coverage.sources):
        return False
    return not any(may_hide(gap.about, opening) for gap in coverage.gaps)


def may_hide(about: str, opening: Opening) -> bool:
    """Whether a gap with these words may hide an opening."""
    words = about.split()
    return not words or any(_hides(word, opening) for word in words)


def knows_reach(coverage: Coverage) -> bool:
    """Whether a look with this coverage knows how far what it shows can be reached, and not only that it can."""
    return not any("scope" in gap.about.split() for gap in coverage.gaps)


def names_owners(coverage: Coverage) -> bool:
    """Whether a look with this coverage names the holders of whatever it shows."""
    return coverage.privileged and not any(
        word not in TRANSPORTS
        and word not in KINDS
        and word not in SCOPES
        and "/" not in word
        and word not in FACTS
        and word not in ("facts", "scope", "netns", "device", "ephemeral", "mptcp", "xdp", HIDDEN)
        for gap in coverage.gaps
        for word in gap.about.split() or ("any",)
    )


def untold(coverage: Coverage) -> frozenset[str]:
    """The facts of owners that this look does not tell: where one is missing, nobody knows whether there is one."""
    return frozenset([word for gap in coverage.gaps for word in gap.about.split() if word in FACTS])


def same_holder(one: Opening, other: Opening) -> bool:
    """Whether two openings of one place may have the same holder: True unless what both looks know says otherwise."""
    if one.identity == other.identity:
        return True
    special = [_is_kernel(opening) or _is_nobody(opening) for opening in (one, other)]
    if any(special):  # the kernel, or provably no process: only ignorance may be the same
        return not all(special) and 0 in (knowledge(one), knowledge(other))
    if one.owners and other.owners and _is_known(one.owners[0]) and _is_known(other.owners[0]):
        return _same_program(one, other)
    return _agree(one, other)


def knowledge(opening: Opening) -> int:
    """How much is known of a holder: 0 nothing, 1 its unit or container, 2 a process's name, 3 its executable, 4 and
    the package or image that this is of."""
    if opening.owners:
        main = opening.owners[0]
        origin = main.container.image if main.container else main.package
        return 4 if origin and _is_known(main) else 3 if _is_known(main) else 2
    if _is_kernel(opening) or _is_nobody(opening):
        return 3
    return 1 if opening.unit or opening.container else 0


def _hides(word: str, opening: Opening) -> bool:
    if word in HIDES_NOTHING:
        return False
    if word in TRANSPORTS:
        return opening.transport == word
    if word in KINDS:
        return opening.kind == word
    if word in SCOPES:
        return opening.scope == word
    transport, slash, ports = word.partition("/")
    if slash and transport in TRANSPORTS:
        return opening.transport == transport and _within(opening.port, ports)
    transport, colon, kind = word.partition(":")
    if colon and transport in TRANSPORTS:
        return opening.transport == transport and (opening.kind == kind or kind not in KINDS)
    if word == "netns":
        return opening.netns.kind != "host"
    if word in ("mptcp", "xdp", HIDDEN):
        return word in opening.flags or word in opening.families
    if word == "device":
        return bool(opening.interface)
    return opening.ephemeral if word == "ephemeral" else True


def _within(port: int | None, ports: str) -> bool:
    """Whether a port is among 1-1024, or 22; what is no such text has them all."""
    first, _, last = ports.partition("-")
    if port is None or not (first.isdecimal() and (last or first).isdecimal()):
        return True
    return int(first) <= port <= int(last or first)


def _is_kernel(opening: Opening) -> bool:
    return opening.identity.startswith("kernel:")


def _is_nobody(opening: Opening) -> bool:
    """Whether every process could be asked, and none holds it: that is known, and no ignorance."""
    return opening.unowned is not None and opening.unowned.reason == "not-found"


def _is_known(owner: Owner) -> bool:
    """Whether its executable could be read: then its unit, container and package are known too, or known to be none."""
    return owner.exe is not None


def _same_program(one: Opening, other: Opening) -> bool:
    """Two holders that are both known, under two identities: the same where only a database named less.

    A package is not known where its manager's files could not be read, an image where its runtime's could not: the
    executable is the same one then, or the container is.
    """
    left, right = one.owners[0], other.owners[0]
    if left.unit != right.unit:
        return False
    if left.container or right.container:
        return _same_container(left.container, right.container)
    return left.exe == right.exe and (left.package is None or right.package is None)


def _same_container(one: Container | None, other: Container | None) -> bool:
    if one is None or other is None:
        return False
    if one.image and other.image:
        return one.image == other.image
    return one.id == other.id or bool(one.name and one.name == other.name)


def _agree(one: Opening, other: Opening) -> bool:
    """The first fact that both know decides; where they know nothing in common, nothing speaks against it."""
    for left, right in zip(_facts(one), _facts(other), strict=True):
        if left and right:
            return bool(left & right)
    return True


def _facts(opening: Opening) -> tuple[frozenset[str], ...]:
    """What is known of a holder: units, containers, executables, names. Nothing known is an empty set."""
    owners = opening.owners
    units = {owner.unit for owner in owners} | ({opening.unit} if not owners else set())
    boxes = [owner.container for owner in owners] + ([opening.container] if not owners else [])
    return (
        frozenset([unit for unit in units if unit]),
        frozenset([box.id for box in boxes if box and box.id]),
        frozenset([owner.exe for owner in owners if owner.exe]),
        frozenset([owner.comm for owner in owners if owner.comm]),
    )
