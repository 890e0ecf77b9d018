"""Looking for many files in many lists of paths, each list read once and let go.

dpkg and pacman keep one text file per package with a path on each line: 700 to 3,000 files, 7 to 40 MB. Lines are found
by the last part of the path, because a package may list a file under another folder than the one it now stands in;
whether a line is the file is the manager's to say. For a few names bytes.find goes through all lists at memory speed
(4 ms for 7 MB); for more of them the lines are split once and each looked up (21 ms for any number).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

FEW = 4


def lines_ending(lists: Iterable[tuple[str, bytes]], basenames: Collection[bytes]) -> Iterator[tuple[str, bytes]]:
    """(label, line) for every line of every list whose part behind the last slash is one of the basenames.

    A line cannot hold a line feed, so a basename with one, and an empty one, is never found; nor is a line without a
    slash, which is no path of a file in a folder.
    """
    wanted = frozenset(name for name in basenames if name and b"\n" not in name and b"/" not in name)
    if not wanted:
        return
    search = _each if len(wanted) <= FEW else _all
    for label, data in lists:
        for line in search(data, wanted):
            yield label, line


def _each(data: bytes, wanted: frozenset[bytes]) -> Iterator[bytes]:
    if not data.endswith(b"\n"):
        data += b"\n"
    for name in wanted:
        end_of_line = b"/%s\n" % name
        at = data.find(end_of_line)
        while at >= 0:
            yield data[data.rfind(b"\n", 0, at) + 1 : at + len(end_of_line) - 1]
            at = data.find(end_of_line, at + 1)


def _all(data: bytes, wanted: frozenset[bytes]) -> list[bytes]:
    return [line for line in data.split(b"\n") if line.rpartition(b"/")[2] in wanted and b"/" in line]
