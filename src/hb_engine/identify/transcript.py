"""A conversation as text: how captured answers of real servers are kept, and replayed to a talk without a network.

    # redis-server 7.0.15 (Debian 12), captured
    peer tcp 6379 host=hb.invalid nonce=30313233343536373839616263646566 now=1700000000
    > b'PING\\r\\n'
    < b'+PONG\\r\\n'
    = redis | Redis key-value store | 7.0.15 |

`>` is what the talk sends (b'' when it only listens), `<` the reply, with how it ended behind it where it was not whole
(silent, closed, reset, limit). `starttls VERSION` and `starttls refused`, `reconnect yes` and `reconnect no` stand for
the other commands. `=` is name | product | version | info; `= none` where the talk says that this is not its protocol.
The first comment says what answered, and whether that was captured or built from a specification.
It refuses to run anything: the tests replay, tools/capture.py records.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Reply, StartTls
from hb_engine.model.errors import DataError
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Command

ENDINGS = ("silent", "closed", "reset", "limit")
NONCE = b"0123456789abcdef"  # of all captures, so that a talk sends now what it sent then
NOW = 1700000000


@record
class Turn:
    """One command of the talk, and what came back: a Reply, a Tls or None, or a bool."""

    kind: str  # ask, starttls, reconnect
    sent: bytes = b""
    reply: Reply | Tls | bool | None = None


@record
class Transcript:
    """A conversation with its outcome: name, product, version, info; () for none."""

    source: str
    peer: Peer
    turns: tuple[Turn, ...]
    outcome: tuple[str, ...]


def read(content: str) -> Transcript:
    """A transcript from its text. Raises DataError with the line that cannot be read."""
    source, peer, turns, outcome = "", None, list[Turn](), None
    for number, line in enumerate(content.splitlines(), 1):
        kind, _, rest = line.partition(" ")
        if kind == "#":
            source = source or rest
        elif kind == "peer":
            peer = _peer(rest)
        elif kind == "=":
            outcome = () if rest == "none" else tuple([part.strip() for part in rest.split("|")])
        elif kind == ">":
            turns.append(Turn("ask", _literal(rest)))
        elif kind == "<" and turns and turns[-1].kind == "ask":
            turns[-1] = Turn("ask", turns[-1].sent, _reply(rest))
        elif kind == "starttls":
            turns.append(Turn("starttls", reply=None if rest == "refused" else Tls(rest, how="starttls")))
        elif kind == "reconnect":
            turns.append(Turn("reconnect", reply=rest == "yes"))
        elif line.strip():
            raise DataError(f"line {number} of a transcript cannot be read: {line[:80]!r}", "See transcript.py.")
    if peer is None or outcome is None:
        raise DataError("a transcript has no peer, or no outcome", "See transcript.py.")
    return Transcript(source, peer, tuple(turns), outcome)


def write(source: str, peer: Peer, turns: list[Turn], named: Identity | None) -> str:
    """The text of a conversation."""
    lines = [
        f"# {source}",
        f"peer {peer.transport} {peer.port} host={peer.host} nonce={peer.nonce.hex()} now={peer.now}"
        + (" tls" if peer.tls else ""),
    ]
    for turn in turns:
        if turn.kind == "ask" and isinstance(turn.reply, Reply):
            lines += [f"> {turn.sent!r}", f"< {bytes(turn.reply)!r} {turn.reply.ended}".rstrip()]
        elif turn.kind == "starttls":
            lines.append(f"starttls {turn.reply.version if isinstance(turn.reply, Tls) else 'refused'}")
        else:
            lines.append(f"reconnect {'yes' if turn.reply else 'no'}")
    return "\n".join([*lines, f"= {' | '.join(outcome_of(named)) or 'none'}", ""])


def outcome_of(named: Identity | None) -> tuple[str, ...]:
    """What a transcript keeps of an identity."""
    return (named.name, named.product, named.version, named.info) if named else ()


def turn_of(command: Command, reply: Reply | Tls | bool | None) -> Turn:
    """A command and its reply, as a turn."""
    if isinstance(command, Ask):
        return Turn("ask", command.send, reply)
    return Turn("starttls" if isinstance(command, StartTls) else "reconnect", b"", reply)


def differs(turn: Turn, command: Command) -> str:
    """What is different between a turn of a transcript and what a talk wants now; empty if nothing is."""
    kind = "ask" if isinstance(command, Ask) else "starttls" if isinstance(command, StartTls) else "reconnect"
    if kind != turn.kind:
        return f"the talk wants {kind}, the transcript has {turn.kind}"
    if isinstance(command, Ask) and command.send != turn.sent:
        return f"the talk sends {command.send!r}, the transcript has {turn.sent!r}"
    return ""


def _peer(rest: str) -> Peer:
    transport, port, *options = rest.split()
    told = dict(option.partition("=")[::2] for option in options)
    return Peer(
        transport, told["host"], int(port), bytes.fromhex(told["nonce"]), "tls" in told, int(told.get("now", NOW))
    )


def _reply(rest: str) -> Reply:
    literal, _, ended = rest.rpartition(" ")
    if ended in ENDINGS:
        return Reply.of(_literal(literal), ended)
    return Reply.of(_literal(rest))


def _literal(text: str) -> bytes:
    """A bytes literal as repr writes it."""
    import ast  # only tests and the recorder read transcripts

    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise DataError(f"not a bytes literal: {text[:60]!r}", "See transcript.py.") from error
    if not isinstance(value, bytes):
        raise DataError(f"not a bytes literal: {text[:60]!r}", "See transcript.py.")
    return value
