"""Remote Desktop (MS-RDPBCGR 2.2.1.1): a connection is asked for over X.224, with TLS and CredSSP offered.

The confirmation says which was chosen. TLS follows at once on the same connection, and inside it, where CredSSP was
chosen (network level authentication), NTLM's first message is answered with the challenge, which names the machine and
its build (MS-CSSP 2.2.1). No third message follows: nobody logs in.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire.ber import SEQUENCE, complete, integer, tlv
from hb_engine.wire.ntlm import NEGOTIATE, Challenge, challenge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ms-wbt-server", tcp=(3389,), names=("rdp",))
REQUEST = bytes.fromhex("030000130ee000000000000100080003000000")
SECURITY = {0: "standard RDP security", 1: "TLS", 2: "CredSSP (NLA)", 4: "RDSTLS", 8: "CredSSP (NLA) early", 16: "AAD"}
FAILURES = {
    1: "TLS required",
    2: "TLS not allowed",
    3: "no certificate on the server",
    4: "inconsistent flags",
    5: "CredSSP (NLA) required",
    6: "TLS with client certificate required",
}


def talk(peer: Peer) -> Talk:
    """Connection request, TLS, and CredSSP's first message."""
    reply = yield Ask(REQUEST, until=framed(2, 2))
    if len(reply) < 11 or reply[:2] != b"\3\0" or reply[5] & 0xF0 != 0xD0 or reply[4] + 5 != len(reply):
        return None
    kind, value = (reply[11], int.from_bytes(reply[15:19], "little")) if len(reply) == 19 else (0, 0)
    if len(reply) == 11:
        return Identity("ms-wbt-server", info=SECURITY[0], proof="pattern", evidence="X.224 confirm, no negotiation")
    if kind == 3 and value in FAILURES and reply[13:15] == b"\x08\0":
        return Identity("ms-wbt-server", info=FAILURES[value], evidence=f"negotiation failure {value}", guarded=True)
    if kind != 2 or value not in SECURITY or reply[13:15] != b"\x08\0":
        return None
    tls = (yield StartTls()) if value else None
    who = Challenge()
    if tls and value & 2:
        token = tlv(
            SEQUENCE, tlv(0xA0, integer(6)), tlv(0xA1, tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(4, NEGOTIATE)))))
        )
        who = challenge((yield Ask(token, until=complete))) or who
    windows = bool(who.build)
    return Identity(
        "ms-wbt-server",
        "Microsoft Terminal Services" if windows else "",
        info=f"security: {SECURITY[value]}",
        hostname=text(who.host.encode()),
        system=who.system,
        evidence=f"X.224 confirm, negotiation response {value}",
        starttls="offered" if value else "absent",
        tls=tls,
        facts=tuple([(name, text(fact.encode())) for name, fact in who.facts]),
    )
