"""Who holds an opening, as far as the `by` of a rule asks: yes, no, or not seen (True, False, None).

The owners of an opening are taken in groups that run the same: a server and its workers are one group, and have the
users of all of them. A rule that allows must fit every group, so that a second program on a shared port is not covered
by what was said of the first; a rule that forbids needs one. What was not read is never taken for a no.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import patterns
from hb_engine.model.baseline import All, Is, Not

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.baseline import Condition
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

    Values = tuple[str, ...] | None  # what a field holds; None: not all of it was seen
    Answer = bool | None
    Asked = Callable[["Group"], bool | None]
    Digest = Callable[[Owner], str]
    Literal = tuple[str, str]  # a field, and the one text that it must hold

LITERAL = ("unit", "exe", "pkg")
ANY = ("*", "yes", "true", "any")  # kernel:yes, signed:distro: patterns that ask whether at all


class Group:
    """Owners that run the same, or what stands for owners that are not known. Fields are read when they are asked."""

    def __init__(
        self,
        opening: Opening,
        owners: tuple[Owner, ...],
        digest: Digest | None = None,
        untold: frozenset[str] = frozenset(),
    ) -> None:
        self.opening, self.owners, self.digest, self.untold = opening, owners, digest, untold
        self._read: dict[str, Values] = {}

    def values(self, field: str) -> Values:
        """What a field holds, or None where it could not be seen."""
        if field not in self._read:
            read = FIELDS.get(field)
            found = read(self) if read else None
            self._read[field] = None if found == () and field in self.untold else found
        return self._read[field]

    @property
    def waiting(self) -> bool:
        """Whether the one who holds it does so for a service that has not started: its program is not known yet."""
        return bool(self.owners) and all(is_keeper(owner) for owner in self.owners)


def groups(opening: Opening, digest: Digest | None = None, untold: frozenset[str] = frozenset()) -> tuple[Group, ...]:
    """The groups of an opening: at least one. Who only keeps a socket for a service that runs is left out.

    `untold` are the fields whose absence means nothing, for nobody told them (model/coverage.py).
    """
    owners = opening.owners
    if len(owners) > 1:
        owners = tuple([owner for owner in owners if not is_keeper(owner)]) or owners
    if len(owners) < 2:
        return (Group(opening, owners, digest, untold),)
    found: dict[tuple[object, ...], list[Owner]] = {}
    for owner in owners:
        laid = owner.exe_state == "elsewhere"  # another program under the same path
        found.setdefault((owner.exe or owner.comm, laid, owner.script, owner.unit, owner.container), []).append(owner)
    return tuple([Group(opening, tuple(group), digest, untold) for group in found.values()])


def is_keeper(owner: Owner) -> bool:
    """Whether an owner holds the opening for another (socket activation)."""
    return any(hold.how == "activation" for hold in owner.holds)


# -- what fields hold ----------------------------------------------------------------------------------------------


def _gathered(parts: list[Values]) -> Values:
    """The values of several owners; None where one was not seen and the others have nothing to say."""
    found: list[str] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return tuple(dict.fromkeys(found))


def _nobody(group: Group) -> Values:
    """What is known of a program that is not known: nothing, unless the kernel itself is the owner."""
    unowned = group.opening.unowned
    return () if unowned is not None and unowned.reason == "kernel" else None


def _each(read: Callable[[Owner], Values]) -> Callable[[Group], Values]:
    def gather(group: Group) -> Values:
        if not group.owners:
            return _nobody(group)
        return None if group.waiting else _gathered([read(owner) for owner in group.owners])

    return gather


def _exe(owner: Owner) -> Values:
    """The path; none where it is a path of files that a user laid over the machine's."""
    if owner.exe_state == "elsewhere":
        return ()
    return (owner.exe,) if owner.exe else () if owner.exe_state == "kernel" else None


def _package(owner: Owner) -> Values:
    names = [package.name for package in (owner.package, owner.script_package) if package]
    return tuple(names) if names or owner.exe or owner.exe_state == "kernel" else None


def _comm(owner: Owner) -> Values:
    return (owner.comm,) if owner.comm else None


def _script(owner: Owner) -> Values:
    return (owner.script,) if owner.script else () if owner.exe or owner.exe_state == "kernel" else None


def _signed(owner: Owner) -> Values:
    package = owner.package
    if package is None:
        return () if owner.exe else None
    return None if package.verified is None else ("distro", package.manager) if package.verified else ()


def _user_of(name: str, number: int | None) -> tuple[str, ...]:
    """A user's name and number; 0 is root whatever a file of names says."""
    return tuple(
        [text for text in (name or ("root" if number == 0 else ""), "" if number is None else str(number)) if text]
    )


def _user(group: Group) -> Values:
    opening = group.opening
    if not group.owners or group.waiting:
        return _user_of(opening.user, opening.uid) or _nobody(group)
    return _gathered([_user_of(owner.user, owner.uid) or None for owner in group.owners])


def _unit(group: Group) -> Values:
    """The owners' units; the one that the socket was made in only where they have none: sockets are handed on."""
    units = [owner.unit for owner in group.owners if owner.unit] or [group.opening.unit or ""]
    found = tuple(dict.fromkeys(filter(None, units)))
    return found if found or group.owners else _nobody(group)


