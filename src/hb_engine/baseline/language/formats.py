"""One file of the baseline, from its text to a tree of values with places, by the format that its name ends in.

A format is a module in readers/; the folder is listed. It refuses what is larger, deeper or of another kind than people
write, each with a message that says so.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import Mistake, Node, Source, Tree
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from hb_engine.baseline.language.nodes import Format, Inside

    class Reader(Protocol):
        """A file of readers/. `inside` is where a format can tell places inside of a text."""

        FORMAT: Format
        read: Callable[[str], Tree]
        inside: Inside


LARGEST = 1 << 20  # characters of a file
_READERS: list[Reader] = []


@record
class File:
    """A file that was read: its text with places, its values (None: nothing could be read), and what is wrong."""

    source: Source
    root: Node | None
    mistakes: tuple[Mistake, ...] = ()


def opened(name: str, text: str) -> File:
    """A file of this name and text. Never raises."""
    text = text.removeprefix("\ufeff").replace(
        "\r\n", "\n"
    )  # a mark that editors on Windows write, and their line ends
    reader = reader_of(name)
    if reader is None:
        told = Mistake("the name ends in no format that hb reads", 0, f"It reads {', '.join(endings())}.", "format")
        return File(Source(name, text), None, (told,))
    source = Source(name, text, reader.inside, reader.FORMAT.name)
    if len(text) > LARGEST:
        told = Mistake(
            f"this file is larger than {LARGEST >> 20} MiB", 0, "Split it; hb reads all files of hb.d.", "too-large"
        )
        return File(source, None, (told,))
    if "\0" in text:
        at = text.index("\0")
        told = Mistake(
            "there is a zero byte here", at, "This is no text file, or it was written in UTF-16: save it as UTF-8."
        )
        return File(source, None, (told,))
    tree = reader.read(text)
    return File(source, tree.root, tree.mistakes)


def reader_of(name: str) -> Reader | None:
    """The reader of a file's name; None for a name that is no baseline's."""
    lower = name.lower()
    return next((one for one in readers() if lower.endswith(one.FORMAT.endings)), None)


def endings() -> tuple[str, ...]:
    """How names of files end that are read."""
    return tuple([ending for one in readers() for ending in one.FORMAT.endings])


def readers(names: Iterable[str] = ()) -> list[Reader]:
    """Every reader, by name. Whoever may look into folders says their modules' names first, which saves 12 ms."""
    if not _READERS:
        from hb_engine.baseline.language import readers as folder

        listed = sorted(names) or _names(folder.__path__)
        _READERS.extend([__import__(f"{folder.__name__}.{name}", fromlist=("FORMAT",)) for name in listed])
    return _READERS


def _names(paths: Iterable[str]) -> list[str]:
    from pkgutil import iter_modules  # 12 ms; nothing here may list a folder by itself

    return sorted([module.name for module in iter_modules(paths)])
