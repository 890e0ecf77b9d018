"""The git daemon (gitprotocol-pack(5)): asked for a repository that cannot exist, it refuses in a packet of its own.

The name is made of the nonce, and comes back in the refusal of git's own daemon. Nothing is fetched.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("git", tcp=(9418,))


def talk(peer: Peer) -> Talk:
    """One request, one packet line."""
    path = b"/hb-" + peer.nonce[:6].hex().encode()
    asked = b"git-upload-pack " + path + b"\0host=hb.invalid\0"
    request = b"%04x" % (len(asked) + 4) + asked
    reply = yield Ask(request, until=_whole)
    size = _size(reply)
    line = reply[4:size]
    if size < 8 or len(reply) < size or request.startswith(reply):
        return None
    if line.startswith(b"ERR "):
        said = text(line[4:])
        return Identity(
            "git", info=said.partition(":")[0], proof="nonce" if path in line else "structure", evidence=said
        )
    first, _, capabilities = line.partition(b"\0")  # a repository, or the capabilities of an empty one
    name = first[:40]
    if len(name) != 40 or not all(byte in b"0123456789abcdef" for byte in name) or first[40:41] != b" ":
        return None
    agent = next((text(word[6:]) for word in capabilities.split() if word.startswith(b"agent=")), "")
    version = agent.removeprefix("git/") if agent.startswith("git/") else ""
    return Identity(
        "git", "git daemon" if version else "", version, info=agent if not version else "", evidence=text(first)
    )


def _size(data: bytes) -> int:
    """The length that the first packet line promises; 0 where it does not."""
    head = data[:4]
    return int(head, 16) if len(head) == 4 and all(byte in b"0123456789abcdefABCDEF" for byte in head) else 0


def _whole(data: bytes) -> bool:
    return len(data) >= 4 and len(data) >= _size(data)
