"""Raw printing (JetDirect) on TCP 9100: the printer's name, asked in HP's Printer Job Language (INFO ID).

Dangerous: what is no PJL printer prints whatever it gets. So it is asked only where a person said that this is a
printer, and never anywhere else.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "hp-pjl",
    tcp=(9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107),
    names=("jetdirect", "pdl-datastream", "hp-pdl-datastr"),
    care="asked",
    anywhere=False,
)
EXIT = b"\x1b%-12345X"  # universal exit language: ends what came before, and begins PJL
START = b"@PJL INFO ID"


def talk(peer: Peer) -> Talk:
    """INFO ID between two exits, so that nothing is left in the printer."""
    reply = bytes((yield Ask(EXIT + b"@PJL INFO ID\r\n" + EXIT, until=b"\x0c", wait=4)))
    place = reply.find(START)
    if place < 0 or reply[:place].strip(EXIT) or reply.endswith(EXIT):  # an echo ends as our question does
        return None
    line = reply[place + len(START) :].lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r\x0c")
    return Identity("hp-pjl", text(line.strip(b'"')), device="printer", evidence=f"@PJL INFO ID {text(line)}".strip())
