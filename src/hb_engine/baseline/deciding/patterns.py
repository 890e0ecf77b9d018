"""Patterns of rules, compiled once: `*` stands for any letters, `?` for one; everything else for itself.

No regular expression is needed for most of them, and none that can take longer than its text is long: a pattern of
stars is a list of parts, found one after the other. Brackets mean nothing here: units and paths have them in names.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[str], bool]


def is_plain(pattern: str) -> bool:
    """Whether a pattern stands for one text only: itself."""
    return "*" not in pattern and "?" not in pattern


def glob(pattern: str, *, fold: bool = False) -> Test:
    """A test of whole texts. `fold` takes capital and small letters for the same."""
    if fold:
        inner = glob(pattern.casefold())
        return lambda text: inner(text.casefold())
    if is_plain(pattern):
        return lambda text: text == pattern
    if "?" in pattern:
        return lambda text: _slow(pattern, text)
    head, *middle, tail = pattern.split("*")
    middle = [part for part in middle if part]
    if middle:
        return lambda text: _parts(text, head, middle, tail)
    length = len(head) + len(tail)
    return lambda text: len(text) >= length and text.startswith(head) and text.endswith(tail)


def _parts(text: str, head: str, middle: list[str], tail: str) -> bool:
    if not text.startswith(head) or not text.endswith(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return at <= end


def _slow(pattern: str, text: str) -> bool:
    """Letter by letter; after a mismatch the last star takes one letter more. At most len(pattern) * len(text)."""
    at = here = 0
    star, mark = -1, 0
    while at < len(text):
        if here < len(pattern) and pattern[here] == "*":
            star, mark, here = here, at, here + 1
        elif here < len(pattern) and pattern[here] in ("?", text[at]):
            at, here = at + 1, here + 1
        elif star >= 0:
            mark += 1
            at, here = mark, star + 1
        else:
            return False
    return not pattern[here:].strip("*")


def path(pattern: str) -> Test:
    """A test of paths: a pattern without a slash is held against the file's name alone.

    Paths of Windows (with a drive or backslashes) are compared without regard to case, and to which way slashes lean.
    """
    wanted = pattern.replace("\\", "/")
    whole = "/" in wanted
    exact, folded = glob(wanted), glob(wanted, fold=True)

    def test(text: str) -> bool:
        text = text.removesuffix(" (deleted)")  # proc(5): the file was unlinked; what runs is still that file
        foreign = "\\" in text or text[1:2] == ":"
        text = text.replace("\\", "/") if foreign else text
        if not whole:
            text = text[text.rfind("/") + 1 :]
        return folded(text) if foreign else exact(text)

    return test


SUFFIXES = (".service", ".socket", ".scope", ".slice", ".mount", ".timer", ".target", ".device", ".path", ".swap")


def unit(pattern: str) -> Test:
    """A test of systemd units: without a suffix a service is meant; a user's unit needs a pattern with a slash.

    Whoever has an account may run a unit of any name beneath user@1000.service, nginx.service too: it is no unit of
    the machine's, and `unit:nginx` does not mean it. `unit:user@1000.service/*/dev.service` does,
    and so does `unit:*`, which is any unit at all.
    """
    named = pattern.endswith((*SUFFIXES, "*"))
    test = glob(pattern if named else f"{pattern}.service")
    if not pattern.strip("*"):
        return test
    users = "/" in pattern
    return lambda text: ("/" in text) is users and test(text)
