"""The way to each host, as the kernel would go: device, source address, and the neighbour that takes the frame.

A scanner that builds frames itself must not guess them: hosts on the link have hardware addresses of their own, others
go to their gateway, and tunnels have no such address at all. So the kernel is asked for each host, policy rules and
all, and where no frame can be built (loopback, tunnels, IPsec policies), packets are handed to it whole. Asking for a
neighbour is left to the kernel too: a packet that it has to route makes it ask.
"""

from __future__ import annotations

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook
from hb_engine.model.record import record
from hb_engine.wire import netlink, rtroute
from hb_engine.wire.rtroute import Device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from hb_engine.wire.rtroute import Neighbour, Route

_GETPOLICY, _NEWPOLICY, _POLICY_ID = 0x15, 0x13, 64


@record
class Way:
    """How to reach a host. `framed`: Ethernet frames may be built; `hop`: whose hardware address they need."""

    device: Device
    source: bytes
    hop: bytes
    framed: bool


class Ways:
    """Questions to the kernel about ways, over one netlink socket. Use it in a with statement."""

    def __init__(self) -> None:
        self._kernel = Netlink(netlink.ROUTE)
        self._devices: dict[int, Device] = {}
        self._policies = has_policies()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kernel.__exit__()

    def way(self, target: bytes, zone: int = 0) -> Way | str:
        """The way to a packed address, or a sentence that says why there is none."""
        try:
            bodies = self._kernel.messages(lambda n: rtroute.route_request(target, zone, n), rtroute.NEWROUTE)
        except netlink.Refused as error:
            return "net-unreach" if error.code == 101 else "host-unreach"
        except CannotLook as error:
            return error.message
        found = [rtroute.route(body) for body in bodies]
        return self._found(target, found[0]) if found else "net-unreach"

    def _found(self, target: bytes, route: Route) -> Way | str:
        if route.kind not in (rtroute.UNICAST, rtroute.LOCAL):
            return "net-unreach"
        device = self._device(route.ifindex)
        if device is None or not device.flags & rtroute.UP:
            return "net-unreach"
        source = route.source or (target if route.kind == rtroute.LOCAL else b"")
        framed = (
            device.kind == rtroute.ETHERNET
            and route.kind == rtroute.UNICAST
            and not device.flags & rtroute.NO_ARP
            and not self._policies
        )
        return Way(device, source, route.gateway or target, framed) if source else "net-unreach"

    def _device(self, ifindex: int) -> Device | None:
        if ifindex not in self._devices:
            bodies = self._kernel.messages(lambda n: rtroute.device_request(ifindex, n), rtroute.NEWLINK)
            if not bodies:
                return None
            self._devices[ifindex] = rtroute.device(bodies[0])
        return self._devices[ifindex]

    def neighbours(self) -> dict[tuple[int, bytes], Neighbour]:
        """What the kernel knows of its neighbours, by device and packed address."""
        bodies = self._kernel.messages(rtroute.neighbours_request, rtroute.NEWNEIGH)
        known = [rtroute.neighbour(body) for body in bodies]
        return {(one.ifindex, one.address): one for one in known}

    def hardware(self, wanted: Iterable[Way]) -> dict[tuple[int, bytes], bytes | None]:
        """Hardware addresses of the hops of some ways: None for one that the kernel asked for in vain."""
        known, found = self.neighbours(), dict[tuple[int, bytes], bytes | None]()
        for way in wanted:
            key = (way.device.index, way.hop)
            entry = known.get(key)
            if entry and entry.state & rtroute.USABLE and len(entry.hardware) == 6:
                found[key] = entry.hardware
            elif entry and entry.state & rtroute.FAILED:
                found[key] = None
        return found


def has_policies() -> bool:
    """Whether IPsec policies are in force here, past which no frame may be sent."""
    try:
        with Netlink(netlink.XFRM) as kernel:
            return bool(
                kernel.messages(lambda n: netlink.request(_GETPOLICY, bytes(_POLICY_ID), sequence=n), _NEWPOLICY)
            )
    except CannotLook:
        return False
