"""SMB over TCP 445: NEGOTIATE tells dialect and clock, and the challenge of the first SESSION_SETUP names the machine.

No credentials follow the challenge, so nobody logs in, and nothing is opened (MS-SMB2 3.2.4.2). Samba hides its version
in SMB 2 and 3; nmap prints one all the same. Where a server still speaks SMB 1, or speaks nothing else, that is asked
on a second connection, since it names Samba's version, or the version of Windows.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire import smb2
from hb_engine.wire.ntlm import Challenge, challenge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from hb_engine.identify.kit import Command, Talk

PROBE = Probe("microsoft-ds", tcp=(445,), names=("smb", "smb2", "cifs"))
WHOLE = framed(1, 3, 4)


def talk(peer: Peer) -> Talk:
    """SMB 2 and 3, and SMB 1 on a fresh connection where that may tell more."""
    return (yield from ask(peer, "microsoft-ds"))


def ask(peer: Peer, name: str) -> Talk:
    """What both ways to SMB have in common: this one, and the NetBIOS session on TCP 139."""
    reply = yield Ask(smb2.negotiate(peer.nonce[:16], peer.nonce[:16] * 2), until=WHOLE)
    told = smb2.negotiated(reply)
    who = None
    if told:
        setup = yield Ask(smb2.session_setup(), until=WHOLE)
        who = challenge(setup) if smb2.is_setup(setup) else None
        if not _is_samba(told, who):
            return _named(name, told, who)
    elif reply.startswith(b"\0") and len(reply) > 8:
        return None
    system, manager = ("", "") if name != "microsoft-ds" else (yield from _old(peer))
    if not told and not manager:
        return None
    return _named(name, told, who, system, manager)


def _old(peer: Peer) -> Generator[Command, Any, tuple[str, str]]:
    """System and manager as SMB 1 names them; a manager of "SMB 1" where it speaks it and names nothing."""
    if not (yield Reconnect()):
        return "", ""
    reply = yield Ask(smb2.negotiate_1(), until=WHOLE)
    if not smb2.is_negotiated_1(reply):
        return "", ""
    setup = yield Ask(smb2.session_setup_1(), until=WHOLE)
    system, manager = smb2.native_names_1(setup)
    return text(system.encode()), text(manager.encode()) or "SMB 1"


def _named(
    name: str, told: smb2.Negotiated | None, who: Challenge | None, system: str = "", manager: str = ""
) -> Identity:
    samba = manager.startswith("Samba") or (told is not None and _is_samba(told, who))
    version = manager.partition(" ")[2] if manager.startswith("Samba") else ""
    bare = version.partition("-")[0]
    windows = who.system if who and not samba else ""
    product = "Samba smbd" if samba else "Microsoft Windows SMB" if windows else ""
    parts = [f"SMB {told.dialect}" if told else "", f"signing {told.signing}" if told and told.signing else ""]
    parts.append("SMB 1 accepted" if manager else "")
    facts = who.facts if who else ()
    if told:
        facts += (("server guid", told.guid.hex()), *_times(told))
    return Identity(
        name,
        product,
        version,
        info=", ".join([part for part in parts if part]),
        hostname=text((who.host if who else "").encode()),
        system=windows or (system if not samba and manager != "SMB 1" else ""),
        cpe=(f"cpe:/a:samba:samba{':' + bare if bare else ''}",) if samba else (),
        evidence=f"SMB {told.dialect} NEGOTIATE response" if told else "SMB 1 NEGOTIATE response",
        facts=tuple([(key, text(value.encode())) for key, value in facts]),
    )


def _is_samba(told: smb2.Negotiated, who: Challenge | None) -> bool:
    """Samba's challenge says Windows 6.1 with build 0, which no Windows is; its GUID begins with its own name."""
    if who is None:
        return False
    name = who.computer.lower().encode()
    return who.version == "6.1.0" or (bool(name) and told.guid.rstrip(b"\0").lower() == name[:16])


def _times(told: smb2.Negotiated) -> list[tuple[str, str]]:
    """Seconds since the epoch, as text: the faces make dates of them."""
    return [(key, str(value)) for key, value in (("server time", told.time), ("booted", told.booted)) if value]
