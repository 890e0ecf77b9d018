"""A host as the engines know it, and what becomes of it: rows of codes into answers, and the many alike into ranges."""

from __future__ import annotations

from hb_engine.model.answer import Answer, Rest, ScannedHost
from hb_engine.model.record import record
from hb_engine.scan.board import is_open, meaning, ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.scan.board import Shape

GONE_NOTE = "this host stopped answering while it was asked: what was silent from then on is not known"
FEW = 25  # ports of one state that are listed one by one, as nmap does


@record
class Target:
    """An address to be asked: packed, as text, the names it was asked by, and the interface of a link-local one."""

    address: bytes
    text: str
    names: tuple[str, ...] = ()
    zone: int = 0


class Outcome:
    """What the engines found out about one target."""

    def __init__(self, target: Target, now: float) -> None:
        self.target, self.started_at, self.ended_at = target, now, now
        self.up: bool | None = None
        self.reason = ""
        self.rtt: float | None = None
        self.mac = ""
        self.notes: list[str] = []
        self.rows: dict[str, tuple[Sequence[int], bytes]] = {}  # by transport: the ports, and a code for each
        self.shapes: dict[tuple[str, int], Shape] = {}
        self.crowd: dict[str, frozenset[int]] = {}  # open ports that a middlebox or tarpit answers for

    def host(self) -> ScannedHost:
        """As evidence for everybody else."""
        answers, rest = list[Answer](), list[Rest]()
        for transport, (ports, codes) in self.rows.items():
            few, many = self._told(transport, ports, codes)
            answers += few
            rest += many
        answers.sort(key=lambda answer: (answer.port, answer.transport))
        return ScannedHost(
            self.target.text, self.target.names, self.up, self.reason, tuple(answers), tuple(rest),
            self.mac, self.rtt, tuple(self.notes), self.started_at, self.ended_at,
        )  # fmt: skip

    def _told(self, transport: str, ports: Sequence[int], codes: bytes) -> tuple[list[Answer], list[Rest]]:
        by_code: dict[int, list[int]] = {}
        for port, code in zip(ports, codes, strict=True):
            by_code.setdefault(code, []).append(port)
        answers, rest = list[Answer](), list[Rest]()
        for code, found in by_code.items():
            state, reason = meaning(code, transport)
            crowd = self.crowd.get(transport, frozenset()) if is_open(code) else frozenset()
            one_by_one = [port for port in found if port not in crowd]
            if len(one_by_one) > FEW and not is_open(code):
                one_by_one = []
            listed = set(one_by_one)
            alike = [port for port in found if port not in listed]
            if alike:
                rest.append(Rest(transport, state, reason, len(alike), ranges(alike)))
            answers += [Answer(transport, port, state, reason, self._ttl(transport, port)) for port in one_by_one]
        return answers, sorted(rest, key=lambda one: -one.count)

    def _ttl(self, transport: str, port: int) -> int | None:
        shape = self.shapes.get((transport, port))
        return shape.ttl if shape else None


def limit_note(rate: int, left: int, *, udp: bool) -> str:
    """What is said of a host that limits its refusals; `rate` is 0 where it was not measured, `left` are silent."""
    about = f"about {rate} a second" if rate else "so many a second and no more"
    if udp:
        return (
            f"this host limits its ICMP refusals ({about}): of {left} silent UDP ports it is not known which are closed"
        )
    return (
        f"this host limits its refusals ({about}): its open ports are known, of {left} silent ones it is not known "
        "whether they are closed or filtered"
    )


def broken_note(message: str) -> str:
    """What is said of a host that could not be asked to the end."""
    return f"this host was not asked to the end: {message}"
