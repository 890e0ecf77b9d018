"""Telnet (RFC 854, 855): the server begins with IAC and asks for options; some just print a banner and "login:".

All that it asks is refused, as the standard allows anybody, so that it gets to its prompt; no name is ever entered.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("telnet", tcp=(23, 2323), tls=(992,), speaks="server", names=("telnets", "telnet-ssl"))
IAC, SB, SE, WILL, WONT, DO, DONT = 255, 250, 240, 251, 252, 253, 254
PROMPTS = (b"login:", b"username:", b"user name:", b"password:", b"user:", b"account:")
SYSTEMS = ("Debian GNU/Linux", "Ubuntu", "Red Hat", "CentOS", "Fedora", "Alpine Linux", "FreeBSD", "NetBSD", "Linux")
ROUNDS = 5


def talk(peer: Peer) -> Talk:
    """Listen; refuse every option; listen for the banner, a few times."""
    heard = yield Ask(until=_greeted)
    options, shown = _split(heard)
    if not options:
        return _named(shown, "pattern") if _is_login(shown) else None
    refused = b""
    for _ in range(ROUNDS):
        asked = [(verb, option) for verb, option in options[:40] if verb in (WILL, DO)]  # the others need no answer
        refusal = b"".join([bytes((IAC, DONT if verb == WILL else WONT, option)) for verb, option in asked])
        if _is_prompt(shown) or (refusal and refusal == refused):  # a server that insists gets no second answer
            break
        refused = refusal
        more = yield Ask(refusal, until=_is_further, wait=2)
        if not more:
            break
        options, further = _split(more)
        shown += further
    return _named(shown, "structure")


def _named(shown: bytes, proof: str) -> Identity:
    said = text(b" ".join(shown.split()))
    system = next((name for name in SYSTEMS if name in said), "")
    before, login, _ = said.rpartition(" login:")
    return Identity(
        "telnet",
        hostname=before.rpartition(" ")[2] if login else "",
        system=system,
        proof=proof,
        evidence=said or "IAC and options",
    )


def _split(data: bytes) -> tuple[list[tuple[int, int]], bytes]:
    """The commands (verb, option) in some bytes, and what is left to be shown."""
    options, shown, at = list[tuple[int, int]](), bytearray(), 0
    while at < len(data):
        if data[at] != IAC:
            shown.append(data[at])
            at += 1
            continue
        verb = data[at + 1] if at + 1 < len(data) else 0
        if WILL <= verb <= DONT and at + 2 < len(data):
            options.append((verb, data[at + 2]))
            at += 3
        elif verb == SB:
            end = data.find(bytes((IAC, SE)), at)
            at = end + 2 if end >= 0 else len(data)
        else:
            at += 2
    return options, bytes(shown).replace(b"\0", b"")


def _is_prompt(shown: bytes) -> bool:
    return shown.rstrip().lower().endswith(PROMPTS)


def _is_further(data: bytes) -> bool:
    """Options to refuse, or a prompt."""
    options, shown = _split(data)
    return bool(options) or _is_prompt(shown)


def _is_login(shown: bytes) -> bool:
    """A banner of nothing but text whose last words ask for a name."""
    return _is_prompt(shown) and len(shown) < 4096 and all(byte >= 32 or byte in b"\r\n\t\x1b\x07" for byte in shown)


def _greeted(data: bytes) -> bool:
    """Options, or a prompt, or bytes that are no text."""
    if data[:1] == b"\xff":
        return len(data) >= 3
    return _is_prompt(data) or any(byte < 32 and byte not in b"\r\n\t\x1b\x07\0" for byte in data)
