"""Where hb keeps what is its own: data that a person fetched, and what it remembers (XDG Base Directory Specification).

The home is the effective user's: under sudo, HOME may still be somebody else's, where root's files have no business.
"""

from __future__ import annotations

import os

NAME = "hb-engine"


def data() -> str | None:
    """For fetched data; None where this user has no home."""
    return _folder("XDG_DATA_HOME", ".local/share")


def cache() -> str | None:
    """For what can be found out again; None where this user has no home."""
    return _folder("XDG_CACHE_HOME", ".cache")


def config() -> str | None:
    """For what a person decided; None where this user has no home."""
    return _folder("XDG_CONFIG_HOME", ".config")


def state() -> str | None:
    """For records of what was done; None where this user has no home. Root's are the machine's, among its logs."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and os.name == "posix" and not os.environ.get("XDG_STATE_HOME"):
        return os.path.join("/var/log", NAME)
    return _folder("XDG_STATE_HOME", ".local/state")


def history() -> str | None:
    """For what was seen; None where this user has no home. Root's is the machine's, among what programs keep."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and os.name == "posix" and not os.environ.get("XDG_STATE_HOME"):
        return os.path.join("/var/lib", NAME)
    return _folder("XDG_STATE_HOME", ".local/state")


def system() -> str:
    """For what the machine's administrator decided for all of its users."""
    return os.path.join("/etc", NAME)


def _folder(variable: str, beneath: str) -> str | None:
    chosen = os.environ.get(variable, "")
    if os.path.isabs(chosen) and _ours(chosen):
        return os.path.join(chosen, NAME)
    home = _home()
    return os.path.join(home, beneath, NAME) if home else None


def _home() -> str | None:
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE", "")
    if os.path.isabs(home) and _ours(home):
        return home
    if not hasattr(os, "geteuid"):
        return None
    import pwd  # only under sudo, or without HOME

    try:
        return pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        return None


def _ours(path: str) -> bool:
    """Whether a folder belongs to this user. One that does not exist yet is judged by what will hold it."""
    if not hasattr(os, "geteuid"):
        return True
    while path not in ("", "/"):
        try:
            return os.stat(path).st_uid == os.geteuid()
        except FileNotFoundError:
            path = os.path.dirname(path)
        except OSError:
            return False
    return os.geteuid() == 0
