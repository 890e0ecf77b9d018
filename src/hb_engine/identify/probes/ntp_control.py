"""NTP control messages (mode 6) on UDP 123: the variables of the system, the program's version among them.

Specification: RFC 9327. The answer is larger than the question and most servers refuse strangers, so it is asked only
where a person asked for it, and once. It only ever reads (opcode 2, READVAR); variables are never written.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ntp-control", udp=(123,), care="asked", anywhere=False)
READ_VARIABLES = b"\x16\x02"  # version 2, mode 6; request, opcode 2


def talk(peer: Peer) -> Talk:
    """Read the system variables; the sequence number is ours."""
    sequence = peer.nonce[:2]
    reply = bytes((yield Ask(READ_VARIABLES + sequence + bytes(8))))
    if len(reply) < 12 or reply[0] & 7 != 6 or reply[1] & 0x9F != 0x82 or reply[2:4] != sequence:
        return None
    told = _variables(reply[12 : 12 + int.from_bytes(reply[10:12], "big")])
    said = told.get(b"version", b"").strip(b'"')
    product, version, cpe = _product(said)
    return Identity(
        "ntp",
        product,
        version,
        info=text(b"stratum " + told[b"stratum"]) if b"stratum" in told else "",
        system=text(told.get(b"system", b"").strip(b'"')),
        cpe=(cpe,) if cpe else (),
        proof="nonce",
        evidence=text(said) or "a control response with our sequence number",
        guarded=bool(reply[1] & 0x40),
        facts=tuple([(key, text(told[key.encode()].strip(b'"'))) for key in ("processor",) if key.encode() in told]),
    )


def _variables(told: bytes) -> dict[bytes, bytes]:
    """name=value, name="value, with commas": commas inside quotation marks do not part."""
    parts = list[bytes]()
    for part in told.split(b","):
        if parts and parts[-1].count(b'"') % 2:
            parts[-1] += b"," + part
        else:
            parts.append(part)
    return {name.strip(): value.strip() for name, mark, value in (part.partition(b"=") for part in parts) if mark}


def _product(said: bytes) -> tuple[str, str, str]:
    """ntpd 4.2.8p15@1.3728-o ..., ntpd ntpsec-1.2.2: product, version, CPE."""
    word = said.removeprefix(b"ntpd ").split(b" ", 1)[0]
    if not said.startswith(b"ntpd ") or not word:
        return "", "", ""
    if word.startswith(b"ntpsec-"):
        version = text(word.removeprefix(b"ntpsec-"))
        return "NTPsec", version, f"cpe:/a:ntpsec:ntpsec:{version.partition('+')[0]}"
    version = text(word.partition(b"@")[0])
    return "ntpd", version, f"cpe:/a:ntp:ntp:{version.replace('p', ':p', 1)}"
