"""IRC (RFC 2812, IRCv3): many servers say a NOTICE first, all answer CAP or PING before anybody has registered.

No NICK and no USER is sent, so nobody appears on the network; the version is told to registered users only.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "irc", tcp=(6667, 6668, 6669), tls=(6697,), speaks="either", names=("ircu", "ircs-u", "ircs", "ircd"), alpn=("irc",)
)
NUMERICS = (b"421", b"451", b"461", b"410", b"464", b"462")
VENDORS = (
    (b":BitlBee-IRCd ", "BitlBee"),
    (b" :Connection not registered", "ngIRCd"),
    (b"inspircd.org/", "InspIRCd"),
    (b"unrealircd.org/", "UnrealIRCd"),
    (b"ergo.chat/", "Ergo"),
    (b"solanum.chat/", "Solanum"),
)


def talk(peer: Peer) -> Talk:
    """Listen a moment, then CAP LS and PING in one breath."""
    heard = yield Ask(until=b"\n", wait=1)
    if heard and not _lines(heard) and not heard.startswith(b"ERROR :"):
        return None
    if heard.startswith(b"ERROR :") or b"ERROR :" in heard[:200]:
        return _named(heard, b"", b"") if b"Closing" in heard or b"link" in heard.lower() else None
    token = b"hb" + peer.nonce[:6].hex().encode()
    asked = b"CAP LS 302\r\nPING :" + token + b"\r\n"
    told = yield Ask(asked, until=lambda data: _is_whole(data, token))
    rows = _lines(told)
    if not any(_is_answer(row) for row in rows) or asked.startswith(told[:12]):
        return None
    return _named(heard, told, token)


def hint(reply: bytes) -> bool:
    """What a server says to a GET: that the command is not known, or that nobody has registered."""
    return any(row[1] in NUMERICS for row in _lines(reply))


def _named(heard: bytes, told: bytes, token: bytes) -> Identity:
    rows = [*_lines(heard), *_lines(told)]
    capabilities = b" ".join([row[-1] for row in rows if row[1] == b"CAP" and b"LS" in row])
    host = next((row[0] for row in rows if b"." in row[0] and row[0] != b"*"), b"")
    product = next((name for mark, name in VENDORS if mark in heard + told), "")
    echoed = any(row[1] == b"PONG" and token in row[-1] for row in rows) if token else False
    return Identity(
        "irc",
        product,
        hostname=text(host),
        proof="nonce" if echoed else "structure" if told else "banner",
        evidence=text((told or heard).split(b"\n")[0]),
        guarded=not told,
        facts=(("capabilities", text(capabilities)),) if capabilities.strip() else (),
    )


def _lines(data: bytes) -> list[list[bytes]]:
    """Messages as [prefix, command, parameters ...]; the prefix may be empty. What is no message is left out."""
    found = []
    for line in data.split(b"\n")[:60]:
        head, colon, last = line.rstrip(b"\r").partition(b" :")
        words = head.split(b" ")
        prefix = words.pop(0)[1:] if words[0][:1] == b":" else b""
        if words and (_is_command(words[0]) and (prefix or words[0] in (b"NOTICE", b"CAP", b"PONG", b"PING"))):
            found.append([prefix, *words, *([last] if colon else [])])
    return found


def _is_command(word: bytes) -> bool:
    return (len(word) == 3 and word.isdigit()) or (3 <= len(word) <= 12 and word.isalpha() and word.isupper())


def _is_answer(row: list[bytes]) -> bool:
    """CAP with its subcommand, PONG, or a numeric refusal, from a server."""
    return (row[1] == b"CAP" and b"LS" in row[2:4]) or (bool(row[0]) and row[1] in (b"PONG", *NUMERICS))


def _is_whole(data: bytes, token: bytes) -> bool:
    """Both questions have an answer, or one is there and the line has ended with a refusal."""
    rows = _lines(data) if data.endswith(b"\n") else []
    return any(row[1] in (b"PONG", b"451", b"421") or (token in row[-1] and row[1] != b"CAP") for row in rows)
