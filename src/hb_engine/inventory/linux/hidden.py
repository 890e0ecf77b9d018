"""Ports that the kernel keeps occupied and its lists do not show: what something that hides cannot help doing.

Whoever hides a socket changes what lists it (netlink, /proc/net), not what bind(2) does with its port. So every port
that no list explains is asked for by a bind of its own: one socket of both families, without SO_REUSEADDR, which never
listens and is closed at once. The answer "in use" alone proves nothing: sockets come and go, and those of connections
and in TIME_WAIT occupy ports too. A port is called hidden only where it stays in use and unlisted each of ROUNDS more
times, with a list in every state taken before and after; whatever explains it once clears it.

It refuses to accuse where it cannot know: ports that hb may not bind, and before Linux 6.8 TCP ports where nothing
answers, since those kernels list no socket that is bound only. A hidden socket at a port where another is listed stays
unseen. For the moment of a bind the port is hb's: a service that starts just then can be told that it is taken.

Sources: bind(2), ip(7), ipv6(7) (IPV6_V6ONLY), socket(7) (SO_REUSEADDR); net/ipv4/inet_connection_sock.c, udp.c.
"""

from __future__ import annotations

import _socket
import errno
import os
from time import sleep

from hb_engine.inventory.linux import diag
from hb_engine.kernel.netlink import Netlink
from hb_engine.model.endpoint import scope_of, widest
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import record, replace
from hb_engine.wire import netlink, port_rows, proc_net, sock_diag
from hb_engine.wire.port_rows import PortReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    Place = tuple[str, int]  # transport, port

TRANSPORTS = {"tcp": (sock_diag.TCP, _socket.SOCK_STREAM), "udp": (sock_diag.UDP, _socket.SOCK_DGRAM)}
EVERY = range(1, 65536)
ROUNDS = 5  # further questions that a port must stay hidden in
PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2)  # seconds before each: what lives shortly has gone, and remnants are listed
FEW = 32  # ports up to which the kernel is asked for each alone
SUSPECTS = 4096  # ports that are asked again; more than these are no socket but a machine that refuses
CONNECT = 0.5  # seconds; over loopback a listener answers at once
WILDCARD, WILDCARD6 = "0.0.0.0", "::"  # noqa: S104 -- bound for a moment, never listened on
# By wildcard an address that is on no interface, and that hence conflicts with the wildcard alone (RFC 1122, RFC 6666).
WITNESSES = {WILDCARD: "127.255.255.253", WILDCARD6: "100::1"}
FREEBIND = {_socket.AF_INET: (_socket.IPPROTO_IP, 15), _socket.AF_INET6: (_socket.IPPROTO_IPV6, 78)}  # IP(V6)_FREEBIND
FREE, BUSY, REFUSED = "free", "busy", "refused"
HIDDEN = "hidden"
RIGHT = "run hb as root"


@record
class Finding:
    """A hidden port: where a bind conflicts with it, whether a connection was accepted (None for UDP), who lists it.

    `text` is whether /proc/net shows what sock_diag does not; `asked` how often a bind was refused.
    """

    transport: str
    port: int
    addresses: tuple[str, ...]
    accepted: bool | None
    text: bool
    asked: int


class Kernel:
    """What is asked of this namespace. Tests hand in one that lists less than there is."""

    lists_bound = diag.version(os.uname().release) >= diag.LISTS_BOUND

    def __init__(self, root: str = "/proc/thread-self/net") -> None:
        self.root = root

    def listed(self, transport: str, port: int = 0) -> set[int]:
        """The local ports of every socket that netlink lists, or those at one port. Raises CannotLook."""
        protocol, found = TRANSPORTS[transport][0], set()
        with Netlink(netlink.SOCK_DIAG) as kernel:
            for family in (sock_diag.INET, sock_diag.INET6):
                found |= _ports(kernel, family, protocol, port)
        return found

    def in_text(self, transport: str) -> set[int]:
        """The local ports that the tables of /proc/net show; empty where there are none."""
        found: set[int] = set()
        for table in (transport, f"{transport}6"):
            try:
                with open(f"{self.root}/{table}", "rb") as lines:
                    found.update([one.port for one in proc_net.parse(table, lines, 0) if one.port])
            except (OSError, CannotLook):
                continue
        return found

    def bind(self, transport: str, port: int, address: str = "") -> str:
        """Whether a port is free, busy or refused to us; at an address, or in both families at all of them."""
        try:
            return sweep(transport, (port,), address)[0].get(port, FREE)
        except CannotLook:  # there is no such family here
            return REFUSED

    def sweep(self, transport: str, ports: Iterable[int]) -> tuple[dict[int, str], str]:
        """The same for many ports, without those that are free; and what else went wrong, in words."""
        return sweep(transport, ports)

    def accepts(self, port: int) -> bool:
        """Whether a TCP connection over loopback is accepted; it is closed at once."""
        return any(_connects(address, port) for address in ("127.0.0.1", "::1"))

    def own(self) -> tuple[str, ...]:
        """This namespace's addresses, loopback included."""
        from hb_engine.inventory.linux import machine  # already loaded by the look

        return ("127.0.0.1", "::1", *machine.addresses())


