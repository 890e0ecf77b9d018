"""What must not be asked: ports where any byte does harm, and probes that are too rough to be sent unasked.

A table with reasons, and the few questions about it. It refuses exceptions by guess: what a public register says of
port 9100 is no permission, since that register says it of every printer as well. Only who knows the machine
(Question.sure: a baseline, its owner) or who asked for the probe by name (Question.asked) may have bytes sent there.
Then one talk is carried over one connection, and nothing else: no GET, no TLS, no bundle.
Sources: HP PJL Technical Reference, RFC 2217 (raw serial ports), and the specifications named in the table.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hb_engine.identify.kit import Probe
    from hb_engine.identify.question import Question


@record
class Fragile:
    """Ports where a byte does harm, and which: `why` completes "nothing was sent, since ..."."""

    transports: tuple[str, ...]
    ports: tuple[range, ...]
    why: str


def _one(*ports: int) -> tuple[range, ...]:
    return tuple([range(port, port + 1) for port in ports])


PRINTED = "what is sent to a raw printing port is printed"
SERIAL = "a byte on a raw serial port reaches the device behind it, a console or a machine"
INDUSTRIAL = "controllers of machines have failed on bytes that they did not expect"

TABLE = (
    Fragile(("tcp",), (range(9100, 9108),), PRINTED),  # JetDirect and its multi-port print servers
    Fragile(("tcp",), _one(515), "line printer daemons take a byte for a command, and old ones hang on it"),  # RFC 1179
    Fragile(("tcp",), (range(2001, 2003), range(4001, 4005), range(10001, 10005)), SERIAL),  # ser2net, Moxa, Lantronix
    Fragile(("tcp",), _one(102), INDUSTRIAL),  # ISO-TSAP: S7, IEC 61850
    Fragile(("tcp", "udp"), _one(502), INDUSTRIAL),  # Modbus
    Fragile(("tcp",), _one(789), INDUSTRIAL),  # Red Lion Crimson
    Fragile(("tcp",), _one(1911), INDUSTRIAL),  # Niagara Fox
    Fragile(("tcp",), _one(2404), INDUSTRIAL + ", and may lose their only allowed master"),  # IEC 60870-5-104
    Fragile(("tcp",), _one(4840), INDUSTRIAL),  # OPC UA
    Fragile(("tcp", "udp"), _one(20000), INDUSTRIAL),  # DNP3
    Fragile(("tcp", "udp"), _one(44818), INDUSTRIAL),  # EtherNet/IP
    Fragile(("tcp", "udp"), _one(47808), INDUSTRIAL),  # BACnet
)
PRINTING = frozenset((515, 631, 9100))  # two of them open together are a printer, or a server for printers
ONCE = frozenset((("udp", 623),))  # management controllers are slow and few requests at a time confuse them: no retry


def fragile(transport: str, port: int) -> str:
    """Why no byte may be sent to this port, or an empty text."""
    for entry in TABLE:
        if transport in entry.transports and any(port in ports for ports in entry.ports):
            return entry.why
    return ""


def may_ask(probe: Probe, question: Question) -> bool:
    """Whether this probe may be sent to this port at all."""
    if probe.care == "never" or probe.unprovable:
        return False
    names = frozenset(name.lower() for name in (probe.name, *probe.names))
    if names & frozenset(name.lower() for name in question.asked):
        return True
    expected = bool(names & frozenset(name.lower() for name in question.expected))
    if fragile(question.transport, question.port):
        return question.sure and expected
    return probe.care == "safe" or expected


def prints(ports: Iterable[int]) -> bool:
    """Whether a host with these TCP ports open looks like a printer: then unknown ports are only listened to."""
    return len(PRINTING & frozenset(ports)) >= 2


def tries(transport: str, port: int, wanted: int) -> int:
    """How often a datagram may be sent: once where retries do harm."""
    return 1 if (transport, port) in ONCE else wanted


def reasons(questions: Collection[Question]) -> dict[str, int]:
    """For a plan that is shown before it runs: how many questions will be left unasked, by reason."""
    counted: dict[str, int] = {}
    for question in questions:
        why = fragile(question.transport, question.port)
        if why and not question.asked and not (question.sure and question.expected):
            counted[why] = counted.get(why, 0) + 1
    return counted
