"""FreeSWITCH's event socket on TCP 8021: it asks for a password as soon as one connects.

Source: FreeSWITCH, mod_event_socket. We listen and send nothing; where an access list refuses us, it says so.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("freeswitch-event", tcp=(8021,), speaks="server", names=("freeswitch-esl",))
GREETINGS = (b"Content-Type: auth/request\n", b"Content-Type: text/rude-rejection\n")


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=_greeted)
    if not heard.startswith(GREETINGS):
        return None
    line = bytes(heard).partition(b"\n")[0]
    return Identity("freeswitch-event", "FreeSWITCH", proof="banner", evidence=text(line), guarded=True)


def _greeted(data: bytes) -> bool:
    """A whole line, or the beginning of something else."""
    return b"\n" in data or not any(greeting.startswith(data) for greeting in GREETINGS)