def find(
    ports: Iterable[int] = EVERY,
    held: Container[Place] = (),
    kernel: Kernel | None = None,
    pause: Callable[[float], object] = sleep,
) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    """The hidden TCP and UDP ports of the calling thread's namespace among some, and what could not be told.

    `held` are places of sockets that descriptors showed: they explain what an old kernel does not list.
    """
    found: list[Finding] = []
    gaps: dict[Gap, None] = {}
    for transport in TRANSPORTS:
        search = _Search(transport, held, kernel or Kernel(), pause)
        try:
            found += search.run(tuple(ports))
        except CannotLook as error:
            search.gap(f"hidden {transport} ports", f"the kernel's list could not be read: {error.message}", RIGHT)
        gaps.update(search.gaps)
    return tuple(found), tuple(gaps)


def opening(found: Finding, netns: Netns) -> Opening:
    """A hidden port as an opening; nobody is named for it."""
    lists = f"/proc/net/{found.transport} shows a socket there, netlink does not"
    if not found.text:
        lists = f"neither netlink nor /proc/net/{found.transport} shows a socket there, in any state"
    notes = [f"bind(2) said {found.asked} times that {found.transport} port {found.port} is in use", lists]
    if found.accepted is not None:
        answer = "was accepted" if found.accepted else "was not accepted"
        notes.append(f"a connection to it over loopback {answer}")
    packed = [_packed(address) for address in found.addresses]
    return Opening(
        kind="listener" if found.accepted else "bound",
        transport=found.transport,
        port=found.port,
        addresses=found.addresses,
        families=tuple(sorted({"ipv6" if len(one) == 16 else "ipv4" for one in packed})),
        scope=widest([scope_of(one) for one in packed]),
        netns=netns,
        unowned=Unowned("not-found", "the kernel keeps the port, and none of its lists says for whom"),
        flags=(HIDDEN,),
        notes=tuple(notes),
    )


def merged(openings: tuple[Opening, ...], found: Iterable[Finding], netns: Netns) -> tuple[Opening, ...]:
    """Openings with the hidden ones: those that a descriptor showed are marked, and the others are added."""
    told = list(openings)
    for one in found:
        hidden = opening(one, netns)
        place = (one.transport, one.port, netns.id)
        known = [at for at, other in enumerate(told) if (other.transport, other.port, other.netns.id) == place]
        for at in known:
            flags, notes = (*told[at].flags, HIDDEN), (*told[at].notes, *hidden.notes)
            told[at] = replace(told[at], flags=flags, notes=notes)
        told += [] if known else [hidden]
    return tuple(sorted(told, key=lambda one: (one.transport, one.port is None, one.port or 0, one.scope, one.key)))


class _Search:
    """The search in one transport."""

    def __init__(
        self, transport: str, held: Container[Place], kernel: Kernel, pause: Callable[[float], object]
    ) -> None:
        self.transport = transport
        self.held = held
        self.kernel = kernel
        self.pause = pause
        self.gaps: dict[Gap, None] = {}

    def gap(self, what: str, why: str, remedy: str) -> None:
        self.gaps[Gap(what, why, remedy, HIDDEN)] = None

    def run(self, ports: tuple[int, ...]) -> list[Finding]:
        before = self._listed(ports)
        wanted = [port for port in ports if port not in before]
        answers, trouble = self.kernel.sweep(self.transport, wanted)
        self._say_what_was_refused(answers, trouble)
        busy = [port for port, answer in answers.items() if answer == BUSY]
        suspects = self._unlisted(busy) if busy else []
        if len(suspects) > SUSPECTS:
            what = f"which of {len(suspects)} {self.transport} ports are hidden"
            self.gap(what, "more seem to be in use than any machine hides: something refuses every bind", "ask why")
            return []
        for wait in PAUSES[:ROUNDS]:
            suspects = self._still(suspects, wait)
        return [one for port in suspects if (one := self._finding(port))]

    def _listed(self, ports: Iterable[int]) -> set[int]:
        """Those of some ports that netlink lists: asked one by one where they are few, else all in one go."""
        few = tuple(ports)
        if len(few) > FEW:
            return self.kernel.listed(self.transport)
        return set().union(*[self.kernel.listed(self.transport, port) for port in few])

    def _unlisted(self, ports: list[int]) -> list[int]:
        listed = self._listed(ports)
        return [port for port in ports if port not in listed]

    def _still(self, suspects: list[int], wait: float) -> list[int]:
        """Those that no list shows, that are in use, and that no list shows afterwards either."""
        if not suspects:
            return []
        self.pause(wait)
        left = self._unlisted(suspects)
        answers, _ = self.kernel.sweep(self.transport, left)
        busy = [port for port in left if answers.get(port) == BUSY]
        return self._unlisted(busy) if busy else []

    def _finding(self, port: int) -> Finding | None:
        """What else can be told of a hidden port; None where the kernel does not list enough to be sure."""
        accepted = self.kernel.accepts(port) if self.transport == "tcp" else None
        text = port in self.kernel.in_text(self.transport)
        if self.transport == "tcp" and not (self.kernel.lists_bound or accepted or text):
            if ("tcp", port) in self.held:
                return None
            why = "something is bound there and does not answer; this kernel does not list such sockets, Linux 6.8 does"
            self.gap(f"whether tcp port {port} is hidden", why, "look among the descriptors of processes, as root")
            return None
        return Finding(self.transport, port, self._addresses(port), accepted, text, ROUNDS + 1)

    def _addresses(self, port: int) -> tuple[str, ...]:
        """Where a bind conflicts: every address of a family where one that nobody has does, else those that do.

        Both families in full where nothing does any more, so that nothing looks safer than it is.
        """
        found: list[str] = []
        own = self.kernel.own()
        for wildcard, nobodys in WITNESSES.items():
            if self.kernel.bind(self.transport, port, nobodys) == BUSY:
                found.append(wildcard)
                continue
            family = [one for one in own if (":" in one) == (":" in nobodys)]
            found += [one for one in family if self.kernel.bind(self.transport, port, one) == BUSY]
        return tuple(found) or tuple(WITNESSES)

    def _say_what_was_refused(self, answers: dict[int, str], trouble: str) -> None:
        refused = sorted([port for port, answer in answers.items() if answer == REFUSED])
        if refused:
            span = str(refused[0]) if len(refused) == 1 else f"{refused[0]} to {refused[-1]}"
            what = f"whether {len(refused)} {self.transport} ports ({span}) are hidden"
            if len(refused) == 1:
                what = f"whether {self.transport} port {span} is hidden"
            self.gap(what, f"hb may not bind there: {trouble}", RIGHT)


