"""Rules over openings: each opening gets its reasons, the worst first, and the worst of them is its severity.

No rule knows of another, and none can silence another. A baseline that accepts a risk is applied by whoever asks,
later; here everything that the rules say is kept. It refuses to swallow a rule's mistake: an exception passes, for an
opening that silently went unjudged is the one thing worse than a traceback.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts
from hb_engine.model.record import replace
from hb_engine.model.verdict import SEVERITIES, Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hb_engine.judge.kit import Loaded
    from hb_engine.model.answer import Answer
    from hb_engine.model.assignment import Threat
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

    ThreatsFor = Callable[[str, int], Sequence[Threat]]

MANAGERS = ("dpkg", "rpm", "apk", "pacman")
QUIET = Judgement()


def judge_opening(facts: Facts, rules: Iterable[Loaded]) -> Judgement:
    """What the rules say of one opening. Reasons of one severity are in the order of their rules' names."""
    reasons: list[Reason] = []
    for loaded in rules:
        reasons.extend(loaded.judge(facts))
    if not reasons:
        return QUIET
    reasons.sort(key=lambda reason: (-SEVERITIES.index(reason.severity), reason.rule))
    return Judgement(reasons[0].severity, tuple(reasons))


def judge_inventory(
    inventory: Inventory,
    rules: Sequence[Loaded],
    threats: ThreatsFor | None = None,
    *,
    answers: Mapping[str, Answer] | None = None,
    first_seen: Mapping[str, float] | None = None,
    looking_since: float | None = None,
) -> tuple[Opening, ...]:
    """The openings of an inventory, in their order, each with its verdict.

    `threats(transport, port)` gives the listings that cover a port, in any direction; it is asked once per distinct
    port. `answers` and `first_seen` are by the openings' keys, and times are seconds since the epoch.
    """
    heard, known = answers or {}, first_seen or {}
    keyed = bool(heard or known)  # a key is a text that has to be made
    around, listed = _by_port(inventory.openings), _Listed(threats)
    asked = packages_asked(inventory)
    judged = []
    for opening in inventory.openings:
        key = opening.key if keyed else ""
        facts = Facts(
            opening,
            threats=listed.of(opening),
            siblings=_siblings(around, opening),
            packages_asked=asked,
            coverage=inventory.coverage,
            now=inventory.taken_at,
            answer=heard.get(key),
            first_seen=known.get(key),
            looking_since=looking_since,
            local_ports=inventory.host.local_ports,
        )
        judged.append(replace(opening, verdict=judge_opening(facts, rules)))
    return tuple(judged)


def packages_asked(inventory: Inventory) -> bool:
    """Whether a package manager answered: a source is named after one, or some owner's package is known."""
    words = {word for source in inventory.coverage.sources for word in source.replace(":", " ").split()}
    return not words.isdisjoint(MANAGERS) or any(
        owner.package is not None for opening in inventory.openings for owner in opening.owners
    )


def _by_port(openings: Iterable[Opening]) -> dict[tuple[object, ...], list[Opening]]:
    around: dict[tuple[object, ...], list[Opening]] = {}
    for opening in openings:
        if opening.port is not None:
            around.setdefault((opening.netns.id, opening.transport, opening.port), []).append(opening)
    return around


def _siblings(around: dict[tuple[object, ...], list[Opening]], opening: Opening) -> tuple[Opening, ...]:
    group = around.get((opening.netns.id, opening.transport, opening.port), ())
    return tuple([other for other in group if other is not opening]) if len(group) > 1 else ()


class _Listed:
    """The listings of each port, asked once."""

    def __init__(self, ask: ThreatsFor | None) -> None:
        self._ask = ask
        self._known: dict[tuple[str, int], tuple[Threat, ...]] = {}

    def of(self, opening: Opening) -> tuple[Threat, ...]:
        if self._ask is None or opening.port is None:
            return ()
        place = (opening.transport, opening.port)
        if place not in self._known:
            self._known[place] = tuple(self._ask(*place))
        return self._known[place]
