"""What a person means who types 1703, tcp/1703, http, or some words of a description.

Every impossible port ends here, with a sentence that says why and what to type instead. This module refuses to look
anything up: whether a name exists is the registry's business, except that names with a slash ("cl/1") need to be
known before they can be told from a transport with a mistake in it ("abc/99").
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TRANSPORTS = ("tcp", "udp", "udplite", "sctp", "dccp", "mptcp")
LONGEST = 200  # characters of a question
EXAMPLES = "Type a port from 1 to 65535, tcp/1703, a service name such as https, or words of a description."
PORTS = "Type a port from 1 to 65535."
TRANSPORT_REMEDY = "The transports are tcp, udp, udplite, sctp, dccp and mptcp: type tcp/1703 or 1703/tcp."


@record
class Query:
    """What was asked. `kind` is port (with `port`), name or words (with `text`); `transport` None means any.

    MPTCP is asked as tcp: it is registered, and seen, as TCP.
    """

    kind: str
    port: int | None = None
    transport: str | None = None
    text: str = ""


def parse(text: str, is_name: Callable[[str], bool] = lambda _: False) -> Query:
    """A question from one argument of the command line, or several joined with spaces.

    `is_name` tells whether a text is a registered name; it is asked only about texts with a slash.
    Raises BadInput for what cannot be a port, a name, or words.
    """
    asked = text.strip(" ")
    _refuse_unprintable(asked)
    if " " in asked:
        return Query("words", text=" ".join(asked.split()))
    if "/" in asked:
        return _with_transport(asked, is_name)
    port = _number(asked)
    return Query("name", text=asked) if port is None else Query("port", port=port)


def port_of(text: str) -> int:
    """A port of 1 to 65535, where nothing but a number will do. Raises BadInput."""
    _refuse_unprintable(text.strip(" "))
    port = _number(text.strip(" "))
    if port is None:
        raise BadInput(f"{_quoted(text)} is not a port", PORTS)
    return port


def _with_transport(asked: str, is_name: Callable[[str], bool]) -> Query:
    """tcp/1703, 1703/tcp, tcp/http, http/tcp."""
    left, _, right = asked.partition("/")
    for transport, rest in ((left.lower(), right), (right.lower(), left)):
        if transport in TRANSPORTS:
            if not rest:
                raise BadInput(f"{_quoted(asked)} names a transport and no port", "Type the port as well: tcp/1703.")
            spoken = "tcp" if transport == "mptcp" else transport
            port = _number(rest)
            return Query("name", None, spoken, rest) if port is None else Query("port", port, spoken)
    if is_name(asked):
        return Query("name", text=asked)
    wrong = right if left.isdigit() else left
    if not wrong:
        raise BadInput(f"{_quoted(asked)} lacks a transport before or after its slash", TRANSPORT_REMEDY)
    raise BadInput(f"{_quoted(wrong)} is not a transport, in {_quoted(asked)}", TRANSPORT_REMEDY)


def _number(text: str) -> int | None:
    """A port, or None for text that is not meant as a number. Raises BadInput for numbers that are no port."""
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit()):
        if _is_range(text):
            raise BadInput(f"{_quoted(text)} is a range of ports", "Ask for one port at a time, such as 6000.")
        return None
    if text[0] in "+-":
        raise BadInput(f"{_quoted(text)} is not a port: ports are numbers without a sign", PORTS)
    if len(digits.lstrip("0")) > 5 or int(digits) > 65535:
        raise BadInput(f"{_quoted(text)} is not a port: a port has 16 bits, so the highest is 65535", PORTS)
    if int(digits) == 0:
        raise BadInput(
            "port 0 is reserved by IANA and can be neither reached nor bound: who binds it is given another port",
            "Type a port from 1 to 65535.",
        )
    return int(digits)


def _is_range(text: str) -> bool:
    low, dash, high = text.partition("-")
    return bool(dash) and all(part.isascii() and part.isdigit() for part in (low, high))


def _refuse_unprintable(text: str) -> None:
    if not text:
        raise BadInput("nothing was asked", EXAMPLES)
    if len(text) > LONGEST:
        raise BadInput(f"{_quoted(text)} is longer than {LONGEST} characters", EXAMPLES)
    if not text.isprintable():
        raise BadInput(f"{_quoted(text)} holds characters that cannot be printed", EXAMPLES)


def _quoted(text: str) -> str:
    """Text that may stand in a message: Python's repr escapes everything that a terminal could obey."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
