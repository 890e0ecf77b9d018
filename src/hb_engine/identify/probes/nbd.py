"""Network block devices (NBD, doc/proto.md): NBDMAGIC comes first, then options may be asked.

The list of exports is asked for, and STARTTLS. No export is ever opened: NBD_OPT_GO and EXPORT_NAME are not sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nbd", tcp=(10809,), speaks="server")
MAGIC, OPTIONS, OLD = b"NBDMAGIC", b"IHAVEOPT", bytes.fromhex("00420281861253")
REPLY = bytes.fromhex("0003e889045565a9")
LIST, STARTTLS, ACK, SERVER = 3, 5, 1, 2
TLS_REQUIRED = 0x80000005


def talk(peer: Peer) -> Talk:
    """The greeting, the list of exports, STARTTLS."""
    heard = yield Ask(until=lambda data: len(data) >= 18 or not MAGIC.startswith(data[:8]))
    if heard[:8] != MAGIC:
        return None
    if heard[8:16] == b"\0" + OLD:
        return Identity("nbd", info="old style: one export, no options", evidence="NBDMAGIC and the old magic")
    if heard[8:16] != OPTIONS or len(heard) < 18:
        return None
    flags = int.from_bytes(heard[16:18], "big")
    if not flags & 1:  # options are refused by closing, so they are not asked
        return Identity("nbd", info="new style", evidence=text(heard[:16]))
    told = yield Ask((flags & 3).to_bytes(4, "big") + _option(LIST), until=lambda data: _ended(data, LIST))
    kinds = _replies(told, LIST)
    exports = [content[4:] for kind, content in kinds if kind == SERVER]
    starttls, tls = "", None
    if not peer.tls:
        agreed = yield Ask(_option(STARTTLS), until=lambda data: _ended(data, STARTTLS))
        offered = [kind for kind, _ in _replies(agreed, STARTTLS)] == [ACK]
        starttls = "absent" if not offered else "required" if TLS_REQUIRED in dict(kinds) else "offered"
        tls = (yield StartTls()) if offered else None
    return Identity(
        "nbd",
        info="fixed new style",
        evidence=text(heard[:16]),
        guarded=bool(kinds) and not exports and kinds[-1][0] >= 0x80000000,
        starttls=starttls,
        tls=tls,
        facts=(("exports", text(b", ".join([name or b"(default)" for name in exports[:20]]))),) if exports else (),
    )


def _option(number: int) -> bytes:
    return OPTIONS + number.to_bytes(4, "big") + bytes(4)


def _replies(data: bytes, option: int) -> list[tuple[int, bytes]]:
    """The replies to an option as (type, content), as far as they are whole; at most 200."""
    found = list[tuple[int, bytes]]()
    while len(data) >= 20 and data[:8] == REPLY and int.from_bytes(data[8:12], "big") == option and len(found) < 200:
        size = int.from_bytes(data[16:20], "big")
        if len(data) < 20 + size:
            break
        found.append((int.from_bytes(data[12:16], "big"), data[20 : 20 + size]))
        data = data[20 + size :]
    return found


def _ended(data: bytes, option: int) -> bool:
    """An acknowledgement or an error ends the replies; what is no reply ends the wait."""
    kinds = [kind for kind, _ in _replies(data, option)]
    return bool(kinds and kinds[-1] != SERVER) or not REPLY.startswith(data[:8])
