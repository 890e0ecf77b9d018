"""Zabbix: the agent on TCP 10050 and the server's trapper on 10051 (Zabbix manual, "Header", "Passive agent checks").

The agent is asked for agent.version, an item that reads and runs nothing. One that does not list our address closes
without a word. A trapper finds this no request, and says so in the same frame.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("zabbix-agent", tcp=(10050, 10051), names=("zabbix-trapper", "zabbix"))
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
    if value.startswith(b"{"):
        return Identity("zabbix-trapper", "Zabbix", evidence=text(value))
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
