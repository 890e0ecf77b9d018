"""SSH: the server sends its identification string first (RFC 4253 4.2); NETCONF over SSH looks the same."""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ssh", tcp=(22, 2222, 830), speaks="server", names=("netconf-ssh", "sftp"))
START = b"SSH-"


def talk(peer: Peer) -> Talk:
    """Only listen: the identification string may follow other lines, and ends with CR LF (or LF)."""
    heard = yield Ask(until=_identified)
    line = next((line for line in heard.split(b"\n") if line.startswith(START)), b"")
    protocol, dash, software = line[len(START) :].rstrip(b"\r").partition(b"-")
    if not dash or protocol not in (b"2.0", b"1.99", b"1.5", b"1.3"):
        return None
    program, _, comment = software.partition(b" ")
    name, version = _product(text(program))
    return Identity(
        "ssh",
        name,
        version,
        info=", ".join(part for part in (text(comment), f"protocol {protocol.decode()}") if part),
        cpe=(f"cpe:/a:openbsd:openssh:{version}",) if name == "OpenSSH" and version else (),
        proof="banner",
        evidence=text(line),
    )


def _identified(data: bytes) -> bool:
    return any(line.startswith(START) for line in data.split(b"\n")[:-1])


def _product(program: str) -> tuple[str, str]:
    """OpenSSH_9.2p1, dropbear_2022.83, libssh_0.10.6, Cisco-1.25: a name, a mark, a version."""
    for index, letter in enumerate(program):
        if letter in "_-" and program[index + 1 : index + 2].isdigit():
            return program[:index], program[index + 1 :]
    return program, ""
