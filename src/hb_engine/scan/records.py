"""JSON objects one after the other, however they are set apart: lines, an array's commas and brackets, or neither.

The record that a file breaks off in is told as such; anything else that is no object is DataError with its line. It
refuses what Python's parser takes beyond RFC 8259 (NaN, Infinity), and nesting deeper than results have.
"""

from __future__ import annotations

from hb_engine.scan.fields import wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

BETWEEN = " \t\r\n,[]"
OLD_END = "{finished: 1}"  # masscan before 1.0.4
DEEPEST = 40  # levels of nesting: a certificate in a service of a port of a host has nine


def records(data: bytes) -> Iterator[tuple[dict[str, Any], int, bool]]:
    """Each object with its line, from 1, and whether it is whole; one that is not is the last, and empty."""
    from json import JSONDecoder  # a file is read once

    text = decoded(data)
    decoder = JSONDecoder(parse_constant=_constant)
    at, line, counted = _past(text, 0), 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith(OLD_END, at):
            at = _past(text, at + len(OLD_END))
            continue
        found, end = _one(decoder, text, at, line)
        yield found, line, end > 0
        if end < 0:
            return
        at = _past(text, end)


def document(data: bytes) -> Any:
    """The one JSON value that a file is. Raises DataError."""
    from json import JSONDecodeError, loads  # a file is read once

    try:
        return loads(decoded(data), parse_constant=_constant)
    except JSONDecodeError as error:
        raise wrong(f"line {error.lineno}", "this is not JSON, or breaks off") from error
    except (ValueError, RecursionError) as error:
        raise wrong("the file", "this is no JSON that hb reads") from error


def decoded(data: bytes) -> str:
    """UTF-8, a byte order mark dropped; bytes that are none are kept as the kernel's names are (surrogateescape)."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _one(decoder: Any, text: str, at: int, line: int) -> tuple[dict[str, Any], int]:
    """An object and where it ends; -1 for one that the text breaks off in."""
    try:
        found, end = decoder.raw_decode(text, at)
    except RecursionError as error:
        raise wrong(f"line {line}", "nests deeper than results do") from error
    except ValueError as error:  # JSONDecodeError, and numbers of too many digits
        if text[at] == "{" and _is_cut(text, at):
            return {}, -1
        raise wrong(f"line {line}", "this is not a JSON object") from error
    if not isinstance(found, dict):
        raise wrong(f"line {line}", "this is not a JSON object")
    return found, end


def _is_cut(text: str, at: int) -> bool:
    """Whether the text ends before the braces and quotes that it opened are closed."""
    depth, quoted, skip = 0, False, False
    for character in text[at:]:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = character == "\\", character != '"'
        elif character == '"':
            quoted = True
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if not depth:
                return False
    return True


def _past(text: str, at: int) -> int:
    while at < len(text) and text[at] in BETWEEN:
        at += 1
    return at


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
