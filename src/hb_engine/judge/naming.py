"""Which service an opening is, by the names that stand on it and by its port.

A program's name decides where it says enough: redis-server is redis on any port. Java, virtual machines and port
forwarders say nothing about what they serve, so with them the port decides. Any other program on a service's
port is an uncertain match, and the rules make less of it. It refuses to identify a service: that takes asking it (hb
scan).
"""

from __future__ import annotations

from hb_engine.judge.kit import basename, program_of, words
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

# They carry other services, and seldom their own: the name of the program does not tell, and the port does.
CARRIERS = words(
    "java beam.smp erl docker-proxy rootlesskit rootlessport slirp4netns pasta conmon containerd-shim-runc-v"
    " com.docker.backend vpnkit limactl colima systemd launchd inetd xinetd dockerd kubelet kubectl kube-proxy wslrelay"
    " svchost system"
)
# One executable with many names: what it was called by is its name.
MULTICALL = frozenset(("busybox", "toybox", "coreutils", "redis-check-rdb", "valkey-check-rdb"))  # the last two serve
MEMO = 4096  # names of so many programs are kept: a machine with 60,000 openings has a few hundred programs
_NAMED: dict[tuple[str | None, str, str | None, str], tuple[str, ...]] = {}


@record
class Service:
    """A service that a rule cares for: `severity` is where everyone can reach it, `why` a phrase for people."""

    name: str
    programs: str  # separated by spaces, in lower case
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    severity: str = "high"
    why: str = ""


@record
class Match:
    """A service found on an opening. `by` is what told: a program's name, or a port."""

    service: Service
    certain: bool
    by: str


class Table:
    """Services by the names of their programs and by their ports."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._programs = {name: service for service in services for name in service.programs.split()}
        self._ports = {("tcp", port): service for service in services for port in service.tcp}
        self._ports.update({("udp", port): service for service in services for port in service.udp})

    def match(self, opening: Opening) -> Match | None:
        """The service of an opening, or None. A program's name wins over a port."""
        names = names_of(opening)
        for name in names:
            if name in self._programs:
                return Match(self._programs[name], certain=True, by=f"the program is {name}")
        if opening.port is None or (opening.transport, opening.port) not in self._ports:
            return None
        service = self._ports[opening.transport, opening.port]
        return Match(service, certain=says_nothing(names), by=f"{opening.transport} {opening.port} is its usual port")


def names_of(opening: Opening) -> tuple[str, ...]:
    """The names on an opening, the most telling first: its owners' programs, then its unit and its container's
    image."""
    names: list[str] = []
    for owner in opening.owners:
        names += owner_names(owner)
        if owner.unit or owner.container:
            names += _unit_and_image(owner.unit, owner.container)
    if opening.unit or opening.container:
        names += _unit_and_image(opening.unit, opening.container)
    return tuple(dict.fromkeys(names))


def owner_names(owner: Owner) -> tuple[str, ...]:
    """What an owner runs: its program; for a program of many names the one that it was called by; its script."""
    called = owner.cmdline[0] if owner.cmdline else ""
    key = (owner.exe, owner.comm, owner.script, called)
    if key not in _NAMED:
        if len(_NAMED) >= MEMO:
            _NAMED.clear()
        _NAMED[key] = _owner_names(owner, called)
    return _NAMED[key]


def _owner_names(owner: Owner, called: str) -> tuple[str, ...]:
    program = program_of(owner)
    names = [_unversioned(program)]
    if program in MULTICALL and called:
        names.insert(0, basename(called.partition(" ")[0]).lower())  # redis-server writes its address behind its name
    if owner.script:
        names.append(basename(owner.script).lower().removesuffix(".py"))
    return tuple(names)


def says_nothing(names: tuple[str, ...]) -> bool:
    """Whether none of the names tells what is served: nobody is known, or somebody carries it for another."""
    return not names or any(name in CARRIERS or name.startswith("qemu") for name in names)


def _unit_and_image(unit: str | None, container: Container | None) -> tuple[str, ...]:
    """redis-server@main.service is redis-server; docker.io/library/redis:7 is redis."""
    names = []
    if unit and unit.endswith((".service", ".socket")):
        names.append(basename(unit).rpartition(".")[0].partition("@")[0].lower())
    if container and container.image:
        names.append(basename(container.image.partition("@")[0]).partition(":")[0].lower())
    return tuple(names)


def _unversioned(program: str) -> str:
    """python3.11 is python; names that are all digits stay."""
    return program.rstrip("0123456789.-") or program
