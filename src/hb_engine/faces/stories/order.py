"""Which openings a person sees first, and which are noise until asked for.

Noise is a UDP socket whose port the kernel chose (a client waiting for its answers) and a socket of a connected
transport that is bound and does not listen. It is never noise once a rule has spoken of it, and never silently
dropped: whoever hides it says how much.
"""

from __future__ import annotations

from hb_engine.faces.stories.owners import holder, started, user_of, word, worst
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.model.opening import Opening

DATAGRAMS = ("udp", "udplite")
CONNECTED = ("tcp", "sctp", "dccp")
SORTS = ("port", "process", "user", "scope", "severity", "started")


def is_noise(opening: Opening) -> bool:
    """Whether an opening is hidden by default."""
    if opening.kind != "bound" or word(opening) != "quiet":
        return False
    return opening.transport in CONNECTED or (opening.transport in DATAGRAMS and opening.ephemeral)


def by_place(opening: Opening) -> tuple[int, str, int, int, tuple[str, ...]]:
    """Port, transport, scope, then what makes the order the same at each look."""
    port = 65536 if opening.port is None else opening.port
    return port, opening.transport, -SCOPES.index(opening.scope), opening.netns.id, opening.addresses


def by_weight(opening: Opening) -> tuple[int, int, tuple[int, str, int, int, tuple[str, ...]]]:
    """The worst first: severity, then how far it is open, then the port."""
    return -SEVERITIES.index(worst(opening)), -SCOPES.index(opening.scope), by_place(opening)


def in_order(openings: Iterable[Opening], sort: str, *, reverse: bool = False) -> list[Opening]:
    """Openings sorted by one of SORTS, the port deciding between equals."""
    key: dict[str, Callable[[Opening], object]] = {
        "process": lambda opening: (holder(opening).strip('"').lower(), by_place(opening)),
        "user": lambda opening: (user_of(opening), by_place(opening)),
        "scope": lambda opening: (-SCOPES.index(opening.scope), by_place(opening)),
        "severity": by_weight,
        "started": lambda opening: (-(started(opening) or 0.0), by_place(opening)),
    }
    return sorted(openings, key=key.get(sort, by_place), reverse=reverse)  # type: ignore[arg-type]
