"""TACACS+ on TCP 49: the first packet of an authentication, without a user (RFC 8907 4, 5.1).

The server answers with a question for the user, or with an error, for our session id; we leave then. It never gets a
name or a password. A server that does not know our address closes, and cannot be told from other services.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("tacacs", tcp=(49,), names=("tacacs+",), anywhere=False)
UNENCRYPTED = 1
START = b"\1\1\1\1\0\0\0\0"  # login, privilege 1, ASCII, service login; no user, port, address, data


def talk(peer: Peer) -> Talk:
    """A header with our session id, and a start that names nobody."""
    session = peer.nonce[:4]
    reply = yield Ask(b"\xc0\1\1\1" + session + len(START).to_bytes(4, "big") + START, until=framed(8, 4, 12))
    if len(reply) < 18 or reply[0] not in (0xC0, 0xC1) or reply[1:3] != b"\1\2" or reply[4:8] != session:
        return None
    if int.from_bytes(reply[8:12], "big") != len(reply) - 12:
        return None
    hidden = not reply[3] & UNENCRYPTED
    return Identity(
        "tacacs",
        info="obfuscated with a shared secret" if hidden else "answers unencrypted packets",
        proof="nonce",
        evidence="an authentication reply for our session",
        guarded=hidden,
    )
