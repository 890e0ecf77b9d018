"""Chargen (RFC 864): lines of 72 characters without end, each beginning one character later than the one before.

At most a few lines are read. On UDP it is a known amplifier, and is not asked.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("chargen", tcp=(19,), speaks="server", names=("ttytst",))
ENOUGH = 512
WIDTH = 72


def talk(peer: Peer) -> Talk:
    """Only listen, to 512 bytes."""
    heard = yield Ask(until=lambda data: len(data) >= ENOUGH or not _is_first(data))
    lines = [line.rstrip(b"\r") for line in heard.split(b"\n")[:-1]]
    if len(lines) < 3 or any(len(line) != WIDTH for line in lines):
        return None
    if any(lines[at + 1][: WIDTH - 1] != lines[at][1:] for at in range(len(lines) - 1)):
        return None
    return Identity("chargen", evidence=text(lines[0]))


def _is_first(data: bytes) -> bool:
    """Whether the line may be one of ours: printing characters, each the one after the last, or starting over."""
    line = data[:WIDTH]
    return all(line[at] in (line[at - 1] + 1, 32, 33) for at in range(1, len(line)))
