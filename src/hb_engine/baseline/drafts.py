"""A rule drafted from what is open: the place as it was observed, and who holds it as narrowly as will last.

An owner is named by what a restart and an upgrade leave alone: its unit, its container's image, its package, else its
executable; a program that an interpreter runs by its script; a process that nothing but a person started by its user
too. It refuses to draft for an owner that nobody knows: a rule without one would cover whoever comes next.
"""

from __future__ import annotations

from hb_engine.baseline.blocks import condition, listen, pattern
from hb_engine.baseline.deciding.holders import is_keeper
from hb_engine.model.baseline import All, AnyOf, Is, Listen, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hb_engine.model.baseline import Condition
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

ENDINGS = (".service", ".socket", ".scope", ".slice", ".exe")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
LONGEST = 48  # letters of a name in an id
CHOSEN = "ephemeral"


def place_of(opening: Opening, scope: str = "") -> Listen:
    """Where an opening is, as a rule says it; its scope as observed, or another one."""
    netns = opening.netns.kind
    if opening.ephemeral or opening.port is None:
        return Listen(
            opening.transport, place=CHOSEN if opening.ephemeral else "any", scope=scope or opening.scope, netns=netns
        )
    return Listen(opening.transport, opening.port, opening.port, scope=scope or opening.scope, netns=netns)


def by_of(opening: Opening) -> Condition | None:
    """Who holds an opening, as a condition; None where nobody is known, or only by a name that anybody can take."""
    if not opening.owners:
        return _absent(opening)
    kept = tuple([owner for owner in opening.owners if not is_keeper(owner)])
    if not kept:  # systemd holds it for a service that has not started: its program is not known yet
        return Is("unit", pattern(opening.owners[0].unit)) if opening.owners[0].unit else None
    parts = [_owner(owners, opening) for owners in _programs(kept)]
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


def _absent(opening: Opening) -> Condition | None:
    """What is known where no process is named: the kernel's own service, or the socket's unit or container."""
    if opening.unowned and opening.unowned.reason == "kernel":
        return Is("kernel", pattern(opening.unowned.detail) or "*")
    if opening.container:
        return _box(opening.container)
    return Is("unit", pattern(opening.unit)) if opening.unit else None


def _programs(owners: tuple[Owner, ...]) -> list[list[Owner]]:
    """Owners by what they run and what they belong to."""
    groups: dict[tuple[object, ...], list[Owner]] = {}
    for owner in owners:
        box = owner.container
        key = (owner.exe or owner.comm, owner.script, owner.unit, box and (box.image or box.name))
        groups.setdefault(key, []).append(owner)
    return list(groups.values())


def _owner(owners: list[Owner], opening: Opening) -> Condition:
    first = owners[0]
    box = first.container or (None if first.unit else opening.container)
    parts: list[Condition] = [Is("unit", pattern(first.unit))] if first.unit else []
    parts += [_box(box)] if box else []
    parts += _program(first, alone=not parts)
    users = {owner.user for owner in owners}
    if not first.unit and not box and len(users) == 1 and first.user:
        parts.append(Is("user", pattern(first.user)))
    flat = [each for part in parts for each in (part.parts if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def _box(box: Container) -> Condition:
    if box.image:
        return Is("image", pattern(box.image))
    return Is("container", pattern(box.name or box.id))


def _program(owner: Owner, *, alone: bool) -> list[Condition]:
    """What an owner runs. Of a program in a container its image says enough, where nothing narrower is known."""
    exe = _path(owner.exe or "")
    if owner.script:
        return [*([Is("exe", exe)] if exe else []), Is("script", _path(owner.script))]
    if owner.package:
        return [*([Is("exe", exe)] if exe and alone else []), Is("pkg", pattern(owner.package.name))]
    if exe:
        return [Is("exe", exe)]
    return [Is("comm", pattern(owner.comm))] if alone else []


def _path(text: str) -> str:
    """A path as a pattern; which way slashes lean makes no difference there."""
    return pattern(text.removesuffix(" (deleted)").replace("\\", "/"))


def name_of(opening: Opening) -> str:
    """What people call the holder of an opening: its unit, image, package or program, in an id's letters."""
    main = opening.owners[0] if opening.owners else None
    unit, box = (main.unit, main.container) if main else (opening.unit, opening.container)
    text = (unit or "").rpartition("/")[2]
    for ending in ENDINGS:
        text = text.removesuffix(ending)
    text = text or (box and (box.image.rpartition("/")[2].partition(":")[0] or box.name)) or ""
    if not text and main:
        text = main.script.rpartition("/")[2] if main.script else main.package.name if main.package else ""
        text = text or (main.exe or main.comm).removesuffix(" (deleted)").rpartition("/")[2]
    if not text and opening.unowned and opening.unowned.reason == "kernel":
        text = f"kernel {opening.unowned.detail}"
    return slug(text) or "unknown"


def slug(text: str) -> str:
    """A text in the letters of an id: small letters, digits and single hyphens."""
    letters = "".join([one if one in LETTERS else "-" for one in text.lower()[: 4 * LONGEST]])
    return "-".join([part for part in letters.split("-") if part])[:LONGEST].rstrip("-")


def id_of(name: str, places: Iterable[Listen], taken: Collection[str]) -> str:
    """An id for a rule of some places, that no other rule has: nginx-443, chrony-udp-323, nfs-udp-ephemeral."""
    first = next(iter(places))
    number = str(first.first) if first.place == "ports" else first.place
    whole = "-".join([name, *([first.transport] if first.transport != "tcp" else []), number])
    count, found = 1, whole
    while found in taken:
        count += 1
        found = f"{whole}-{count}"
    return found


def draft(opening: Opening, *, kind: str = "allow", scope: str = "", taken: Collection[str] = ()) -> Rule:
    """A rule that is about one opening, with nothing said yet of why and for how long."""
    place, by = place_of(opening, scope), by_of(opening)
    return Rule(
        kind,
        id_of(name_of(opening), (place,), taken),
        (place,),
        by,
        by_text=condition(by) if by else "",
    )


def words_of(rule: Rule) -> str:
    """A rule's places as one text, as its block says it."""
    return ", ".join([listen(place) for place in rule.listen])
