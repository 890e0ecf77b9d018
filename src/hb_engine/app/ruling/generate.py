"""`hb generate`: which rules a generator is given, for this machine, another one or a role. Nothing is applied.

It refuses to look at what is open: what is generated is what the rules say, not what happens to be there.
"""

from __future__ import annotations

from hb_engine.model.baseline import Rule
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Host
from hb_engine.model.record import record
from hb_engine.wire.dates import is_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.baseline import Baseline


@record
class Order:
    """What is to be generated from: the rules that are for a machine or a role, in the order of precedence.

    `windows` are (id, window) of rules that hold at some times only. `now` is seconds since the epoch. `closed` asks
    for everything that no rule allows to be refused, or told.
    """

    rules: tuple[Rule, ...]
    host: Host | None = None
    roles: tuple[str, ...] = ()
    windows: tuple[tuple[str, str], ...] = ()
    now: float = 0.0
    closed: bool = False
    baseline: str = ""
    version: str = ""

    @property
    def forbidden(self) -> tuple[Rule, ...]:
        """The rules that forbid, those that ended left out."""
        return tuple([rule for rule in self.rules if rule.kind == "forbid" and not self.ended(rule)])

    @property
    def allowed(self) -> tuple[Rule, ...]:
        """The rules that require or allow, those that ended left out."""
        return tuple([rule for rule in self.rules if rule.kind != "forbid" and not self.ended(rule)])

    def ended(self, rule: Rule) -> bool:
        """Whether a rule's time is over."""
        return rule.until is not None and is_over(rule.until, self.now)


def make(
    baseline: str = "",
    *,
    host: str = "",
    roles: tuple[str, ...] = (),
    closed: bool = False,
    now: float = 0.0,
    version: str = "",
) -> Order:
    """The order for a machine: `host` is its name, or a file that tells of it; this machine where nothing is said.

    With roles and no host, what is for these roles is chosen, and no machine's own rules. Raises BadInput, CannotLook
    and DataError.
    """
    from hb_engine.app.ruling.baseline import load

    loaded = load(baseline)
    machine = _machine(host) if host or not roles else None
    return order(loaded.baseline, machine, roles, closed=closed, now=now, folder=loaded.folder, version=version)


def order(
    baseline: Baseline,
    machine: Host | None,
    roles: tuple[str, ...],
    *,
    closed: bool = False,
    now: float = 0.0,
    folder: str = "",
    version: str = "",
) -> Order:
    """The order out of a baseline that was read. Raises BadInput for roles that it does not have."""
    from hb_engine.baseline.deciding.decide import Decider  # help and mistakes need none of it

    _know(baseline, roles)
    decider = Decider(baseline, machine or Host("", ""), now, roles=roles)
    rules = tuple([rule for rule in decider.rules if machine is not None or not rule.host])
    windows = tuple(
        [(rule, window.name) for window in baseline.windows if window.mode == "only" for rule in window.rules]
    )
    return Order(rules, machine, decider.roles, windows, now, closed, folder, version)


def _know(baseline: Baseline, roles: tuple[str, ...]) -> None:
    known = [role.name for role in baseline.roles]
    for role in roles:
        if role not in known:
            from hb_engine.model.nearest import nearest  # only after a mistake

            meant = nearest(role, known)
            there = f"The roles are {', '.join(known)}." if known else "The baseline has no [[role]]."
            raise BadInput(f"the baseline has no role {role!r}", f"Did you mean {meant}?" if meant else there)


def _machine(host: str) -> Host:
    """This machine, the one in a file, or one that is known by its name alone."""
    import os

    if not host:
        from hb_engine.app.looking.collect import collect

        return collect(frozenset()).host
    if os.path.isfile(host):
        from hb_engine.app.looking.inputs import read

        given = read(host)
        if len(given) != 1:
            raise BadInput(f"{host} tells of {len(given)} machines", "Name a file of one, or the machine's name.")
        return given[0].inventory.host
    return Host(host, "")
