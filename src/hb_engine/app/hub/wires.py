"""What goes between the processes of hb serve: frames, questions in one direction and answers in the other.

A frame is a length and a number, four bytes each (big endian), and as many bytes as the length says. Whoever serves
pages is trusted with nothing: what it asks is strict, small JSON, {"ask": name, "words": {name: value}}, and is never
unpickled. What comes back, and every sight, is pickled by a process of ours with more rights than its reader, over a
descriptor that the supervisor made. An error travels as its class, its message and its remedy. It refuses frames that
are larger than was agreed, and half a frame is the end of whoever wrote it.
"""

from __future__ import annotations

import os

from hb_engine.model import errors
from hb_engine.model.errors import BadInput, HbError, Truncated
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HEAD = 8  # bytes before a frame's own
LARGEST_QUESTION = 1 << 16  # bytes
LARGEST_ANSWER = 1 << 28
WORDS, ITEMS, LONGEST = 32, 256, 20_000  # words of a question, values of a list, characters of a text
WHOLE = 1 << 53  # numbers up to which JSON's readers agree
NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


@record
class Wires:
    """What the process that serves pages is left with: two sockets, over which descriptors come.

    Each process that looks is announced over `sights` by the reading end of its pipe, each that answers over
    `questions` by a socket to it; so that one which ends in the middle of a frame takes only its own stream along.
    """

    sights: int
    questions: int


# -- frames


def frame(number: int, body: bytes) -> bytes:
    """A frame's bytes."""
    return len(body).to_bytes(4, "big") + number.to_bytes(4, "big") + body


def head(data: bytes, most: int) -> tuple[int, int]:
    """(length, number) of the first HEAD bytes of a frame. Raises Truncated for one that is larger than `most`."""
    length = int.from_bytes(data[:4], "big")
    if length > most:
        raise Truncated(f"a frame of {length} bytes, where {most} are taken")
    return length, int.from_bytes(data[4:HEAD], "big")


def send(descriptor: int, number: int, body: bytes) -> None:
    """Write a frame whole, however long that takes. Raises OSError where nobody reads any more."""
    left = memoryview(frame(number, body))
    while left:
        left = left[os.write(descriptor, left) :]


def receive(descriptor: int, most: int) -> tuple[int, bytes] | None:
    """A frame's number and body, None where the other side has ended. Raises Truncated for half a frame."""
    first = _exactly(descriptor, HEAD)
    if not first:
        return None
    length, number = head(first, most)
    body = _exactly(descriptor, length)
    if len(first) < HEAD or len(body) < length:
        raise Truncated("the other side ended in the middle of a frame")
    return number, body


def _exactly(descriptor: int, length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


# -- questions


def question(name: str, words: dict[str, Any]) -> bytes:
    """A question as JSON. Raises BadInput for one that is too large, or holds what is no text, number or boolean."""
    import json  # only where pages are served

    try:
        body = json.dumps({"ask": name, "words": words}, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name!r} is asked with what is no word of a question: {error}", "") from error
    if len(body) > LARGEST_QUESTION:
        raise BadInput(f"the question is larger than {LARGEST_QUESTION} bytes", "Say it in fewer words.")
    return body


def asked(body: bytes) -> tuple[str, dict[str, Any]]:
    """A question's name and words. Raises BadInput for anything but a strict question."""
    import json  # as above

    if len(body) > LARGEST_QUESTION:
        raise _strange("it is too large")
    try:
        read = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _strange(f"it is no JSON ({type(error).__name__})") from error
    if not isinstance(read, dict) or set(read) != {"ask", "words"}:
        raise _strange("it has other members than ask and words")
    name, words = read["ask"], read["words"]
    if not _is_name(name) or not isinstance(words, dict) or len(words) > WORDS:
        raise _strange("its name or its words are none")
    for word, value in words.items():
        if not _is_name(word) or not _is_value(value):
            raise _strange("a word in it is neither text, number, boolean nor a list of them")
    return name, {word: tuple(value) if isinstance(value, list) else value for word, value in words.items()}


def _strange(why: str) -> BadInput:
    return BadInput(f"that is no question: {why}", "This is a fault of hb serve, or somebody tries it out.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and NAME.issuperset(value)


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= ITEMS and all(not isinstance(each, list) and _is_value(each) for each in value)
    if isinstance(value, str):
        return len(value) <= LONGEST
    if isinstance(value, (bool, type(None))):
        return True
    return isinstance(value, (int, float)) and abs(value) <= WHOLE


# -- answers


def answer(ask: Callable[[], Any]) -> bytes:
    """What a question comes to, as the body of a frame: its value, or the error that was raised.

    An error that nobody foresaw is written to standard error, and only said to have been.
    """
    try:
        return dumped(ask())
    except HbError as error:
        return refusal(error)
    except Exception:  # noqa: BLE001 -- whatever it is, whoever asks is told that there is no answer
        import sys  # what went wrong is for whoever runs hb, not for whoever asks
        from traceback import format_exc

        sys.stderr.write(format_exc())
        sys.stderr.flush()
        return refusal(fault())


def fault() -> HbError:
    """What is said where nobody foresaw what went wrong."""
    return HbError("hb has made a mistake while it answered", "The terminal that runs hb serve shows where.")


def dumped(value: Any) -> bytes:
    """A value as the body of a frame. Raises DataError for one that is too large."""
    import pickle  # from more rights to fewer, and never the other way

    body = pickle.dumps(("value", value), 5)
    if len(body) > LARGEST_ANSWER:
        raise errors.DataError(f"the answer is larger than {LARGEST_ANSWER} bytes", "Ask for less of it.")
    return body


def refusal(error: HbError) -> bytes:
    """An error as the body of a frame."""
    import pickle  # as above

    known = [one.__name__ for one in type(error).__mro__ if getattr(errors, one.__name__, None) is one]
    return pickle.dumps(("error", known[0], str(error.message), str(error.remedy)), 5)


def loaded(body: bytes) -> Any:
    """What an answer's body holds; an error in it is raised. Only for what a process of ours wrote."""
    import pickle  # as above

    kind, *rest = pickle.loads(body)  # noqa: S301 -- written by dumped() or refusal(), over a descriptor of our own
    if kind == "value":
        return rest[0]
    name, message, remedy = rest
    raise getattr(errors, name)(message, remedy)
