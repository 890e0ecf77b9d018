"""Results that were written before, by hb or by other scanners, read back as a Scan: one format, one file.

A reader is a module in readers/ with FORMAT, a declaration; claims(head), whether the first bytes look like its format;
and read(data). The folder is listed, so that adding one touches that file and its test. The format is told by the
content, never by a file's name. A file that breaks off is read as far as it goes, and the Scan says that it is not
complete; a file that is wrong is DataError, with the place. No file's content raises anything else.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hb_engine.model.answer import Scan
    from hb_engine.scan.fields import Format

    class Reader(Protocol):
        """A file of readers/."""

        FORMAT: Format
        claims: Callable[[bytes], bool]
        read: Callable[[bytes], Scan]


LARGEST = 1 << 28  # bytes: 65,536 hosts with 4 KiB each
HEAD = 4096  # bytes that a reader sees to tell its format by


def read(data: bytes) -> Scan:
    """The scan that is in these bytes. Raises DataError for what no reader claims, and for what is broken."""
    if len(data) > LARGEST:
        raise DataError(f"the file has {len(data)} bytes, more than {LARGEST}", "Split the scan by hosts.")
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise DataError("the file is empty", "A scanner that was interrupted may have written nothing.")
    for reader in readers():
        if reader.claims(head):
            return reader.read(data)
    known = ", ".join([reader.FORMAT.title for reader in readers()])
    raise DataError("the file is in no format that hb reads", f"It reads {known}.")


def readers() -> list[Reader]:
    """Every reader, by name."""
    from pkgutil import iter_modules  # 8 ms, once a file

    from hb_engine.scan import readers as folder

    names = sorted([module.name for module in iter_modules(folder.__path__)])
    return [__import__(f"{folder.__name__}.{name}", fromlist=("FORMAT",)) for name in names]
