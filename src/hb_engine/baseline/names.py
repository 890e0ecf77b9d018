"""Names that tables call one another by: roles, included roles, rules of windows, packs."""

from __future__ import annotations

from hb_engine.baseline.nodes import shown
from hb_engine.baseline.report import did_you_mean
from hb_engine.model.baseline import AnyOf, Problem, Role
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hb_engine.model.baseline import Rule, Where, Window


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


def problems(rules: Sequence[Rule], roles: Sequence[Role], windows: Sequence[Window]) -> list[Problem]:
    """Names that lead nowhere, and roles that include themselves."""
    known = {role.name: role for role in roles}
    written = [rule for rule in rules if rule.role and rule.role not in known and not rule.pack]
    found = [_no_role(rule.where, rule.role, known) for rule in written]
    for role in roles:
        found += [_no_role(role.where, name, known) for name in role.includes if name not in known]
    found += _cycles(known)
    ids = {rule.id for rule in rules}
    for window in windows:
        for name in window.rules:
            if name not in ids:
                told = f"there is no rule {shown(name)} for this window"
                found.append(Problem(window.where, told, did_you_mean(name, ids), "error", "no-rule"))
    return found


def _no_role(where: Where, name: str, known: dict[str, Role]) -> Problem:
    hint = did_you_mean(name, known, f'Write [[role]], name = "{name}", hosts = [...].')
    return Problem(where, f"there is no role {shown(name)}", hint, "error", "no-role")


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


def unknown_packs(roles: Sequence[Role], pack: Callable[[str], str | None], known: tuple[str, ...]) -> list[Problem]:
    """A problem for each pack that a role names and that there is not."""
    found = []
    for role in roles:
        for name in role.packs:
            if pack(name) is None:
                told, hint, code = no_pack(name, known)
                found.append(Problem(role.where, told, hint, "error", code))
    return found


def no_pack(name: str, known: tuple[str, ...]) -> tuple[str, str, str]:
    """Message, hint and code for a pack that there is not."""
    return f"there is no pack {shown(name)}", did_you_mean(name, known, "hb comes with no packs."), "no-pack"
