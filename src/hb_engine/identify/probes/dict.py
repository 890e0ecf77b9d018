"""DICT (RFC 2229): the greeting is 220, text, capabilities and a message id in angle brackets (3.1).

Only the greeting is read. The message id would serve to log in with AUTH, which is never done.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.identify.lines import coded, host_of, product, reply, words
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("dict", tcp=(2628,), speaks="server", names=("dictd",))
REFUSALS = (420, 421, 530)
MARKS = (("dictd", "dictd", "cpe:/a:dict:dictd"), ("GNU dico", "GNU dicod", ""), ("dicod", "GNU dicod", ""))


def talk(peer: Peer) -> Talk:
    """Only listen."""
    code, lines = reply((yield Ask(until=coded)))
    said = words(lines)
    if code in REFUSALS and "dict" in said.lower():
        return Identity("dict", guarded=True, proof="banner", evidence=said)
    last = lines[-1].rsplit(b" ", 2) if lines else []
    if code != 220 or len(last) < 2 or not _is_bracketed(last[-1]) or b"@" not in last[-1]:
        return None
    name, version, cpe = product(said, MARKS)
    capabilities = last[-2] if _is_bracketed(last[-2]) else b""
    if not capabilities and not name:
        return None  # POP3 stamps its greetings alike, and so might others
    system = said.partition(" on ")[2].partition(" <")[0] if name == "dictd" else ""
    return Identity(
        "dict",
        name,
        version.partition("/")[0],
        info=f"capabilities {text(capabilities[1:-1])}" if capabilities else "",
        hostname=host_of(said, "dictd "),
        system=system,
        cpe=cpe,
        evidence=said,
    )


def _is_bracketed(word: bytes) -> bool:
    return len(word) > 2 and word[:1] == b"<" and word[-1:] == b">"
