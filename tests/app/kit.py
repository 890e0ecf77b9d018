"""An inventory made by hand, and the recipes of app with it in the place of this machine."""

from __future__ import annotations

from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner, Package
from hb_engine.model.record import replace

HOST = Netns(4026531840)
GAP = Gap("the owners of 2 sockets", "not hb's to read", "run hb as root")
SSHD = Owner(812, "sshd", "/usr/sbin/sshd", unit="ssh.service", package=Package("openssh-server", "1:9.2", "dpkg"))
NAMED = Owner(700, "named", "/usr/sbin/named", unit="named.service", package=Package("bind9", "9.18", "dpkg"))
SSH = Opening("listener", "tcp", 22, ("0.0.0.0",), ("ipv4",), "public", HOST, owners=(SSHD,), inodes=(1,))
DNS = replace(SSH, port=53, owners=(NAMED,), inodes=(2,))
DNS_UDP = replace(DNS, kind="bound", transport="udp", inodes=(3,))
RAW = replace(SSH, kind="bound", transport="raw", port=None, protocol="icmp", inodes=(4,))


def inventory(*openings: Opening, gaps: tuple[Gap, ...] = ()) -> Inventory:
    return Inventory(Host("web-17", "Debian"), 1_795_356_311.0, Coverage(True, ("sock_diag tcp",), gaps), openings)


class Machine:
    """Stands in for collect.collect: answers with an inventory, and remembers what was asked."""

    def __init__(self, seen: Inventory, refusal: Exception | None = None) -> None:
        self.seen, self.refusal = seen, refusal
        self.asked: list[tuple[frozenset[int] | None, bool]] = []

    def collect(self, ports: frozenset[int] | None = None, *, fresh: bool = False, hidden: bool = False) -> Inventory:
        self.asked.append((ports, fresh))
        self.hidden = hidden
        if self.refusal:
            raise self.refusal
        kept = [one for one in self.seen.openings if ports is None or one.port in ports]
        return replace(self.seen, openings=tuple(kept))
