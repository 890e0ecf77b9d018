"""Where files lie: which folders everyone may write to, whose home a path is in, which trees bring their own packages.

Paths are judged by their text, as the kernel gave them: nothing is opened, and links are not followed.
"""

from __future__ import annotations

# ruff: noqa: S108  # these folders are named to distrust what runs from them; nothing is written there

# Sticky and world-writable on Linux (file-hierarchy(7)), macOS (darwin's confstr folders) and Windows.
OPEN_TO_ALL = (
    *("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/var/lock", "/var/crash"),
    *("/private/tmp", "/private/var/tmp", "/Users/Shared"),
)
OF_ONE_USER = ("/run/user", "/var/run/user", "/var/folders", "/private/var/folders")
WINDOWS_OPEN = (r"c:\windows\temp", r"c:\users\public", r"c:\temp", r"c:\windows\tasks", r"c:\windows\tracing")
HOMES = ("/home/", "/Users/")
# Trees where another package manager than the system's puts whole, signed or root-owned images.
MANAGED = ("/snap/", "/nix/store/", "/gnu/store/", "/var/lib/flatpak/", "/var/lib/snapd/", "/ostree/")
SYSTEM = ("/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/")

# One look at the beginning of a path tells most of them apart from what this file knows.
NOTABLE = (*[f"{folder}/" for folder in (*OPEN_TO_ALL, *OF_ONE_USER)], *HOMES)


def is_notable(path: str) -> bool:
    """Whether a path can be in a temporary folder or in a home at all: a cheap question before the dear ones."""
    return path.startswith(NOTABLE) or path[1:2] == ":"


def writable_by_all(path: str) -> str:
    """The folder above a path that every user may write to, or ""."""
    folder = _above(path, OPEN_TO_ALL)
    return folder or _above(path.lower(), WINDOWS_OPEN, "\\")


def temporary_of_one(path: str) -> str:
    """The temporary folder of one user or session that a path lies in, or ""."""
    if "\\appdata\\local\\temp\\" in path.lower():
        return path[: path.lower().index("\\temp\\") + 5]
    return _above(path, OF_ONE_USER)


def home_of(path: str) -> str:
    """The user whose home folder a path lies in, or "". root's home is not asked about: root writes anywhere."""
    for homes in HOMES:
        if path.startswith(homes):
            user, slash, _ = path[len(homes) :].partition("/")
            return user if slash else ""
    return ""


def is_managed(path: str) -> bool:
    """Whether a path lies in a tree that brings its own packages (snap, nix, guix, flatpak, ostree)."""
    return path.startswith(MANAGED)


def is_system(path: str) -> bool:
    """Whether a path lies where only the system's packages put programs: /usr without /usr/local, /bin, /sbin, /lib."""
    return path.startswith(SYSTEM) and not path.startswith("/usr/local/")


def is_local(path: str) -> bool:
    """Whether a path lies where an administrator puts what no package brings: /usr/local and /opt (FHS 3.0)."""
    return path.startswith(("/usr/local/", "/opt/"))


def _above(path: str, folders: tuple[str, ...], separator: str = "/") -> str:
    for folder in folders:
        if path.startswith(folder + separator):
            return folder
    return ""
