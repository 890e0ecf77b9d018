"""Machines that have the same things open, as proposed roles: by the likeness of what they have (Jaccard's index).

What nearly all machines have is for the fleet; machines whose rest is alike are a role; what one machine has alone is
its own. Machines with equal sets are one before anything is compared, so that a thousand alike cost one comparison.
It refuses to be clever: the same machines always make the same roles, in whatever order they come.
"""

from __future__ import annotations

from hb_engine.baseline.drafts import slug
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import TypeAlias

    Item: TypeAlias = "tuple[tuple[str, str, str], str]"  # by, transport, namespaces; and the place

ALIKE = 0.5  # of all that two sets have together, so much they have in common
FEWEST = 2  # machines of a role
SHORTEST = 2  # letters of a name that machines have in common


@record
class Cluster:
    """Machines and what a rule for them would be about. Without role and host it is for all machines."""

    hosts: tuple[str, ...]
    items: tuple[Item, ...]
    role: str = ""
    host: str = ""


def divided(items: Mapping[str, frozenset[Item]], presence: int = 90, roles: Collection[str] = ()) -> list[Cluster]:
    """What all machines have, then roles, then single machines' own; each item of a machine is in one of them.

    `roles` are names that mean something already.
    """
    hosts = sorted(items)
    if len(hosts) <= 1:
        return [Cluster(tuple(hosts), tuple(sorted(items[host]))) for host in hosts if items[host]]
    common = _shared(items, hosts, presence)
    found = [Cluster(tuple(hosts), tuple(sorted(common)))] if common else []
    rest = {host: items[host] - common for host in hosts}
    taken = set(roles)
    alone: list[str] = []
    for members in _alike(rest):
        shared = _shared(rest, members, presence)
        if len(members) < FEWEST or not shared:
            alone += members
            continue
        role = _name(common_name(members, set(hosts) - set(members)) or _about(shared), taken)
        found.append(Cluster(tuple(members), tuple(sorted(shared)), role=role))
        rest.update({host: rest[host] - shared for host in members})
        alone += members
    found += [Cluster((host,), tuple(sorted(rest[host])), host=host) for host in sorted(alone) if rest[host]]
    return found


def _shared(items: Mapping[str, frozenset[Item]], hosts: list[str], presence: int) -> frozenset[Item]:
    """What so many percent of machines have."""
    counts: dict[Item, int] = {}
    for host in hosts:
        for item in items[host]:
            counts[item] = counts.get(item, 0) + 1
    return frozenset([item for item, count in counts.items() if 100 * count >= presence * len(hosts)])


def _alike(items: Mapping[str, frozenset[Item]]) -> list[list[str]]:
    """Groups of machines: each set joins the first, largest group whose first set it is like."""
    equal: dict[frozenset[Item], list[str]] = {}
    for host in sorted(items):
        if items[host]:
            equal.setdefault(items[host], []).append(host)
    order = sorted(equal.items(), key=lambda pair: (-len(pair[1]), pair[1]))
    leaders: list[tuple[frozenset[Item], list[str]]] = []
    for has, hosts in order:
        members = next((members for leader, members in leaders if likeness(has, leader) >= ALIKE), None)
        if members is None:
            leaders.append((has, list(hosts)))
        else:
            members += hosts
    return sorted([sorted(members) for _, members in leaders], key=lambda members: (-len(members), members))


def likeness(left: frozenset[Item], right: frozenset[Item]) -> float:
    """How much two sets have in common, of all that they have: 0 to 1 (P. Jaccard, 1901); 1 for two empty ones."""
    together = len(left | right)
    return len(left & right) / together if together else 1.0


def common_name(members: Collection[str], others: Collection[str]) -> str:
    """What people call machines that are numbered alike: web of web-1 and web-12. Empty where their names have no
    word in common, or other machines have it too."""
    first, last = min(members), max(members)
    same = next((at for at, (left, right) in enumerate(zip(first, last, strict=False)) if left != right), len(first))
    stem = first[:same].rstrip("0123456789.-_")
    if len(stem) < SHORTEST or any(name[len(stem) : len(stem) + 1].isalpha() for name in members):
        return ""  # weather and website are no web
    return "" if any(name.startswith(stem) for name in others) else slug(stem)


def _about(items: frozenset[Item]) -> str:
    """What a role's first rule is about."""
    by = min(items)[0][0]
    first = by.partition(" ")[0].partition(":")[2].partition("@")[0]
    for ending in (".service", ".socket"):
        first = first.removesuffix(ending)
    return slug(first.rpartition("/")[2]) or "role"


def _name(stem: str, taken: set[str]) -> str:
    """A name that nobody has yet."""
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(name)
    return name