def sweep(transport: str, ports: Iterable[int], address: str = "") -> tuple[dict[int, str], str]:
    """Bind to each port for a moment: BUSY or REFUSED for those that are not free, and the last refusal's reason.

    Without an address every address of both families is meant (of IPv4 where there is no IPv6).

    Four fifths of the time go into making and closing sockets, and none can be asked twice: after a bind that succeeds
    a socket keeps its port until it is closed, also through connect(AF_UNSPEC), as it was named and not chosen.
    Threads, and a second process, took as long on two busy cores.
    """
    kind = TRANSPORTS[transport][1]
    answers: dict[int, str] = {}
    trouble = ""
    make, both = _socket.socket, False
    family = _socket.AF_INET if address and ":" not in address else _socket.AF_INET6
    where = address or WILDCARD6
    one = None
    for port in ports:
        if one is None and both:
            try:
                one = make(family, kind)
            except OSError as error:
                raise CannotLook(f"no socket to ask with: {error.strerror}") from error
        elif one is None:
            both = not address and _takes_both(kind)
            family, where, one = _socket_for(kind, family, where, wild=not address)
        try:
            one.bind((where, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                answers[port] = BUSY
            else:
                answers[port], trouble = REFUSED, os.strerror(error.errno or 0)
        else:
            one.close()  # a socket that has a port keeps it until it is closed
            one = None
    if one is not None:
        one.close()
    return answers, trouble


def _takes_both(kind: int) -> bool:
    """Whether an IPv6 socket takes both families here without being told (net.ipv6.bindv6only is 0)."""
    try:
        one = _socket.socket(_socket.AF_INET6, kind)
    except OSError:
        return False
    try:
        return not one.getsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY)
    finally:
        one.close()


def _socket_for(kind: int, family: int, where: str, *, wild: bool) -> tuple[int, str, _socket.socket]:
    """A socket to bind with. Raises CannotLook where there is none."""
    try:
        one = _socket.socket(family, kind)
    except OSError as error:
        if wild and family == _socket.AF_INET6 and error.errno == errno.EAFNOSUPPORT:
            return _socket_for(kind, _socket.AF_INET, WILDCARD, wild=False)
        raise CannotLook(f"no socket to ask with: {error.strerror}") from error
    if family == _socket.AF_INET6:
        one.setsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY, 0 if wild else 1)
    if where in WITNESSES.values():
        one.setsockopt(*FREEBIND[family], 1)
    return family, where, one


def _ports(kernel: Netlink, family: int, protocol: int, port: int) -> set[int]:
    found: set[int] = set()

    def reader(sequence: int) -> Callable[[bytearray, int], bool]:
        nonlocal found
        one = PortReader(sequence)
        found = one.ports
        return one.feed

    kernel.feed(lambda sequence: port_rows.request(family, protocol, port, sequence), reader)
    return found


def _connects(address: str, port: int) -> bool:
    try:
        one = _socket.socket(_socket.AF_INET6 if ":" in address else _socket.AF_INET, _socket.SOCK_STREAM)
    except OSError:
        return False
    try:
        one.settimeout(CONNECT)
        one.connect((address, port))
    except OSError:
        return False
    else:
        return bool(one.getsockname()[:2] != one.getpeername()[:2])  # two ends of one socket: nobody was there
    finally:
        one.close()


def _packed(address: str) -> bytes:
    return _socket.inet_pton(_socket.AF_INET6 if ":" in address else _socket.AF_INET, address)
