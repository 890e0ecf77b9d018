"""rpm's header: everything that rpm knows of one package, in the form that its databases keep.

A header is two big-endian counts (entries of the index, bytes of data), the index (tag, type, offset, count, 16 bytes
each) and the data. Files are three arrays that belong together: base names, folder names, and for each base name the
number of its folder; digests, modes, flags and states run beside them. Only what is asked for is read, since a kernel's
header has 7,000 files. It refuses bytes that end early, counts that cannot be, and arrays of unequal length.

Source: rpm's docs/manual/format_header.md, lib/header.c, include/rpm/rpmtag.h, include/rpm/rpmcrypto.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated
from hb_engine.model.record import record

MAX_ENTRIES = 0xFFFF  # HEADER_TAGS_MAX
MAX_DATA = 0x10000000  # HEADER_DATA_MAX
NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
FILESTATES, FILEMODES, FILEDIGESTS, FILEFLAGS = 1029, 1030, 1035, 1037
DIRINDEXES, BASENAMES, DIRNAMES, FILEDIGESTALGO = 1116, 1117, 1118, 5011
ALGORITHMS = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}  # RFC 4880, section 9.4
CONFIG, GHOST = 1 << 0, 1 << 6  # of FILEFLAGS
NORMAL, REPLACED, NOT_INSTALLED, NET_SHARED, WRONG_COLOUR = range(5)  # of FILESTATES

_COUNTS, _ENTRY = Struct("!II"), Struct("!iIiI")
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}  # CHAR, INT8, INT16, INT32, INT64
_LETTERS = {1: "B", 2: "B", 3: "H", 4: "I", 5: "Q"}
_STRING, _STRING_ARRAY, _I18N = 6, 8, 9


@record
class RpmFile:
    """A file as its package lists it. `digest` is hex, "" for none; `algorithm` one of hashlib's names, or ""."""

    path: bytes
    algorithm: str = ""
    digest: str = ""
    mode: int = 0
    flags: int = 0
    state: int = NORMAL

    @property
    def installed(self) -> bool:
        """Whether rpm put it there: not another architecture's, left out, or replaced by another package's."""
        return self.state in (NORMAL, NET_SHARED)

    @property
    def config(self) -> bool:
        """Whether its administrator may change it."""
        return bool(self.flags & CONFIG)

    @property
    def ghost(self) -> bool:
        """Whether the package only names it: a log, a file that a program makes."""
        return bool(self.flags & GHOST)


class Header:
    """One package's header. Raises Truncated where the bytes do not hold what they promise."""

    __slots__ = ("_data", "_end", "_index")

    def __init__(self, data: bytes) -> None:
        if len(data) < _COUNTS.size:
            raise Truncated(f"an rpm header of {len(data)} bytes")
        entries, size = _COUNTS.unpack_from(data)
        start = _COUNTS.size + entries * _ENTRY.size
        if not (0 < entries <= MAX_ENTRIES and size <= MAX_DATA and start + size <= len(data)):
            raise Truncated(f"an rpm header promises {entries} entries and {size} bytes, {len(data)} bytes are there")
        self._data, self._end = data, start + size
        self._index: dict[int, tuple[int, int, int]] = {}
        for tag, kind, offset, count in _ENTRY.iter_unpack(data[_COUNTS.size : start]):
            if offset >= 0:  # negative ones are the trailers of regions, which hold no data of their own
                self._index.setdefault(tag, (kind, start + offset, count))

    @property
    def name(self) -> str:
        """The package name."""
        return self.text(NAME)

    @property
    def version(self) -> str:
        """epoch:version-release, the epoch only where there is one."""
        epoch = self.numbers(EPOCH)
        version = f"{self.text(VERSION)}-{self.text(RELEASE)}"
        return f"{epoch[0]}:{version}" if epoch and epoch[0] else version

    def text(self, tag: int) -> str:
        """A string, "" where the header has none."""
        found = self.strings(tag)
        return found[0].decode("utf-8", "surrogateescape") if found else ""

    def strings(self, tag: int) -> list[bytes]:
        """A string, or an array of them; [] where the header has none."""
        kind, start, count = self._index.get(tag, (_STRING, 0, 0))
        if not count:
            return []
        if kind not in (_STRING, _STRING_ARRAY, _I18N):
            raise Truncated(f"tag {tag} of an rpm header is no text")
        if count > self._end - start:
            raise Truncated(f"tag {tag} of an rpm header promises {count} strings")
        parts = self._data[start : self._end].split(b"\0", count)
        if len(parts) <= count:
            raise Truncated(f"tag {tag} of an rpm header promises {count} strings, {len(parts) - 1} are there")
        return parts[:count]

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Unsigned integers of any width; () where the header has none."""
        kind, start, count = self._index.get(tag, (1, 0, 0))
        if not count:
            return ()
        if kind not in _WIDTHS:
            raise Truncated(f"tag {tag} of an rpm header holds no numbers")
        if count * _WIDTHS[kind] > self._end - start:
            raise Truncated(f"tag {tag} of an rpm header promises {count} numbers")
        found: tuple[int, ...] = Struct(f"!{count}{_LETTERS[kind]}").unpack_from(self._data, start)
        return found

    def files_called(self, basename: bytes) -> list[RpmFile]:
        """The files of that name, in whichever folders. Raises Truncated where the arrays do not fit together."""
        names = self.strings(BASENAMES)
        places = [at for at, name in enumerate(names) if name == basename]
        if not places:
            return []
        folders, numbers = self.strings(DIRNAMES), self.numbers(DIRINDEXES)
        if len(numbers) != len(names) or any(numbers[at] >= len(folders) for at in places):
            raise Truncated("the file names of an rpm header do not fit its folders")
        return [self._file(at, folders[numbers[at]] + basename, len(names)) for at in places]

    def _file(self, at: int, path: bytes, count: int) -> RpmFile:
        digests = self.strings(FILEDIGESTS)
        algorithm = self.numbers(FILEDIGESTALGO)
        if digests and len(digests) != count:
            raise Truncated("an rpm header has more or fewer digests than files")
        return RpmFile(
            path=path,
            algorithm=ALGORITHMS.get(algorithm[0], "") if algorithm else "md5",  # before rpm 4.6 there was only MD5
            digest=digests[at].decode("ascii", "replace").lower() if digests else "",
            mode=self._beside(FILEMODES, at, count),
            flags=self._beside(FILEFLAGS, at, count),
            state=self._beside(FILESTATES, at, count),
        )

    def _beside(self, tag: int, at: int, count: int) -> int:
        """A number of an array that runs beside the files; 0 where the header has none."""
        found = self.numbers(tag)
        if found and len(found) != count:
            raise Truncated(f"tag {tag} of an rpm header does not fit its files")
        return found[at] if found else 0
