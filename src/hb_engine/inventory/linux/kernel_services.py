"""Sockets that no process holds because the kernel itself listens: which service it is, and what proves it.

A claim is a port that some fact of the same namespace names: a tunnel device, an answer of generic netlink, a file
that a server in the kernel keeps, or a loaded module with the one port that it uses. A port number alone proves
nothing, and so names nothing: "no owner found" stays a finding. This is asked only when a socket without owner is
left over. It loads no module and asks no service.
"""

from __future__ import annotations

from hb_engine.inventory.linux import kernel_files
from hb_engine.inventory.linux.kernel_files import Claim
from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Unowned
from hb_engine.model.record import record
from hb_engine.wire import genetlink, netlink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.wire.cursor import Cursor
    from hb_engine.wire.rtnetlink import Link
    from hb_engine.wire.socket_row import Socket

_TUNNELS = {
    "vxlan": "VXLAN tunnel",
    "geneve": "GENEVE tunnel",
    "bareudp": "bare UDP tunnel",
    "gtp": "GTP tunnel",
    "pfcp": "PFCP filter",
    "amt": "AMT tunnel",
}
# Families of generic netlink that are asked about each device of their kind: words, question, how to read the port.
_DEVICES = {
    "wireguard": ("WireGuard", genetlink.wireguard_request, genetlink.wireguard_port),
    "ovpn": ("OpenVPN data channel", genetlink.ovpn_request, genetlink.ovpn_port),
}


@record
class Facts:
    """What one namespace's kernel says that it listens on, and which services could not be asked."""

    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()


def explain(socket: Socket, facts: Facts, others: Iterable[Facts] = ()) -> Unowned | None:
    """The service of the kernel that a socket without owner belongs to; None where nothing proves one.

    The detail is a few stable words (VXLAN tunnel), since it enters keys; proof() has the evidence. `others` are the
    facts of other namespaces: a tunnel device that was moved leaves its socket where it was made.
    """
    claim = _claim(socket, facts, others)
    return Unowned("kernel", claim.what) if claim else None


def proof(socket: Socket, facts: Facts, others: Iterable[Facts] = ()) -> str:
    """What proves the answer of explain(), as a phrase for people; "" where there is none."""
    claim = _claim(socket, facts, others)
    return claim.proof if claim else ""


def gather(
    links: Iterable[Link],
    root: str = "",
    generic: Callable[[], Netlink] | None = None,
    ipsec: Callable[[], Netlink] | None = None,
) -> Facts:
    """The facts of the calling thread's namespace. `root` stands before /proc, /sys and /etc. Nothing is raised."""
    known = tuple(links)
    claims = _of_links(known) + kernel_files.claims(root)
    gaps: list[Gap] = []
    try:
        with generic() if generic else Netlink(netlink.GENERIC) as kernel:
            claims += _of_generic(kernel, known, gaps)
    except CannotLook as error:
        gaps.append(_gap("tunnels that generic netlink knows", error))
    if kernel_files.exists(root, "/proc/net/xfrm_stat"):
        try:
            with ipsec() if ipsec else Netlink(netlink.XFRM) as kernel:
                claims += _of_ipsec(kernel)
        except CannotLook as error:
            gaps.append(_gap("IPsec's encapsulation ports", error))
    return Facts(tuple(claims), tuple(gaps))


def _claim(socket: Socket, facts: Facts, others: Iterable[Facts]) -> Claim | None:
    for claim in facts.claims:
        if not claim.elsewhere and claim.fits(socket):
            return claim
    return next((claim for other in others for claim in other.claims if claim.elsewhere and claim.fits(socket)), None)


def _of_links(links: tuple[Link, ...]) -> list[Claim]:
    """Ports of tunnel devices. A device with its underlay in another namespace has its socket there."""
    found = []
    for link in links:
        elsewhere = link.peer_netns is not None
        what, proof = _TUNNELS.get(link.kind, ""), f"device {link.name} of kind {link.kind}"
        found += [Claim("udp", port, what, proof, elsewhere=elsewhere) for port in link.ports if what]
    return found


def _of_generic(kernel: Netlink, links: tuple[Link, ...], gaps: list[Gap]) -> list[Claim]:
    """Ports of the families of generic netlink that are there."""
    numbers = dict(genetlink.family(body) for body in kernel.messages(genetlink.families_request, genetlink.CONTROL))
    found: list[Claim] = []
    for name in ("wireguard", "ovpn", "fou", "l2tp", "mptcp_pm"):
        if name not in numbers:
            continue
        try:
            found += _of_family(kernel, name, numbers[name], links)
        except CannotLook as error:
            gaps.append(_gap(f"ports of {name} in the kernel", error))
    return found


def _of_family(kernel: Netlink, name: str, number: int, links: tuple[Link, ...]) -> list[Claim]:
    if name in _DEVICES:
        return _of_devices(kernel, name, number, links)
    return {"fou": _fou, "l2tp": _l2tp, "mptcp_pm": _mptcp}[name](kernel, number)


def _of_devices(kernel: Netlink, kind: str, number: int, links: tuple[Link, ...]) -> list[Claim]:
    """Ports that a family tells device by device."""
    what, question, port_of = _DEVICES[kind]
    found = []
    for link in links:
        if link.kind == kind:
            bodies = _asked(kernel, number, _about(question, link.index))
            ports = dict.fromkeys(port for body in bodies if (port := port_of(body)))
            proof = f"device {link.name} of kind {kind}"
            found += [Claim("udp", port, what, proof, elsewhere=link.peer_netns is not None) for port in ports]
    return found


def _about(question: Callable[[int, int, int], bytes], ifindex: int) -> Callable[[int, int], bytes]:
    return lambda number, sequence: question(number, ifindex, sequence)


def _fou(kernel: Netlink, number: int) -> list[Claim]:
    ports = [genetlink.fou_port(body) for body in _asked(kernel, number, genetlink.fou_request)]
    return [Claim("udp", port, f"{kind} tunnel", f"{kind} port set with ip fou") for port, kind in ports if port]


def _l2tp(kernel: Netlink, number: int) -> list[Claim]:
    ports = [genetlink.l2tp_port(body) for body in _asked(kernel, number, genetlink.l2tp_request)]
    return [Claim("udp", port, "L2TP tunnel", "L2TP tunnel set with ip l2tp") for port in ports if port]


def _mptcp(kernel: Netlink, number: int) -> list[Claim]:
    ports = [genetlink.mptcp_port(body) for body in _asked(kernel, number, genetlink.mptcp_request)]
    return [Claim("tcp", port, "MPTCP path manager", "endpoint with a port, in ip mptcp") for port in ports if port]


def _of_ipsec(kernel: Netlink) -> list[Claim]:
    ports = [
        port for body in kernel.messages(genetlink.xfrm_request, genetlink.NEWSA) for port in genetlink.xfrm_ports(body)
    ]
    proof = "IPsec association with UDP encapsulation"
    return [Claim("udp", port, "IPsec (ESP in UDP)", proof) for port in dict.fromkeys(ports) if port]


def _asked(kernel: Netlink, number: int, question: Callable[[int, int], bytes]) -> list[Cursor]:
    return kernel.messages(lambda sequence: question(number, sequence), number)


def _gap(what: str, error: CannotLook) -> Gap:
    return Gap(what, error.message, error.remedy or "run as root", "owners")
