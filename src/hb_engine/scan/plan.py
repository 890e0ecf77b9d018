"""What a scan will cost, before it costs it: questions, packets at most, bytes, seconds, memory; and when to ask first.

The figures are arithmetic on what was asked for. Where nobody can know (the loss on the way, how many hosts are there,
how many ports are open) the lower figure takes the kindest case and the upper one the harshest that the engines allow
themselves. Identifying what is open is not in the seconds: its cost is that of the open ports, which nobody knows yet.
Pure: nothing is asked, no clock is read.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan.pace import BLIND, GENTLE
from hb_engine.scan.words import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Above any of these a person is asked before anything is sent.
MANY_PROBES = 1_000_000
MANY_HOSTS = 4_096
MANY_SECONDS = 600.0

# Questions a second, where nothing answers and where everything does. The upper ones are assumptions about machines,
# not measurements: a plan names an order of magnitude.
PACES = {"packet": (BLIND, 500_000.0), "connect": (200.0, 5_000.0)}
SETTLE = 2.0  # seconds that are waited for late answers, once for each time that silence is asked again
FRAME = 64  # bytes of a SYN or a small UDP question on Ethernet: the least there is (IEEE 802.3)
UDP_FRAME = 110  # bytes of a question with a protocol's own payload, on average over those that hb sends
HANDSHAKE = 3  # packets that we send where a connection is made: SYN, ACK, and its end
STATE_BITS = 2  # kept of each question: what was answered
STATE_HOST = 200  # bytes kept of each host, whatever it says


@record
class Shard:
    """One of several parts of a scan, counted from 1: 2/8."""

    number: int = 1
    of: int = 1

    def covers(self, position: int) -> bool:
        """Whether the question at a position of the common order is this part's."""
        return position % self.of == self.number - 1

    def positions(self, total: int) -> range:
        """The positions of this part out of `total`."""
        return range(self.number - 1, total, self.of)


@record
class Plan:
    """What was asked for, and what it comes to. Bytes are those sent, on the wire; seconds are low and high."""

    hosts: int
    tcp: int
    udp: int
    engine: str
    probes: int
    packets: int
    octets: int
    seconds: tuple[float, float]
    state: int
    rate: float | None = None
    tries: int = 1
    identify: bool = True
    shard: Shard = Shard()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a person should say yes first; empty where nobody needs to."""
        found = []
        if self.hosts > MANY_HOSTS:
            found.append(f"{self.hosts:,} hosts are more than {MANY_HOSTS:,}")
        if self.probes > MANY_PROBES:
            found.append(f"{self.probes:,} questions are more than {MANY_PROBES:,}")
        if self.seconds[1] > MANY_SECONDS:
            found.append(f"it may take {duration(self.seconds[1])}, more than {duration(MANY_SECONDS)}")
        return tuple(found)

    @property
    def story(self) -> str:
        """The plan in a sentence."""
        ports = [
            f"{count:,} {name} port{'' if count == 1 else 's'}"
            for name, count in (("TCP", self.tcp), ("UDP", self.udp))
            if count
        ]
        part = f", part {self.shard.number} of {self.shard.of}" if self.shard.of > 1 else ""
        hosts = f"{self.hosts:,} host{'' if self.hosts == 1 else 's'}"
        low, high = map(duration, self.seconds)
        taking = low if low == high else f"{low} to {high}"
        more = ", and then what the open ones take to be identified" if self.identify else ""
        return (
            f"{' and '.join(ports)} of {hosts}{part}: {self.probes:,} questions, at most {self.packets:,} packets "
            f"({size(self.octets)}) by the {self.engine} engine, {taking}{more}"
        )


def plan(
    hosts: int,
    tcp: int,
    udp: int,
    *,
    engine: str = "packet",
    rate: float | None = None,
    tries: int = 3,
    gentle: bool = False,
    identify: bool = True,
    shard: Shard | None = None,
) -> Plan:
    """The cost of asking `tcp` and `udp` ports of each host. `rate` is a ceiling in questions a second.

    `tries` is how often silence is asked at most.
    """
    part = shard or Shard()
    total = hosts * (tcp + udp)
    probes = len(part.positions(total))
    share = probes / total if total else 0.0
    tcp_probes = round(hosts * tcp * share)
    udp_probes = probes - tcp_probes
    packets = (tcp_probes + udp_probes) * tries + (tcp_probes * (HANDSHAKE - 1) if engine == "connect" else 0)
    octets = packets * FRAME + udp_probes * tries * (UDP_FRAME - FRAME)
    slow, fast = (GENTLE.blind, GENTLE.most) if gentle else PACES.get(engine, PACES["connect"])
    if rate:
        slow, fast = min(slow, rate), rate
    seconds = (probes / fast, probes * tries / slow + SETTLE * tries) if probes else (0.0, 0.0)
    state = probes * STATE_BITS // 8 + min(hosts, probes) * STATE_HOST
    return Plan(hosts, tcp, udp, engine, probes, packets, octets, seconds, state, rate, tries, identify, part)


def confirmed(made: Plan, *, yes: bool) -> None:
    """Raise BadInput for a plan that a person should look at first, unless that person said yes."""
    if made.reasons and not yes:
        raise BadInput(f"{made.story}; {', '.join(made.reasons)}", "Say --yes if that is meant, or ask for less.")


def shard_of(text: str) -> Shard:
    """2/8 as the second of eight parts. Raises BadInput."""
    number, slash, of = text.partition("/")
    digits = [part.isascii() and part.isdigit() and len(part) <= 6 for part in (number, of)]
    if not slash or not all(digits):
        raise BadInput(f"{quoted(text)} is no part of a scan", "Type --shard 2/8 for the second of eight parts.")
    found = Shard(int(number), int(of))
    if not 1 <= found.number <= found.of:
        raise BadInput(f"{quoted(text)}: there is no part {int(number)} of {int(of)}", f"Parts go from 1 to {int(of)}.")
    return found


def duration(seconds: float) -> str:
    """Seconds as a plan tells them: less than a second, 40 seconds, 3 minutes, 5 hours, 2 days."""
    if seconds < 1:
        return "less than a second"
    steps: Sequence[tuple[float, float, str]] = ((90, 1, "second"), (5400, 60, "minute"), (129_600, 3600, "hour"))
    length, name = next(((length, name) for limit, length, name in steps if seconds < limit), (86400, "day"))
    count = round(seconds / length)
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def size(octets: float) -> str:
    """Bytes in binary units (IEC 80000-13)."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if octets < 1024:
            return f"{octets:.0f} {unit}"
        octets /= 1024
    return f"{octets:,.0f} TiB"
