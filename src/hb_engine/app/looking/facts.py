"""The digests of what runs behind this machine's openings, for hb.lock and for rules that pin them.

The bytes are read through /proc/PID/exe, so they are those of the running program, whatever stands at its path by now.
A digest is remembered as long as the file's stat stays the same, except where a rule pins it: there the bytes are read
again (inventory/linux/packages/digest.py says what a stat cannot show). It refuses to read for ever: as many
executables as a busy server has, and no more bytes than a person waits for.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.inventory.linux.memo import Memo
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

MOST = 1000  # executables
BUDGET = 8 << 30  # bytes that are read for one look
ALGORITHM = "sha256"


def digests(
    openings: Iterable[Opening],
    *,
    pinned: frozenset[str] = frozenset(),
    root: str = "/proc",
    memo: Memo | None = None,
    now_ns: Callable[[], int] = time.time_ns,
) -> dict[str, str]:
    """The sha256 of each opening's executable, by the opening's key; what cannot be read is left out.

    `pinned` are the keys whose bytes are read though they are remembered. Elsewhere than on Linux it is empty.
    """
    try:
        from hb_engine.inventory.linux.memo import Memo
        from hb_engine.inventory.linux.packages.digest import digest_of, identity, settled
    except ImportError:  # no /proc to read through
        return {}
    kept = Memo(folders.cache(), "digests") if memo is None else memo
    reader = _Reader(identity, settled, digest_of, kept, now_ns)
    found = {}
    for opening in openings:
        for owner in _main(opening):
            value = reader.of(f"{root}/{owner}/exe", fresh=opening.key in pinned)
            if value:
                found[opening.key] = value
    kept.save()
    return found


def digest(owner: Owner, root: str = "/proc") -> str:
    """The sha256 of what one owner runs, read now; "" where it cannot be."""
    try:
        from hb_engine.inventory.linux.packages.digest import digest_of

        return digest_of(f"{root}/{owner.pid}/exe", ALGORITHM)[0]
    except (ImportError, OSError):  # another system, another's process, or one that is gone
        return ""


def _main(opening: Opening) -> tuple[int, ...]:
    """The pid of the owner that facts are of, as baseline/facts.py chooses it."""
    from hb_engine.baseline.facts import main  # the rooms meet here

    owner = main(opening)
    return (owner.pid,) if owner and owner.exe and owner.exe_state != "kernel" else ()


class _Reader:
    """Digests of files, each read once."""

    def __init__(
        self,
        identity: Callable[[os.stat_result], str],
        settled: Callable[[os.stat_result, int], bool],
        digest_of: Callable[[str, str], tuple[str, os.stat_result]],
        memo: Memo,
        now_ns: Callable[[], int],
    ) -> None:
        self._identity, self._settled, self._digest_of = identity, settled, digest_of
        self._memo, self._now_ns = memo, now_ns
        self._read: dict[str, str] = {}  # in this look, by the file's identity
        self._left = BUDGET

    def of(self, path: str, *, fresh: bool) -> str:
        """The digest of what stands at a path; "" where it cannot be read, or enough was."""
        try:
            found = os.stat(path)
        except OSError:
            return ""
        known = self._identity(found)
        if known in self._read:
            return self._read[known]
        remembered = None if fresh else self._memo.get(ALGORITHM, known)
        value = self._read[known] = remembered or self._fresh(path, found.st_size)
        return value

    def _fresh(self, path: str, size: int) -> str:
        if size > self._left or len(self._read) >= MOST:
            return ""
        self._left -= size
        try:
            value, after = self._digest_of(path, ALGORITHM)
        except OSError:
            return ""
        if self._settled(after, self._now_ns()):
            self._memo.put(ALGORITHM, self._identity(after), value)
        return value
