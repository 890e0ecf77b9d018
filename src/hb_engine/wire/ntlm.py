"""NTLM's first two messages (MS-NLMP 2.2.1): ours, which says nothing of anybody, and the challenge that answers it.

The challenge is given to whoever asks, and names the machine, its domain and, on Windows, its build. No third message
is ever made here: that one would be the login.
"""

from __future__ import annotations

from hb_engine.model.record import record

SIGNATURE = b"NTLMSSP\0"
# Unicode, OEM, request target, NTLM, always sign, extended session security, version, 128 bit, 56 bit
FLAGS = 0x00000001 | 0x02 | 0x04 | 0x200 | 0x8000 | 0x80000 | 0x02000000 | 0x20000000 | 0x80000000
NEGOTIATE = SIGNATURE + (1).to_bytes(4, "little") + FLAGS.to_bytes(4, "little") + bytes(16) + bytes(7) + b"\x0f"
PAIRS = {1: "computer", 2: "domain", 3: "dns_computer", 4: "dns_domain", 5: "forest"}
BUILDS = {  # of Windows, as its maker publishes them: "release information" and "Windows Server build numbers"
    2600: "Windows XP",
    3790: "Windows Server 2003",
    6002: "Windows Server 2008",
    6003: "Windows Server 2008",
    7601: "Windows 7 or Server 2008 R2",
    9200: "Windows 8 or Server 2012",
    9600: "Windows 8.1 or Server 2012 R2",
    10240: "Windows 10 1507",
    14393: "Windows 10 1607 or Server 2016",
    17763: "Windows 10 1809 or Server 2019",
    19041: "Windows 10 2004",
    19045: "Windows 10 22H2",
    20348: "Windows Server 2022",
    22000: "Windows 11 21H2",
    22621: "Windows 11 22H2",
    26100: "Windows 11 24H2 or Server 2025",
}


@record
class Challenge:
    """What a machine says of itself. `version` is major.minor.build, empty where it is not given."""

    computer: str = ""
    domain: str = ""
    dns_computer: str = ""
    dns_domain: str = ""
    forest: str = ""
    version: str = ""
    build: int = 0

    @property
    def system(self) -> str:
        """Windows by its build; empty where there is no build, as with Samba."""
        return BUILDS.get(self.build, f"Windows build {self.build}") if self.build else ""

    @property
    def host(self) -> str:
        """The machine's name, the longer one first."""
        return self.dns_computer or self.computer

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The further names, with what they are."""
        names = (("netbios name", self.computer), ("netbios domain", self.domain), ("domain", self.dns_domain))
        told = (*names, ("forest", self.forest), ("build", self.version if self.build else ""))
        return tuple([(name, value) for name, value in told if value])


def challenge(data: bytes) -> Challenge | None:
    """The first challenge message anywhere in some bytes; None where there is none that is whole."""
    start = data.find(SIGNATURE + b"\2\0\0\0")
    message = data[start:] if start >= 0 else b""
    if len(message) < 48:
        return None
    info, told = _field(message, 40), dict[str, str]()
    while len(info) >= 4:
        kind, size = int.from_bytes(info[:2], "little"), int.from_bytes(info[2:4], "little")
        if kind == 0:
            break
        if kind in PAIRS and len(info) >= 4 + size:
            told[PAIRS[kind]] = info[4 : 4 + min(size, 400)].decode("utf-16-le", "replace")
        info = info[4 + size :]
    version, build = _version(message)
    return Challenge(version=version, build=build, **told)


def _field(message: bytes, at: int) -> bytes:
    size, offset = int.from_bytes(message[at : at + 2], "little"), int.from_bytes(message[at + 4 : at + 8], "little")
    return message[offset : offset + size]


def _version(message: bytes) -> tuple[str, int]:
    """Major, minor and build (2.2.2.10), where the flag says that they are there."""
    if not int.from_bytes(message[20:24], "little") & 0x02000000 or len(message) < 56:
        return "", 0
    build = int.from_bytes(message[50:52], "little")
    return f"{message[48]}.{message[49]}.{build}", build
