"""The Music Player Daemon (MPD protocol): it greets with OK MPD and the version of the protocol, not of the program.

Only the greeting is read. What other tools print as the program's version is the protocol's; here it is called so.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mpd", tcp=(6600,), speaks="server", names=("mshvlm",))
START = b"OK MPD "


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=lambda data: b"\n" in data or not START.startswith(data[: len(START)]))
    line = heard.split(b"\n")[0].rstrip(b"\r")
    version = line[len(START) :]
    if not line.startswith(START) or not version.replace(b".", b"").isdigit() or len(version) > 16:
        return None
    return Identity("mpd", "Music Player Daemon", info=f"protocol {text(version)}", proof="banner", evidence=text(line))
