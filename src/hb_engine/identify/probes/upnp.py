"""SSDP, the discovery of UPnP, on UDP 1900: a search sent to the device itself (UPnP Device Architecture 2.0, 1.3.2).

It asks for the root device, so that one answer comes, and asks once. A server that listens on the multicast address
alone (MiniDLNA does) cannot hear it. The description that the answer points to is not fetched.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("upnp", udp=(1900,), names=("ssdp",), anywhere=False)
OK = (b"HTTP/1.1 200 ", b"HTTP/1.0 200 ")
TARGET = b"upnp:rootdevice"


def talk(peer: Peer) -> Talk:
    """M-SEARCH by unicast."""
    host = f"[{peer.host}]" if ":" in peer.host else peer.host
    search = f'M-SEARCH * HTTP/1.1\r\nHOST: {host}:{peer.port}\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: '.encode()
    reply = bytes((yield Ask(search + TARGET + b"\r\n\r\n", wait=3)))
    status, *lines = reply.partition(b"\r\n\r\n")[0].split(b"\r\n")
    if not status.startswith(OK):
        return None
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if fields.get(b"st") != TARGET or b"usn" not in fields:
        return None
    server = text(fields.get(b"server", b""))
    product, version, system = _product(server)
    return Identity(
        "upnp",
        product,
        version,
        info=server if not product else "",
        system=system,
        evidence=f"a search answered for the root device {server}".strip(),
        facts=tuple([(name, text(fields[name.encode()])) for name in ("location", "usn") if name.encode() in fields]),
    )


def _product(server: str) -> tuple[str, str, str]:
    """OS/version UPnP/1.0 product/version, with more tokens between where vendors like it (1.1.2, SERVER)."""
    words = [word.strip(",") for word in server.split()]
    place = next((index for index, word in enumerate(words) if word.startswith("UPnP/")), len(words))
    name, slash, version = " ".join(words[place + 1 :]).rpartition("/")
    system = words[0].replace("/", " ", 1) if words and place else ""
    return (name, version.partition(" ")[0], system) if slash else ("", "", system)
