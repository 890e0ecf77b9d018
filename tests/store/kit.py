"""Looks made by hand for history: a machine whose ports open, move and close. No I/O, no clock."""

from __future__ import annotations

from tests.faces import kit

from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Owner, Package
from hb_engine.model.record import replace

START = kit.NOW
ROOT = Coverage(True, ("sock_diag tcp",))
NOBODY = Coverage(
    False,
    ("sock_diag tcp",),
    (Gap("owners", "not yours", "run hb as root", "owners"), Gap("other namespaces", "not yours", "as root", "netns")),
)
SSH, WEB, REDIS, BOX, DNS, CHRONY = kit.SSH, kit.HTTPS, kit.REDIS, kit.WEBBOX, kit.DHCP, kit.CLIENT


def look(after, *openings, coverage=ROOT, host="web-17", boot="6f1c"):
    """A look at so many seconds after the first."""
    return Inventory(Host(host, "Debian", boot_id=boot), START + after, coverage, openings)


def blind(opening, *, unit=False):
    """An opening as somebody without rights sees it; with `unit` its cgroup is known."""
    known = opening.owners[0].unit if unit and opening.owners else None
    return replace(opening, owners=(), unit=known, unowned=Unowned("not-permitted", "not yours to read"))


def restarted(opening, pid=7000):
    """The same opening after a restart of its processes."""
    owners = tuple(
        replace(owner, pid=pid + place, started_at=START + pid, parents=())
        for place, owner in enumerate(opening.owners)
    )
    return replace(opening, owners=owners, inodes=(pid * 10,))


def on(opening, scope):
    """The same opening with another reach."""
    addresses = {"public": ("0.0.0.0", "::"), "loopback": ("127.0.0.1",), "private": ("10.0.0.5",)}[scope]
    return replace(opening, scope=scope, addresses=addresses)


def daemon(port, name="thing", *, pid=100, exe="", version="1", **more):
    """A listener of a packaged program without a unit."""
    owner = Owner(pid, name, exe or f"/usr/bin/{name}", uid=0, user="root", started_at=START - 60)
    return kit.opening(port, replace(owner, package=Package(name, version, "dpkg", verified=True)), **more)


def kinds(changes):
    """Changes as their kinds and ports."""
    return [(change.kind, change.opening.port) for change in changes]


def kept(openings):
    """Openings without what history leaves out."""
    return {replace(one, registered=(), verdict=None) for one in openings}
