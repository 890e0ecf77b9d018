"""SQL Server Browser on UDP 1434: one byte asks which instances there are, with their ports and versions.

The answer is larger than the question, so it is asked once. Specification: MC-SQLR 2.2.2 (CLNT_UCAST_EX) and 2.2.5.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ms-sql-m", udp=(1434,), names=("mssql-browser",), anywhere=False)
QUESTION = b"\x03"


def talk(peer: Peer) -> Talk:
    """Which instances are there?"""
    reply = yield Ask(QUESTION)
    size = int.from_bytes(reply[1:3], "little")
    if reply[:1] != b"\x05" or len(reply) != size + 3 or not reply[3:].startswith(b"ServerName;"):
        return None
    instances = [_pairs(part) for part in reply[3:].split(b";;") if part]
    if not all("InstanceName" in each and "Version" in each for each in instances):
        return None
    first = instances[0]
    return Identity(
        "ms-sql-m",
        "Microsoft SQL Server",
        first["Version"],
        info=", ".join([_instance(each) for each in instances])[:200],
        hostname=first["ServerName"],
        cpe=("cpe:/a:microsoft:sql_server",),
        evidence=text(reply[3:]),
    )


def _pairs(part: bytes) -> dict[str, str]:
    words = [text(word) for word in part.split(b";")]
    return dict(zip(words[::2], words[1::2], strict=False))


def _instance(told: dict[str, str]) -> str:
    return f"{told['InstanceName']} {told['Version']}" + (f" on tcp {told['tcp']}" if "tcp" in told else "")
