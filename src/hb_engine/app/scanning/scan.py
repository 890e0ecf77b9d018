"""`hb scan`: plan, ask, identify, hold against the registry; and read what other scanners found.

The order is the safety: words become addresses, addresses are held against the scope, the plan is made and can be
shown, and only then is anything sent, after it was written down who asked for what. Ctrl-C ends the asking and not the
program: what is known by then is the answer.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.looking import port_names
from hb_engine.app.ruling.roles import hosts_of
from hb_engine.app.scanning import scope as scoping
from hb_engine.identify.opinions import Opinions, load
from hb_engine.model.answer import Answer, Scan, ScannedHost
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record, replace
from hb_engine.registry.assignments import Registry
from hb_engine.scan import ports, survey, targets
from hb_engine.scan.plan import Plan, Shard
from hb_engine.scan.plan import plan as reckon
from hb_engine.scan.scope import Allowed, judge
from hb_engine.scan.targets import Targets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.model.compared import Compared

    Watch = Callable[["Progress | Found | Done"], None]

TOP = "top:1000"
FAMILIES = {0: ("ipv4", "ipv6"), 4: ("ipv4",), 6: ("ipv6",)}
TRIES = 3  # how often silence is asked, as plans assume
SHOWN = 5  # refused ranges that are named one by one
LARGEST = 1 << 30  # bytes of a file of results


@record
class Request:
    """What a person wants. `ports` and `udp` are lists as in -p; `allow` names careful probes that may be asked."""

    targets: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ports: str | None = None
    udp: str | None = None
    engine: str = "auto"
    identify: bool = True
    rate: int | None = None
    gentle: bool = False
    shard: tuple[int, int] = (1, 1)
    resume: str | None = None
    yes: bool = False
    compare: bool = False
    nmap_probes: str | None = None
    recog: str | None = None
    allow: tuple[str, ...] = ()
    tries: int | None = None
    family: int = 0
    every_host: bool = False
    words: tuple[str, ...] = ()  # the command line, for the record


@record
class Planned:
    """A request with what it comes to. `sentences` are for a person to read before saying yes."""

    request: Request
    targets: Targets
    allowed: Allowed
    ports: ports.Ports
    engine: str
    plan: Plan
    gaps: tuple[Gap, ...] = ()
    opinions: Opinions | None = None  # databases of others, where somebody named them

    @property
    def needs_consent(self) -> bool:
        """Whether a person should say yes first."""
        return bool(self.plan.reasons) and not self.request.yes

    @property
    def sentences(self) -> tuple[str, ...]:
        """What will be done, and why it should be asked first."""
        return (self.plan.story, *self.plan.reasons, *self.targets.notes)


@record
class Progress:
    """How far it is. `phase` is ports or services; `eta` is in seconds, None where nobody knows."""

    phase: str
    done: int
    total: int
    open: int
    seconds: float
    eta: float | None


@record
class Found:
    """An open port; with its identity, where it is to be identified."""

    address: str
    answer: Answer


@record
class Done:
    """A host of which all is known that will be."""

    host: ScannedHost


def plan(request: Request) -> Planned:
    """What a request comes to. Sends nothing but questions for names. Raises BadInput, CannotLook, DataError."""
    asked = targets.parse(
        request.targets,
        exclude=request.exclude,
        files=request.files,
        families=FAMILIES[request.family],
        roles=hosts_of,
    )
    allowed = judge(asked.addresses, scoping.scope())
    if not allowed.addresses:
        first = allowed.refused[0]
        raise BadInput(f"{first.range} may not be asked: {first.reason}", first.remedy)
    wanted = _ports(request)
    engine, gap = survey.engine(request.engine)
    made = reckon(
        allowed.addresses.count,
        len(wanted.tcp),
        len(wanted.udp),
        engine=engine,
        rate=request.rate,
        gentle=request.gentle,
        identify=request.identify,
        shard=Shard(*request.shard),
        tries=request.tries or TRIES,
    )
    gaps = [*([gap] if gap else []), *_refusals(allowed)]
    return Planned(request, asked, allowed, wanted, engine, made, tuple(gaps), _opinions(request))


def _opinions(request: Request) -> Opinions | None:
    """The databases that second opinions are wanted from, read before anything is sent. Raises BadInput, DataError."""
    if request.nmap_probes is None and request.recog is None:
        return None
    if not request.identify:
        raise BadInput("a second opinion is about services, and --no-identify asks none", "Leave one of them out.")
    return load(request.nmap_probes, request.recog)


def _ports(request: Request) -> ports.Ports:
    named = port_names.lookup()
    tcp, udp = request.ports, request.udp
    if tcp is None and udp is None:
        tcp = TOP
    first = ports.parse([tcp], transports=("tcp",), named=named) if tcp else ports.Ports()
    second = ports.parse([udp], transports=("udp",), named=named) if udp else ports.Ports()
    if not (first.count and second.count):
        return first if first.count else second
    merged = [ports.in_order(name, {*first.of(name), *second.of(name)}) for name in ("tcp", "udp")]
    return ports.Ports(*merged)


def _refusals(allowed: Allowed) -> Iterable[Gap]:
    for one in allowed.refused[:SHOWN]:
        yield Gap(str(one.range), f"not asked: {one.reason}", one.remedy)
    if len(allowed.refused) > SHOWN:
        yield Gap(f"{len(allowed.refused) - SHOWN} more ranges", "not asked", "hb scope check names the reasons.")


def run(planned: Planned, watch: Watch = lambda _: None) -> Scan:
    """Carry a plan out. Raises CannotLook, BadInput (a file to resume that is another scan's), DataError."""
    from hb_engine.app.scanning.scan_run import Run  # not for those who only want to know

    return Run(planned, watch).run()


def read(path: str) -> Scan:
    """What hb or another scanner wrote into a file, held against the registry. Raises DataError, BadInput."""
    from hb_engine.app.looking.naming import Namer
    from hb_engine.identify.question import Settings
    from hb_engine.scan.reading import read as read_bytes  # a format each

    try:
        with open(path, "rb") as file:
            found = read_bytes(file.read(LARGEST + 1))
    except OSError as error:
        raise BadInput(f"{path!r} cannot be read: {error.strerror or error}", "Name a file of scan results.") from error
    namer = Namer(Registry.open(folders.data()).short, Settings(), random=os.urandom, clock=time.time)
    ours = found.scanner == "hb"
    hosts = [
        replace(host, answers=tuple([one if one.registered and ours else namer.claimed(one) for one in host.answers]))
        for host in found.hosts
    ]
    return replace(found, hosts=tuple(hosts))


def compare(scan: Scan) -> tuple[Compared, ...]:
    """What answered on this machine's addresses beside what listens inside. Raises BadInput, CannotLook."""
    from hb_engine.app.scanning.compare import compare as both  # looks at the whole machine

    return both(scan)
