"""What the process that serves gives up, once everything that it needs is loaded: root, capabilities, and the way back.

Whoever takes over this process by a fault in it has a user without files and without rights, cannot gain any by a
set-user-ID program, is no example for a core file or a debugger, and cannot have many descriptors. It refuses to go on
where anything of that did not hold: each step is tried against.

Sources: credentials(7), capabilities(7), prctl(2) (PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE, PR_CAP_AMBIENT), capget(2).
"""

from __future__ import annotations

import os
import sys

from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

USER = "nobody"
DESCRIPTORS = 1024
_DUMPABLE, _NO_NEW_PRIVS, _AMBIENT, _AMBIENT_CLEAR = 4, 38, 47, 4  # PR_*
_CAPABILITIES_3 = 0x20080522  # _LINUX_CAPABILITY_VERSION_3


@record
class Account:
    """Whom a process becomes."""

    name: str
    uid: int
    gid: int


def is_root() -> bool:
    """Whether there is anything of root's to give up."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def account(name: str) -> Account:
    """A user of this machine, by name or number. Raises BadInput for one that there is not, and for root."""
    import pwd  # there is none on Windows, and nothing to become

    try:
        found = pwd.getpwuid(int(name)) if name.isascii() and name.isdigit() else pwd.getpwnam(name)
    except (KeyError, OverflowError, ValueError):
        raise BadInput(
            f"this machine has no user {name!r}", "Name another with --user, or stay root: --no-drop."
        ) from None
    if found.pw_uid == 0:
        raise BadInput(f"{name} is root", "To stay root, say so: --no-drop.")
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def shut(keep: set[int]) -> None:
    """Close whatever else this process has been given: a file that the shell of whoever started it had open, say.

    What is closed is put on /dev/null, so that an object which still knows the number closes nothing of ours later.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/dev/fd"):
        descriptor = int(name)
        if descriptor not in keep and descriptor != null:
            try:
                os.fstat(descriptor)
                os.dup2(null, descriptor, inheritable=False)
            except OSError:  # it was the listing's own
                continue


def drop(to: Account | None) -> None:
    """Become another user (None: stay who one is), without any way back. Raises CannotLook where one is left."""
    libc, limits = _libc(), _limits()  # what they load may be out of reach afterwards
    os.umask(0o077)
    os.chdir("/")
    if to is not None:
        _become(to)
    if libc is not None:
        _bare(libc)
    if limits is not None:
        _limit(limits)


def _libc() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # once

    return ctypes.CDLL(None, use_errno=True)


def _limits() -> Any:
    try:
        import resource  # not on Windows
    except ImportError:
        return None
    return resource


def _become(to: Account) -> None:
    try:
        os.setgroups([])
        os.setgid(to.gid)  # root's: the real, the effective and the saved one
        os.setuid(to.uid)
    except OSError as error:
        raise CannotLook(
            f"hb could not become {to.name}: {error.strerror}",
            "Name another user with --user, or stay root: --no-drop.",
        ) from error
    if _numbers() != ({to.uid}, {to.gid}) or os.getgroups():
        raise CannotLook(f"hb became {to.name}, and something of root was left", "Please report this.")
    for back in (os.setuid, os.setgid):
        try:
            back(0)
        except OSError:
            continue
        raise CannotLook(f"hb became {to.name}, and could become root again", "Please report this.")


def _numbers() -> tuple[set[int], set[int]]:
    """Every user and every group that this process is, or could be again."""
    if hasattr(os, "getresuid"):
        return set(os.getresuid()), set(os.getresgid())
    return {os.getuid(), os.geteuid()}, {os.getgid(), os.getegid()}


def _bare(libc: Any) -> None:
    """No capability, no way to one, and no look into this process's memory but root's."""
    import ctypes  # loaded by _libc()

    libc.prctl(_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)  # refused by kernels that have none
    if os.getuid():  # root keeps its own: it would have them again by the next program
        header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
        libc.capset(header, ctypes.create_string_buffer(24))
    for what, value in ((_NO_NEW_PRIVS, 1), (_DUMPABLE, 0)):
        if libc.prctl(what, value, 0, 0, 0):
            raise CannotLook(f"prctl {what} was refused: {os.strerror(ctypes.get_errno())}", "Please report this.")
    left = status("CapPrm", "CapEff", "CapAmb")
    if os.getuid() and any(int(value, 16) for value in left.values()):
        raise CannotLook(f"capabilities are left: {left}", "Please report this.")


def _limit(resource: Any) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def status(*names: str) -> dict[str, str]:
    """Lines of /proc/self/status (proc_pid_status(5)); those that are not there are left out."""
    try:
        with open("/proc/self/status", encoding="utf-8", errors="replace") as file:
            pairs = [line.partition(":") for line in file]
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in pairs if name in names}
