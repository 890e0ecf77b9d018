"""What only shows when the ports of one host are looked at together: tarpits, port spoofers, words without meaning.

A banner is easily said. Where one host says the same on the ports of different protocols, or claims to be everything at
once, or something else on every connection, or where it is known to answer on every port, a claim by banner or likeness
is taken back and the reason told; a claim by structure, or by something of ours that came back, stands. Many servers of
one kind on one host are no reason: that is what containers look like. It refuses to call a host malicious.
"""

from __future__ import annotations

from hb_engine.identify.question import Finding
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SAME = 16  # ports of one host with the same greeting, from which on it is looked at which ports they are
FOREIGN = 3  # of them, registered for as many different protocols below 1024: then the greeting proves nothing
MANY = 100  # ports of one host with greetings of their own
KINDS = 8  # protocols that they claim to be, from which on banners alone are not believed
SYSTEM = 1024  # ports below are used as they are registered (RFC 6335 6)
EASY = ("banner", "pattern", "port")

SAME_WORDS = "this host greets in the same words on {count} ports: what it says there names nothing"
EVERYTHING = "this host answers on so many ports that a greeting alone names nothing"
CHANGES = "it greets differently on each connection: what it says names nothing"


@record
class Heard:
    """A finding with the greetings that its connections heard."""

    finding: Finding
    greetings: tuple[bytes, ...] = ()


class _Host:
    """What the ports of one host said: for each greeting the ports' registered names, and every claim by banner."""

    def __init__(self) -> None:
        self.greetings: dict[bytes, list[str]] = {}
        self.kinds: set[str] = set()

    def hear(self, one: Heard) -> None:
        question, identity = one.finding.question, one.finding.identity
        name = question.expected[0] if question.expected and question.port < SYSTEM else ""
        for greeting in one.greetings[:1]:
            self.greetings.setdefault(greeting, []).append(name)
        if identity is not None and identity.proof in EASY:
            self.kinds.add(identity.name)

    def repeats(self, greeting: bytes) -> int:
        """On how many ports this greeting was heard, if they are too many of too different kinds."""
        names = self.greetings.get(greeting, [])
        return len(names) if len(names) >= SAME and len(frozenset(filter(None, names))) >= FOREIGN else 0

    @property
    def claims_everything(self) -> bool:
        """Whether it greets in other words nearly everywhere, and claims to be very many things."""
        return len(self.greetings) >= MANY and len(self.kinds) >= KINDS


def judged(heard: Iterable[Heard]) -> list[Finding]:
    """The findings, in their order, without the claims that do not hold for the host as a whole."""
    all_of_it = list(heard)
    hosts: dict[str, _Host] = {}
    for one in all_of_it:
        hosts.setdefault(one.finding.question.address, _Host()).hear(one)
    return [_judge(one, hosts[one.finding.question.address]) for one in all_of_it]


def _judge(one: Heard, host: _Host) -> Finding:
    finding = one.finding
    same = host.repeats(one.greetings[0]) if one.greetings else 0
    if same:
        return _doubted(finding, SAME_WORDS.format(count=same))
    if finding.question.everything or host.claims_everything:
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
