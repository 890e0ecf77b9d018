"""What became of the file that a process runs: still there, replaced, deleted, or never a file with a name.

The kernel writes " (deleted)" behind the name of an unlinked file, and a file may really be called so; the running
inode decides, never the text. Whether a replacement came from a package tells an update (restart the service) from
something else. It refuses to guess for kernel threads and what may not be read: the caller, who saw readlink fail,
knows which of the two it is.

Source: Linux fs/d_path.c (path_with_deleted), memfd_create(2), proc(5) on /proc/PID/exe.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from hb_engine.inventory.linux.packages import Packages

SUFFIX = " (deleted)"


@record
class Running:
    """`path` without the kernel's suffix; `state` one of model.owner.EXE_STATES; `detail` a phrase for a person."""

    path: str
    state: str
    detail: str = ""


def exe_state(link: str, running: os.stat_result, packages: Packages) -> Running:
    """The state of an executable.

    `link` is what readlink of /proc/PID/exe gave, `running` the stat through that link, `packages` those of the tree
    that the process lives in.
    """
    if _is(running, packages.root.stat(link)):
        return Running(link, "present")
    if not link.endswith(SUFFIX):
        return _elsewhere(link, running, packages)
    path = link[: -len(SUFFIX)]
    if path.startswith("/memfd:"):
        return Running(path, "memfd", "the program was never a file with a name: it was written into memory and run")
    there = packages.root.stat(path)
    if there is None:
        return _gone(path, packages)
    if _is(running, there):
        return Running(path, "present", "the file was deleted and linked to its name again")
    return _replaced(path, packages)


def _is(running: os.stat_result, there: os.stat_result | None) -> bool:
    return there is not None and (there.st_dev, there.st_ino) == (running.st_dev, running.st_ino)


def _elsewhere(link: str, running: os.stat_result, packages: Packages) -> Running:
    """A name that the kernel holds to be alive and that leads elsewhere from here."""
    if packages.root.stat(link) is None:
        return Running(link, "present", "its name is not visible from here: it lives in another file tree")
    if running.st_nlink == 0:
        return _replaced(link, packages)  # replaced between the two looks
    return Running(link, "replaced", "another file stands at its name: something is mounted over it")


def _gone(path: str, packages: Packages) -> Running:
    owner = packages.owner_of(path)
    if owner is None:
        return Running(path, "deleted", "nothing stands at its name now, and no package has such a file")
    return Running(path, "deleted", f"package {owner.name} {owner.version} has such a file, and it is missing")


def _replaced(path: str, packages: Packages) -> Running:
    owner = packages.owner_of(path)
    if owner is None:
        return Running(path, "replaced", "another file stands at its name now, which belongs to no package")
    new = f"package {owner.name} {owner.version} has brought another file since it was started"
    return Running(path, "replaced", f"{new}: restart it to run that one")
