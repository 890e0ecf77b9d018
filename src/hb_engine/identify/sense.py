"""What only shows when the ports of one host are looked at together: tarpits, port spoofers, words without meaning.

A banner is easily said. Where one host says the same on many ports, or something else on every connection, or where it
is known to answer on every port, a claim by banner or likeness is taken back and the reason told; a claim by structure,
or by something of ours that came back, stands. It refuses to call a host malicious: it says what was seen.
"""

from __future__ import annotations

from hb_engine.identify.question import Finding
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SAME = 16  # ports of one host with the same greeting, from which on it proves nothing
MANY = 100  # open ports of one host, from which on banners alone are not believed
EASY = ("banner", "pattern", "port")

SAME_WORDS = "this host greets in the same words on {count} ports: what it says there names nothing"
EVERYTHING = "this host answers on so many ports that a greeting alone names nothing"
CHANGES = "it greets differently on each connection: what it says names nothing"


@record
class Heard:
    """A finding with the greetings that its connections heard."""

    finding: Finding
    greetings: tuple[bytes, ...] = ()


def judged(heard: Iterable[Heard]) -> list[Finding]:
    """The findings, in their order, without the claims that do not hold for the host as a whole."""
    all_of_it = list(heard)
    counts: dict[tuple[str, bytes], int] = {}
    ports: dict[str, int] = {}
    for one in all_of_it:
        address = one.finding.question.address
        if one.finding.spoke and one.finding.question.transport == "tcp":
            ports[address] = ports.get(address, 0) + 1
        for greeting in frozenset(one.greetings[:1]):
            counts[address, greeting] = counts.get((address, greeting), 0) + 1
    return [_judge(one, counts, ports) for one in all_of_it]


def _judge(one: Heard, counts: dict[tuple[str, bytes], int], ports: dict[str, int]) -> Finding:
    finding, address = one.finding, one.finding.question.address
    same = counts.get((address, one.greetings[0]), 0) if one.greetings else 0
    if same >= SAME:
        return _doubted(finding, SAME_WORDS.format(count=same))
    if finding.question.everything or ports.get(address, 0) >= MANY:
        return _doubted(finding, EVERYTHING)
    return finding


def changes(greetings: Iterable[bytes]) -> bool:
    """Whether a port greeted in words that have nothing to do with each other. Times and nonces may differ."""
    starts = {bytes(greeting[:8]) for greeting in greetings if greeting}
    return len(starts) >= 2


def _doubted(finding: Finding, why: str) -> Finding:
    identity = finding.identity
    if identity is None or identity.proof not in EASY:
        return replace(finding, notes=(*finding.notes, why)) if identity is None and finding.spoke else finding
    return replace(finding, identity=None, notes=(*finding.notes, f"{why}; it claims to be {identity.name}"))
