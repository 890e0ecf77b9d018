"""Files below a folder that were changed since a time: what their inodes say, since nobody keeps a log of that.

The last change of the content is its mtime; where that is older, the ctime tells that the file was put there, renamed,
or given other rights or owners. Anybody who owns a file can set its mtime back, and nobody its ctime.
"""

from __future__ import annotations

import os
import stat

from hb_engine.model.record import record

MOST = 50_000  # files that are looked at below one folder
DEEPEST = 8


@record
class Changed:
    """A file, beneath the root; `content` is whether its content changed then, or only that it was put there."""

    path: str
    at: float
    content: bool
    link: bool = False


def below(root: str, folder: str, since: float, leave: tuple[str, ...] = ()) -> tuple[list[Changed], bool]:
    """What changed below a folder, links not followed, and whether all of it was looked at.

    `leave` are folders and files that are passed over, as paths beneath the root.
    """
    found: list[Changed] = []
    waiting = [(folder, 0)]
    left = MOST
    while waiting:
        here, depth = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(root, here)))
        except OSError:
            continue
        for entry in sorted(entries, key=lambda one: one.name):
            path = f"{here}/{entry.name}"
            if path in leave:
                continue
            left -= 1
            if left < 0:
                return found, False
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(status.st_mode):
                waiting += [(path, depth + 1)] if depth < DEEPEST else []
            elif max(status.st_mtime, status.st_ctime) >= since and not stat.S_ISSOCK(status.st_mode):
                content = status.st_mtime >= since
                at = status.st_mtime if content else status.st_ctime
                found.append(Changed(path, at, content, stat.S_ISLNK(status.st_mode)))
    return found, True
