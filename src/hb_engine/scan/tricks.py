"""Hosts that say "open" for every port: SYN proxies, tarpits, portspoof. Recognised, said, and not listed 65,535 times.

A host with most of its asked ports open is no host but something before it, or something that plays one. A machine's
own answers mostly differ from those of a box before it (hops, window, options), so what differs from the crowd is still
listed; and ports that people mostly ask for, where a service may yet prove itself by speaking.
"""

from __future__ import annotations

from hb_engine.scan.board import UNASKED, is_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.scan.hosts import Outcome

LEAST = 40  # ports asked, below which nothing is suspicious
SHARE = 0.6  # of the ports asked
ALIKE = 0.9  # of the crowd have the same shape, or shapes tell nothing
LIKELY = {"tcp": "a SYN proxy, a tarpit or a honeypot", "udp": "a honeypot, or a relay that answers for others"}
LISTED = 20  # of a crowd's ports that are listed all the same, the most asked for


def judge(outcome: Outcome, transport: str = "tcp") -> bool:
    """Whether a host answers for every port; then a note is added, and `crowd` holds the ports not worth a line."""
    ports, codes = outcome.rows.get(transport, ((), b""))
    opened = [port for port, code in zip(ports, codes, strict=True) if is_open(code)]
    asked = len(ports) - codes.count(UNASKED)
    if asked < LEAST or len(opened) < SHARE * asked:
        return False
    shapes: dict[object, list[int]] = {}
    for port in opened:
        shapes.setdefault(outcome.shapes.get((transport, port)), []).append(port)
    most = max(shapes.values(), key=len)
    odd = set(opened) - set(most) if len(most) >= ALIKE * len(opened) else set()
    listed = {*odd, *opened[:LISTED]}
    outcome.crowd[transport] = frozenset(opened) - listed
    shape = outcome.shapes.get((transport, most[0]))
    silly = ", with a window of 0 and no options" if shape and not shape.window and shape.header <= 20 else ""
    outcome.notes.append(
        f"{len(opened)} of {asked} asked ports say that they are open{silly}: something answers for every port "
        f"({LIKELY[transport]}), so only a service that speaks proves that one is there"
        + (f"; {len(odd)} answered unlike the rest and are listed" if odd else "")
    )
    return True
