"""Every scan leaves a record: who, when, from where, what, on whose allowance, and how it ended.

One line of JSON for each event (start, end), appended in a single write and forced to disk, so that what was asked can
be told even after a power cut. Root's is /var/log/hb-engine/scan.ndjson, a person's is in the state folder. A file that
grows over its limit is kept once as scan.ndjson.1. A record that cannot be written is a gap that is told, and stops
nothing. It refuses to follow symbolic links, to write where others may, and to record what was answered.
"""

from __future__ import annotations

import os

from hb_engine.model.inventory import Gap
from hb_engine.model.record import record
from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.scan.scope import Allowed

NAME = "scan.ndjson"
LIMIT = 10 << 20  # bytes of a file before it is put aside
MOST_RANGES, MOST_WORDS, LONGEST = 256, 64, 200  # of one record; what is left out is counted
TAIL = 1 << 20  # bytes that are read to show the last records
_FLAGS = (
    os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
) | getattr(os, "O_NONBLOCK", 0)
_OTHERS_MAY_WRITE = 0o022
REMEDY = "Make the folder yours alone, and make room there."


@record
class Who:
    """Who asked. `sudo` is the person behind root, where sudo was used."""

    user: str = ""
    uid: int | None = None
    sudo: str = ""
    terminal: str = ""
    pid: int = 0
    host: str = ""


def who(environment: dict[str, str]) -> Who:
    """The person and terminal behind this process, as far as the system tells."""
    uid = os.getuid() if hasattr(os, "getuid") else None
    user = environment.get("USER") or environment.get("USERNAME") or environment.get("LOGNAME", "")
    if uid is not None:
        try:
            import pwd  # not on Windows

            user = pwd.getpwuid(uid).pw_name
        except (ImportError, KeyError):
            user = str(uid)
    host = os.uname().nodename if hasattr(os, "uname") else environment.get("COMPUTERNAME", "")
    return Who(user, uid, environment.get("SUDO_USER", ""), _terminal(), os.getpid(), host)


def started(scan: str, at: float, by: Who, allowed: Allowed, **what: Any) -> dict[str, Any]:
    """The record of a beginning. `scan` names it; `what` takes words, ports, engine, sources and the like."""
    ranges = [str(one) for one in allowed.addresses.ranges[:MOST_RANGES]]
    lines = [f"{line.place} {line.what}" for line in allowed.lines]
    return {
        "event": "start",
        "scan": scan,
        "at": at,
        "who": {name: getattr(by, name) for name in ("user", "uid", "sudo", "terminal", "pid", "host")},
        "hosts": allowed.addresses.count,
        "ranges": ranges,
        "ranges_left_out": len(allowed.addresses.ranges) - len(ranges),
        "refused": len(allowed.refused),
        "allowed_by": _bounded(lines),
        **{name: _bounded(value) if isinstance(value, (list, tuple)) else value for name, value in what.items()},
    }


def ended(scan: str, at: float, outcome: str, **counts: Any) -> dict[str, Any]:
    """The record of an end: complete, interrupted or failed, with counts."""
    return {"event": "end", "scan": scan, "at": at, "outcome": outcome, **counts}


def append(folder: str | None, event: dict[str, Any], limit: int = LIMIT) -> Gap | None:
    """Write a record, or say why there is none. Raises nothing that a disk or a right can cause."""
    if folder is None:
        return Gap("the record of this scan", "there is no folder to keep it in", "Set XDG_STATE_HOME.")
    line = document(lambda quoting: value(_plain(event), quoting)).encode()
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        _check_folder(folder)
        _write(folder, line, limit)
    except OSError as error:
        return Gap("the record of this scan", f"{os.path.join(folder, NAME)}: {error.strerror or error}", REMEDY)
    return None


def last(folder: str | None, count: int) -> tuple[dict[str, Any], ...]:
    """The last records, the oldest first; lines that are none are left out. Empty where there is no record."""
    import json  # as above

    found: list[dict[str, Any]] = []
    for name in (NAME, f"{NAME}.1"):
        if folder is None or len(found) >= count:
            break
        rows = []
        for line in _tail(os.path.join(folder, name)):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue  # half a line: the disk was full, or the file was cut
            if isinstance(row, dict):
                rows.append(row)
        found = rows + found
    return tuple(found[-count:]) if count > 0 else ()


def _plain(event: Any) -> Any:
    """An event as what JSON has: whole seconds, and text for whatever has no other form."""
    if isinstance(event, dict):
        return {str(name): _plain(each) for name, each in event.items()}
    if isinstance(event, (list, tuple)):
        return [_plain(each) for each in event]
    if isinstance(event, float):
        return int(event)
    return event if event is None or isinstance(event, (str, int)) else str(event)


def _bounded(words: Iterable[Any]) -> list[str]:
    kept = [str(word)[:LONGEST] for word in words]
    return kept if len(kept) <= MOST_WORDS else [*kept[:MOST_WORDS], f"and {len(kept) - MOST_WORDS} more"]


def _write(folder: str, line: bytes, limit: int) -> None:
    """Append in one write, under a lock, so that two scans never put the same file aside."""
    path = os.path.join(folder, NAME)
    while True:
        descriptor = os.open(path, _FLAGS, 0o600)
        try:
            found = os.fstat(descriptor)
            _check(found, 0o100000, "it is no plain file that is yours alone")
            _lock(descriptor)
            if not _is_still(path, found):
                continue  # another scan put it aside while we waited
            if found.st_size and os.fstat(descriptor).st_size + len(line) > limit:
                os.replace(path, f"{path}.1")
                continue
            written = os.write(descriptor, line)
            if written != len(line):
                raise OSError(28, "the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return


def _lock(descriptor: int) -> None:
    try:
        import fcntl  # not on Windows, where a record may be put aside twice in the same instant
    except ImportError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(path: str, found: os.stat_result) -> bool:
    try:
        now = os.lstat(path)
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)


def _check_folder(folder: str) -> None:
    _check(os.lstat(folder), 0o040000, "it is no plain folder that is yours alone")


def _check(found: os.stat_result, kind: int, told: str) -> None:
    """Raise OSError unless it is of that kind, ours, and only ours to write (where the system knows owners)."""
    ours = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE)
    if found.st_mode & 0o170000 != kind or not ours:
        raise OSError(1, told)


def _tail(path: str) -> list[bytes]:
    """The last lines of a file, whole ones only."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return []
    with open(descriptor, "rb", buffering=0) as file:
        if os.fstat(descriptor).st_mode & 0o170000 != 0o100000:
            return []
        start = max(0, file.seek(0, 2) - TAIL)
        file.seek(start)
        lines = (file.read(TAIL) or b"").splitlines()
    return lines[1:] if start else lines


def _terminal() -> str:
    for number in (0, 1, 2):
        try:
            return os.ttyname(number)
        except (OSError, AttributeError):
            continue
    return ""
