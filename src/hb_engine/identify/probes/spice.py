"""SPICE (SPICE protocol 1.0, "Link"): REDQ goes both ways, and the reply holds a key, or says why there is none.

A main channel is asked for and not taken: the ticket, which is the password, is never sent.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.identify.kit import Ask, Peer, Probe, framed
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("spice", tcp=(5930,), tls=(5931,))
MAGIC = b"REDQ"
ERRORS = {
    0: "",
    1: "error",
    2: "wrong magic",
    3: "wrong data",
    4: "version mismatch",
    5: "TLS required",
    6: "TLS not wanted",
    7: "permission denied",
    8: "wrong connection",
    9: "channel not available",
}


def talk(peer: Peer) -> Talk:
    """One link message, one link reply."""
    message = Struct("<IBBIII").pack(0, 1, 0, 1, 0, 18) + Struct("<I").pack(0b1011)
    request = MAGIC + Struct("<III").pack(2, 2, len(message)) + message
    reply = yield Ask(request, until=framed(12, 4, 16, "little"))
    if reply[:4] != MAGIC or len(reply) < 20 or reply == request[: len(reply)]:
        return None
    major, minor, size, error = Struct("<IIII").unpack_from(reply, 4)
    if error not in ERRORS or major > 9 or not 4 <= size <= 4096:
        return None
    if error == 0 and reply[20:22] != b"\x30\x81":  # the key: a SubjectPublicKeyInfo of 162 bytes
        return None
    return Identity(
        "spice",
        info=f"protocol {major}.{minor}{', ' + ERRORS[error] if error else ''}",
        evidence="REDQ link reply" + (f", error {error}" if error else " with a key"),
        guarded=error != 0,
    )
