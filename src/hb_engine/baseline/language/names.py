"""Names that tables call one another by: roles, included roles, rules of windows, packs."""

from __future__ import annotations

from hb_engine.baseline.deciding.roles import denials
from hb_engine.baseline.language.nodes import shown
from hb_engine.baseline.language.problems import did_you_mean
from hb_engine.model.baseline import AnyOf, Problem, Role
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hb_engine.baseline.language.builder import Reference

MOST = 1000  # names that are looked at for one that is alike, and names that are looked for


def merged(roles: Sequence[Role]) -> list[Role]:
    """Roles, those of one name as one: what any of them says holds."""
    found: dict[str, Role] = {}
    for role in roles:
        before = found.get(role.name)
        found[role.name] = _both(before, role) if before else role
    return list(found.values())


def _both(before: Role, role: Role) -> Role:
    when = AnyOf((before.when, role.when)) if before.when and role.when else before.when or role.when
    return replace(
        before,
        hosts=_union(before.hosts, role.hosts),
        when=when,
        includes=_union(before.includes, role.includes),
        packs=_union(before.packs, role.packs),
    )


def _union(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def check(references: Sequence[Reference], known: Mapping[str, Sequence[str]]) -> None:
    """Tell of every reference that leads nowhere, at its own place. `known` are the names of each sort."""
    sets = {sort: frozenset(names) for sort, names in known.items()}
    hints: dict[tuple[str, str], str] = {}
    for each in references:
        if each.name not in sets[each.sort]:
            key = (each.sort, each.name)
            if key not in hints and len(hints) < MOST:
                hints[key] = did_you_mean(each.name, known[each.sort][:MOST], _otherwise(each))
            hint = hints.get(key) or "Correct it; names that are alike were not looked for any more."
            each.problems.error(each.node.at, f"there is no {each.sort} {shown(each.name)}", hint, f"no-{each.sort}")


def _otherwise(each: Reference) -> str:
    """What to do where there is nothing of the sort at all."""
    if each.sort == "role":
        return f"Write it: {each.problems.table('role', many=True)}, with name and hosts."
    return "hb comes with no packs." if each.sort == "pack" else "No rule has an id yet."


def circles(roles: Sequence[Role]) -> list[Problem]:
    """A problem for each circle of roles that include one another, and for one of roles that deny one another."""
    known = {role.name: role for role in roles}
    return [*_cycles(known), *_denied(known)]


def _denied(known: dict[str, Role]) -> Iterator[Problem]:
    """Roles that are given where they are not: no order of deciding them is the right one."""
    circle = denials(list(known.values()))
    if circle:
        way = " -> ".join(circle)
        told = (
            f"the role {circle[0]} is decided by its own absence: {way}"
            if len(circle) == 2
            else (f"these roles decide one another, and one by the absence of another: {way}")
        )
        hint = "Choose one of them by hosts, or by something else than not role:."
        yield Problem(known[circle[0]].where, told, hint, "error", "circle")


def _cycles(known: dict[str, Role]) -> Iterator[Problem]:
    """One problem for each circle, at its first role."""
    done: set[str] = set()
    for start in known:
        path: list[str] = []
        todo: list[tuple[str, int]] = [(start, 0)]
        while todo:
            name, depth = todo.pop()
            del path[depth:]
            if name in path:
                circle = [*path[path.index(name) :], name]
                hint = f"Take one of them out of includes: {circle[-2]} includes {name}."
                yield Problem(
                    known[name].where, f"roles include one another: {' -> '.join(circle)}", hint, "error", "circle"
                )
                continue
            if name in done or name not in known:
                continue
            path.append(name)
            done.add(name)
            todo += [(each, depth + 1) for each in reversed(known[name].includes)]
