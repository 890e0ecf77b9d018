"""In which order cells are asked: every host in turn, and a host's ports far apart from each other.

A round asks each host one port, so that with n hosts each gets an n-th of the packets, evenly, and never two at once;
each host's ports come in strides of a golden section, begun somewhere else, so that any stretch of the order is a fair
sample of the whole: a stretch that gets fewer answers than others was asked too fast. Shards are by the cell itself,
not by the order, so that machines which share a scan need agree on nothing but its words. It has no randomness of its
own: a seed comes in.
"""

from __future__ import annotations

from math import gcd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GOLDEN = 0.6180339887498949


def stride(size: int, seed: int) -> int:
    """A step that visits all of `size` places, near a golden section of it."""
    step = max(1, int(size * GOLDEN) + seed % 7)
    while gcd(step, size) != 1:
        step += 1
    return step


def order(
    hosts: int, ports: Sequence[int], seed: int, shard: tuple[int, int] = (1, 1), numbers: Sequence[int] = ()
) -> list[int]:
    """The cells of `hosts` hosts and these ports: each exactly once, those of shard (number, of how many) only.

    `numbers` are the hosts' numbers in the whole scan (by default 0, 1, ...), which decide what belongs to which shard,
    however the hosts are sorted here.
    """
    size = len(ports)
    if not size or not hosts:
        return []
    step, start = stride(size, seed), seed % size
    places = [(start + number * step) % size for number in range(size)]
    if hosts == 1 and shard == (1, 1):
        return [ports[place] for place in places]
    turns = _turns(hosts, seed)
    part, parts = shard
    names = numbers or range(hosts)
    rows = []
    for host in turns:
        shift, base = (host * 40503 + seed) % size, host << 16
        rotated = places[shift:] + places[:shift]
        if parts == 1:
            rows.append([base | ports[place] for place in rotated])
        else:
            own = names[host] * size
            rows.append([base | ports[place] if (own + place) % parts == part - 1 else -1 for place in rotated])
    return [cell for turn in zip(*rows, strict=True) for cell in turn if cell >= 0]


def again(cells: list[int], seed: int) -> list[int]:
    """Some cells in another order, neighbours far apart: for asking once more."""
    size = len(cells)
    if size < 3:
        return cells
    step = stride(size, seed)
    return [cells[(seed + number * step) % size] for number in range(size)]


def _turns(hosts: int, seed: int) -> list[int]:
    step = stride(hosts, seed)
    return [(seed + number * step) % hosts for number in range(hosts)]
