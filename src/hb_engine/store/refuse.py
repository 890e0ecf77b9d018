"""What every store refuses in the same words: looks that are no history, and hosts that are not clear."""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory

LATEST = 253402300799.0  # 9999-12-31T23:59:59Z


def refuse(seen: Inventory, last: float | None) -> bool:
    """Raise BadInput for a look that cannot be kept; True for one that is kept already. `last` is the time of the last.

    A partial look is none: what it leaves out would look closed, or would have to be taken for open forever.
    """
    name = seen.host.name
    if seen.coverage.partial:
        raise BadInput(f"this look was at a part only ({seen.coverage.partial})", "History keeps whole looks.")
    if not name:
        raise BadInput("this look tells no name of its machine", "History is kept by the names of machines.")
    if not 0 <= seen.taken_at <= LATEST:
        raise BadInput("this look has no time that can be kept", "Set the clock.")
    if last is None or seen.taken_at > last:
        return False
    if seen.taken_at == last:
        return True
    raise BadInput(
        f"a later look at {name} is kept already, of {iso(last)}; this one is of {iso(seen.taken_at)}",
        "If the clock was ahead then, hb record --repair forgets what lies in the future.",
    )


def one_host(host: str, hosts: tuple[str, ...]) -> str:
    """The machine that is meant; "" is the only one. Raises BadInput for several, or for one that there is not."""
    if host and host not in hosts:
        known = f"There is history of {', '.join(hosts[:8])}{' ...' if len(hosts) > 8 else ''}." if hosts else ""
        raise BadInput(f"there is no history of a machine named {host!r}", known or "hb record begins one.")
    if not host and len(hosts) > 1:
        raise BadInput(f"there is history of {len(hosts)} machines", f"Say --host: {', '.join(hosts[:8])}.")
    return host or (hosts[0] if hosts else "")
