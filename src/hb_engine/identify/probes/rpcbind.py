"""The port mapper (RFC 1833): program 100000, on TCP and UDP 111. It answers NULL, and on TCP lists what it maps.

On UDP only NULL is asked: a list there would make an amplifier of it. The transaction ids are ours.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.identity import Identity
from hb_engine.wire import oncrpc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("rpcbind", tcp=(111,), udp=(111,), names=("sunrpc", "portmapper"))
PROGRAM = 100000
NAMES = {
    100000: "portmapper",
    100003: "nfs",
    100004: "ypserv",
    100005: "mountd",
    100007: "ypbind",
    100011: "rquotad",
    100021: "nlockmgr",
    100024: "status",
    100227: "nfs_acl",
}


def talk(peer: Peer) -> Talk:
    """NULL of version 2; DUMP of version 2 on TCP."""
    stream = peer.transport != "udp"
    xid, second = peer.nonce[:4], peer.nonce[4:8]
    until = oncrpc.whole if stream else None
    told = oncrpc.reply((yield Ask(oncrpc.call(xid, PROGRAM, 2, stream=stream), until=until)), xid, stream=stream)
    if told is None or told.state == "program unavailable":
        return None
    listed = None
    if stream and told.state == "success":
        listed = oncrpc.reply((yield Ask(oncrpc.call(second, PROGRAM, 2, 4), until=until)), second)
    programs = _programs(listed.results) if listed else []
    versions = _versions(programs, PROGRAM)
    if told.state == "program mismatch":
        versions = f"{told.low}-{told.high}"
    named = [f"{NAMES.get(number, number)} {_versions(programs, number)}" for number in _numbers(programs)]
    return Identity(
        "rpcbind",
        info=f"versions {versions}" if versions else "",
        proof="nonce",
        evidence=f"RPC reply to program {PROGRAM}: {told.state}",
        guarded=not told.accepted,
        facts=(("programs", ", ".join(named)[:200]),) if named else (),
    )


def _programs(results: bytes) -> list[tuple[int, int]]:
    """(program, version) of each mapping: a one, program, version, protocol, port; then a zero. At most 200."""
    words = [int.from_bytes(results[at : at + 4], "big") for at in range(0, min(len(results) // 20 * 20, 4000), 4)]
    rows = [words[at : at + 5] for at in range(0, len(words), 5)]
    return [(row[1], row[2]) for row in rows if row[0] == 1 and len(row) == 5]


def _numbers(programs: list[tuple[int, int]]) -> list[int]:
    return sorted({number for number, _ in programs})


def _versions(programs: list[tuple[int, int]], number: int) -> str:
    versions = sorted({version for program, version in programs if program == number})
    return f"{versions[0]}-{versions[-1]}" if len(versions) > 1 else "".join([str(version) for version in versions])
