"""Zabbix's agent on TCP 10050: the item agent.version, which runs nothing (Zabbix manual, "Header", "Passive checks").

An agent that does not list our address closes without a word. So does the trapper of a server or a proxy (10051), which
answers nothing but requests that it would act on: it is not asked.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("zabbix-agent", tcp=(10050,), names=("zabbix",))
MAGIC = b"ZBXD"
KEY = b"agent.version"
UNSUPPORTED = b"ZBX_NOTSUPPORTED"


def talk(peer: Peer) -> Talk:
    """agent.version in a frame: magic, flag, length in eight bytes."""
    reply = yield Ask(MAGIC + b"\1" + len(KEY).to_bytes(8, "little") + KEY, until=framed(5, 4, 13, "little"))
    value = bytes(reply[13:])
    if reply[:4] != MAGIC or reply[4:5] not in (b"\1", b"\3", b"\5") or len(reply) < 13:
        return None
    if int.from_bytes(reply[5:9], "little") != len(value) or value == KEY:  # an echo has our key
        return None
    version = text(value) if value[:1].isdigit() else ""
    return Identity(
        "zabbix-agent",
        "Zabbix agent",
        version,
        info=text(value.partition(b"\0")[2]) if value.startswith(UNSUPPORTED) else "",
        cpe=(f"cpe:/a:zabbix:zabbix:{version}",) if version else (),
        evidence=f"agent.version {text(value)}",
    )


def hint(reply: bytes) -> bool:
    """Whatever it is sent, Zabbix answers in its frame."""
    return reply.startswith(MAGIC)
