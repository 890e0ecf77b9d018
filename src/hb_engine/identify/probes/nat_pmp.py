"""NAT-PMP and PCP on UDP 5351, in home routers: the external address is asked for (RFC 6886 3.2, RFC 6887).

No mapping is ever requested. A router that speaks PCP only says so in its refusal.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nat-pmp", udp=(5351,), names=("pcp",), anywhere=False)
ADDRESS_REQUEST, ADDRESS_RESPONSE = b"\0\0", b"\0\x80"
RESULTS = ("", "unsupported version", "not authorised", "network failure", "out of resources", "unsupported opcode")


def talk(peer: Peer) -> Talk:
    """Two bytes: version 0, opcode 0."""
    reply = bytes((yield Ask(ADDRESS_REQUEST)))
    result = int.from_bytes(reply[2:4], "big")
    if reply[:2] == ADDRESS_RESPONSE and len(reply) == 12 and result < len(RESULTS):
        address = ".".join(str(byte) for byte in reply[8:12]) if not result else ""
        return Identity(
            "nat-pmp",
            info=RESULTS[result],
            device="router",
            evidence="an address response" if address else f"result {result}: {RESULTS[result]}",
            facts=(("external address", address),) if address else (),
        )
    if reply[:2] in (b"\0\x80", b"\2\x80") and len(reply) in (8, 24) and reply[3] == 1:  # RFC 6887 9: what versions are
        return Identity("nat-pmp", info="PCP only", device="router", evidence="unsupported version")
    return None