def _containers(group: Group) -> list[Container]:
    boxes = [box for box in (*[owner.container for owner in group.owners], group.opening.container) if box]
    return list(dict.fromkeys(boxes))


def _container(group: Group) -> Values:
    boxes = _containers(group)
    if not boxes:
        return () if group.owners else _nobody(group)
    return tuple([text for box in boxes for text in (box.name, box.id, box.pod) if text]) or None


def _image(group: Group) -> Values:
    boxes = _containers(group)
    if not boxes:
        return () if group.owners else _nobody(group)
    return tuple([box.image for box in boxes]) if all(box.image for box in boxes) else None


def _kernel(group: Group) -> Values:
    unowned = group.opening.unowned
    if group.owners:
        return ("yes",) if all(owner.exe_state == "kernel" for owner in group.owners) else ()
    if unowned is None:
        return None
    return ("yes", unowned.detail) if unowned.reason == "kernel" else None


def _digest(group: Group) -> Values:
    if not group.owners:
        return _nobody(group)
    if group.digest is None or group.waiting:
        return None
    found = [group.digest(owner) for owner in group.owners]
    return tuple(dict.fromkeys(found)) if all(found) else None


FIELDS: dict[str, Callable[[Group], Values]] = {
    "unit": _unit,
    "exe": _each(_exe),
    "pkg": _each(_package),
    "user": _user,
    "comm": _each(_comm),
    "script": _each(_script),
    "container": _container,
    "image": _image,
    "cgroup": _unit,  # the part of the path that survives a restart
    "sha256": _digest,
    "signed": _each(_signed),
    "kernel": _kernel,
}


# -- conditions ----------------------------------------------------------------------------------------------------


def compiled(condition: Condition) -> Asked:
    """A condition as a function of a group: True, False, or None where what it needs was not seen."""
    if isinstance(condition, Is):
        return _is(condition)
    if isinstance(condition, Not):
        return _negated(compiled(condition.part))
    parts = [compiled(part) for part in condition.parts]
    return _all(parts) if isinstance(condition, All) else _any(parts)


def _is(condition: Is) -> Asked:
    field, test = condition.field, _test(condition)

    def asked(group: Group) -> Answer:
        values = group.values(field)
        if values is None:
            return None
        # A user whose number alone was seen may have any name.
        unnamed = (
            field == "user" and bool(values) and not condition.pattern.isdecimal() and all(map(str.isdecimal, values))
        )
        return True if any(map(test, values)) else None if unnamed else False

    return asked


def _test(condition: Is) -> patterns.Test:
    pattern = condition.pattern
    if condition.field in ("exe", "script"):
        return patterns.path(pattern)
    if condition.field == "unit":
        return patterns.unit(pattern)
    if condition.field in ("kernel", "signed") and pattern in ANY:
        return lambda _text: True
    return patterns.glob(pattern, fold=condition.field == "sha256")


def _negated(part: Asked) -> Asked:
    def asked(group: Group) -> Answer:
        answer = part(group)
        return None if answer is None else not answer

    return asked


def _all(parts: list[Asked]) -> Asked:
    def asked(group: Group) -> Answer:
        unseen = False
        for part in parts:
            answer = part(group)
            if answer is False:
                return False
            unseen = unseen or answer is None
        return None if unseen else True

    return asked


def _any(parts: list[Asked]) -> Asked:
    def asked(group: Group) -> Answer:
        unseen = False
        for part in parts:
            answer = part(group)
            if answer:
                return True
            unseen = unseen or answer is None
        return None if unseen else False

    return asked


def every(asked: Asked, held: tuple[Group, ...]) -> Answer:
    """Whether a condition fits all groups, for rules that allow."""
    answers = [asked(group) for group in held]
    return False if False in answers else None if None in answers else True


def some(asked: Asked, held: tuple[Group, ...]) -> Answer:
    """Whether a condition fits at least one group, for rules that forbid."""
    answers = [asked(group) for group in held]
    return True if True in answers else None if None in answers else False


def literal(condition: Condition | None) -> Literal | None:
    """A field and text without which a condition cannot fit, where it has one: by it, rules are found from owners."""
    if isinstance(condition, Is):
        pattern = condition.pattern
        if condition.field not in LITERAL or not patterns.is_plain(pattern):
            return None
        if condition.field == "unit" and not pattern.endswith(patterns.SUFFIXES):
            pattern += ".service"
        is_path = "/" in pattern and "\\" not in pattern
        return None if condition.field == "exe" and not is_path else (condition.field, pattern)
    if isinstance(condition, All):
        return next(filter(None, map(literal, condition.parts)), None)
    return None


def literals(group: Group) -> list[Literal] | None:
    """What `literal` may be of a condition that fits a group; None where that was not seen."""
    found: list[Literal] = []
    for field in LITERAL:
        values = group.values(field)
        if values is None:
            return None
        for value in values:
            if field == "exe" and (value[1:2] == ":" or "\\" in value):
                return None  # paths that are compared in another way
            found.append((field, value.removesuffix(" (deleted)") if field == "exe" else value))
    return found


def fields(condition: Condition | None) -> frozenset[str]:
    """The fields that a condition asks of."""
    if condition is None:
        return frozenset()
    if isinstance(condition, Is):
        return frozenset((condition.field,))
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    return frozenset[str]().union(*[fields(part) for part in parts])
