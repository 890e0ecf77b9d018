"""One way in, and the key that stays the same when nothing that matters has changed.

The key is transport, scope, port (or `ephemeral`, where the owner is the identity), owner and namespace class. No pid,
inode, order, queue or time enters it: a restart, a reboot or an upgrade in place changes nothing.
"""

from __future__ import annotations

from hb_engine.model.owner import Container, Owner
from hb_engine.model.record import record
from hb_engine.model.verdict import Judgement


@record
class Netns:
    """A network namespace. `kind` is its class in keys: host, named, container, private; `name` is for people."""

    id: int  # the inode of its nsfs file
    name: str = ""
    kind: str = "host"


@record
class Unowned:
    """Why no process is named: reason is a word for programs, detail a sentence for people.

    Reasons: kernel, outside-pid-namespace, not-permitted, in-flight, vanished, not-found, and untold: a file does not
    say.
    """

    reason: str
    detail: str = ""


@record
class Registered:
    """What the registries say of an opening's port, in short."""

    name: str
    description: str = ""
    status: str = "assigned"


@record
class Opening:
    """A way in. One opening may be several sockets: both families, or a SO_REUSEPORT group of one owner."""

    kind: str
    transport: str
    port: int | None
    addresses: tuple[str, ...]
    families: tuple[str, ...]
    scope: str
    netns: Netns
    interface: str = ""
    owners: tuple[Owner, ...] = ()
    unowned: Unowned | None = None
    uid: int | None = None  # of the socket: known even where its owners are not
    user: str = ""
    unit: str | None = None  # by the socket's cgroup, where its owners are not known
    container: Container | None = None
    ephemeral: bool = False  # the kernel chose the port
    flags: tuple[str, ...] = ()  # mptcp, transparent, filter, v6only, reuseport
    notes: tuple[str, ...] = ()  # evidence in sentences
    inodes: tuple[int, ...] = ()  # evidence, never identity
    registered: tuple[Registered, ...] = ()
    verdict: Judgement | None = None
    protocol: str = ""  # where there are no ports: the IP protocol of a raw socket, the ethertype of a tap

    @property
    def key(self) -> str:
        """transport/scope/port/owner/namespace class, as it stands in baselines and history."""
        return f"{self.transport}/{self.scope}/{self._place}/{self.identity}/{self.netns.kind}"

    @property
    def thread(self) -> str:
        """The key without its scope: what stays the same when exposure widens."""
        return f"{self.transport}/{self._place}/{self.identity}/{self.netns.kind}"

    @property
    def identity(self) -> str:
        """The owner as it survives a restart: unit, else image, else package, else executable."""
        return identity_of(self.owners, self.unit, self.container, self.unowned)

    @property
    def _place(self) -> str:
        if self.ephemeral:
            return "ephemeral"
        if self.port is not None:
            return str(self.port)
        return f"{self.protocol or 'any'}%{self.interface}" if self.interface else self.protocol or "any"


def leads_of(opening: Opening) -> tuple[str, ...]:
    """Where a firewall's rule leads, by the collector's notes, a target each: 10.0.0.2:80; port 443 of this machine.

    Of a container's address only the port is left, since it gets another one with each start.
    """
    if opening.kind not in ("redirect", "forward"):
        return ()
    told = [note.removeprefix("leads to ") for note in opening.notes if note.startswith(("leads to ", "taken by "))]
    return tuple([_target(one) for one in told])


def _target(told: str) -> str:
    goal, box, _ = told.partition(", container ")
    return f"a container, port {goal.rpartition(':')[2]}" if box and goal[-1:].isdigit() else goal


def identity_of(
    owners: tuple[Owner, ...], unit: str | None, container: Container | None, unowned: Unowned | None
) -> str:
    """The first of unit, container image, package and executable that is known; else what is known of its absence."""
    main = owners[0] if owners else None
    box = main.container if main and main.container else container
    if (main and main.unit) or (not main and unit):
        return f"unit:{main.unit if main else unit}"
    if box:
        return f"image:{box.image}" if box.image else f"container:{box.name or box.runtime}"
    if main:
        return _process_identity(main)
    return f"kernel:{unowned.detail}" if unowned and unowned.reason == "kernel" else "unknown"


def _process_identity(owner: Owner) -> str:
    if owner.package:
        return f"pkg:{owner.package.name}"
    return f"exe:{owner.exe}" if owner.exe else f"comm:{owner.comm}"
