"""SSH: the server sends its identification string first (RFC 4253 4.2); NETCONF over SSH looks the same.

Only the line is read. Ours is not sent, so no keys are exchanged and nobody begins to log in.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ssh", tcp=(22, 2222, 830), speaks="server", names=("netconf-ssh", "sftp"))
START = b"SSH-"
PRODUCTS = {  # as programs write themselves: the product's name, and its CPE without the version
    "OpenSSH": ("OpenSSH", "cpe:/a:openbsd:openssh"),
    "dropbear": ("Dropbear sshd", "cpe:/a:matt_johnston:dropbear_ssh_server"),
    "libssh": ("libssh", "cpe:/a:libssh:libssh"),
    "AsyncSSH": ("AsyncSSH sshd", ""),
    "paramiko": ("Paramiko Python sshd", ""),
    "Cisco": ("Cisco SSH", ""),
    "ROSSSH": ("MikroTik RouterOS sshd", ""),
    "tinyssh": ("TinySSH", ""),
    "Go": ("Go x/crypto sshd", ""),
}
FOREIGN = (
    b"220",
    b"200",
    b"HTTP/",
    b"+OK",
    b"-ERR",
    b"* ",
    b"RFB ",
    b"@RSYNCD",
    b"<",
    b"{",
)  # they begin no lines of ours


def talk(peer: Peer) -> Talk:
    """Only listen: the identification string may follow other lines, and ends with CR LF (or LF)."""
    heard = yield Ask(until=_identified)
    line = next((line for line in heard.split(b"\n") if line.startswith(START)), b"")
    protocol, dash, software = line[len(START) :].rstrip(b"\r").partition(b"-")
    if not dash or protocol not in (b"2.0", b"1.99", b"1.5", b"1.3") or heard.startswith(FOREIGN):
        return None
    program, _, comment = software.partition(b" ")
    name, version = _product(text(program))
    product, cpe = PRODUCTS.get(name, (name, ""))
    return Identity(
        "ssh",
        product,
        version,
        info=", ".join(part for part in (text(comment), f"protocol {protocol.decode()}") if part),
        device="router" if name in ("Cisco", "ROSSSH") else "",
        cpe=(f"{cpe}:{version}",) if cpe and version else (),
        proof="banner",
        evidence=text(line),
    )


def hint(reply: bytes) -> bool:
    """What OpenSSH says behind its own line to a request that is no identification."""
    return reply.startswith(START) or b"Invalid SSH identification string" in reply[:512]


def _identified(data: bytes) -> bool:
    """The line is there, or a first line that is another protocol's greeting, or bytes that are no text."""
    if data.startswith(FOREIGN) or any(byte < 32 and byte not in b"\r\n\t\x1b" for byte in data[:64]):
        return True
    return any(line.startswith(START) for line in data.split(b"\n")[:-1])


def _product(program: str) -> tuple[str, str]:
    """OpenSSH_9.2p1, dropbear_2022.83, libssh_0.10.6, Cisco-1.25: a name, a mark, a version."""
    for index, letter in enumerate(program):
        if letter in "_-" and program[index + 1 : index + 2].isdigit():
            return program[:index], program[index + 1 :]
    return program, ""
