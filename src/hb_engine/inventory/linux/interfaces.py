"""The network devices of the calling thread's namespace: names by number, and how far each reaches.

Asked for only when a row needs it (a bound device, a tunnel's port, a peer elsewhere): one question for the links and
one for the addresses. It reads; it never configures.
"""

from __future__ import annotations

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.endpoint import scope_of, widest
from hb_engine.model.record import record
from hb_engine.wire import netlink, rtnetlink
from hb_engine.wire.rtnetlink import Address, Link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@record
class Interfaces:
    """What was there: devices; by interface number names, addresses (packed) and the widest scope of each."""

    devices: tuple[Link, ...]
    names: dict[int, str]
    addresses: dict[int, tuple[bytes, ...]]
    scopes: dict[int, str]

    def scope(self, ifindex: int) -> str:
        """How far a device reaches; public for one that is not known, so that nothing looks safer than it is."""
        return self.scopes.get(ifindex, "public")


def look(opener: Callable[[], Netlink] | None = None) -> Interfaces:
    """The devices of the calling thread's network namespace. Needs no privileges. Raises CannotLook."""
    with opener() if opener else Netlink(netlink.ROUTE) as kernel:
        links = tuple(rtnetlink.link(body) for body in kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK))
        bodies = kernel.messages(rtnetlink.addresses_request, rtnetlink.NEWADDR)
        addresses = [found for body in bodies if (found := rtnetlink.address(body))]
    return arrange(links, addresses)


def links(opener: Callable[[], Netlink] | None = None) -> tuple[Link, ...]:
    """The links alone, for tunnels and peers. Raises CannotLook."""
    with opener() if opener else Netlink(netlink.ROUTE) as kernel:
        return tuple(rtnetlink.link(body) for body in kernel.messages(rtnetlink.links_request, rtnetlink.NEWLINK))


def arrange(links: Iterable[Link], addresses: Iterable[Address]) -> Interfaces:
    """Links and addresses, put together by interface number."""
    known = tuple(links)
    grouped: dict[int, tuple[bytes, ...]] = {}
    for one in addresses:
        grouped[one.ifindex] = (*grouped.get(one.ifindex, ()), one.address)
    scopes = {link.index: _scope(link, known, grouped) for link in known}
    return Interfaces(known, {link.index: link.name for link in known}, grouped, scopes)


def _scope(link: Link, links: tuple[Link, ...], addresses: dict[int, tuple[bytes, ...]]) -> str:
    """The widest scope of a device's addresses, and of its members' for a VRF, whose traffic is theirs.

    A device without addresses is still reached by its neighbours (an address may come later), so it is link, never
    loopback; loopback devices are loopback unless they were given wider addresses.
    """
    members = [other.index for other in links if link.kind == "vrf" and other.master == link.index]
    reach = widest([scope_of(packed) for index in (link.index, *members) for packed in addresses.get(index, ())])
    return reach if link.loopback else widest([reach, "link"])
