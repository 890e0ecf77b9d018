"""The packages that pages need (the extra `hub`): where they are, and what to do where they are not.

hb runs without site-packages (-I -S), so that no user's variable or folder decides what root imports. In a checkout
`make hub` installs them beside hb, into .venv, by hashes; they are taken from there only where nobody but the owner of
hb's own files, or root, could have put anything else there. It refuses such a folder otherwise, and says which.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from hb_engine.model.errors import CannotLook

NEEDED = ("babel", "jinja2", "litestar", "msgspec", "uvicorn")
TOP = os.path.abspath(__file__)
for _ in range(5):  # guard, web, faces, hb_engine, and what that is in
    TOP = os.path.dirname(TOP)


def missing() -> list[str]:
    """The packages that cannot be imported."""
    return [name for name in NEEDED if find_spec(name) is None]


def find(source: str = TOP) -> None:
    """Have the packages importable; `source` is the folder that hb_engine is in. Raises CannotLook with what to do."""
    lacking = missing()
    if not lacking:
        return
    checkout = os.path.dirname(source)
    told = f"hb serve needs packages that are not here: {', '.join(lacking)}"
    if not (os.path.basename(source) == "src" and os.path.isfile(os.path.join(checkout, "hb"))):
        raise CannotLook(told, "Install hb with what its pages need: pip install 'hb-engine[hub]'.")
    folder = site(os.path.join(checkout, ".venv"))
    if not os.path.isdir(folder):
        raise CannotLook(told, _how(checkout))
    unsafe = strange(folder, checkout)
    if unsafe:
        raise CannotLook(f"hb serve does not load packages from {folder}: {unsafe}", "Then type make hub.")
    sys.path.append(folder)
    lacking = missing()
    if lacking:
        sys.path.remove(folder)
        raise CannotLook(f"{folder} lacks {', '.join(lacking)}", f"Type make hub in {checkout}.")


def _how(checkout: str) -> str:
    if os.path.isdir(os.path.join(checkout, ".venv")):
        return f".venv is another Python's. Type make clean hub PYTHON={sys.executable} in {checkout}."
    return f"Type make hub in {checkout}: it installs them there, into .venv, and nowhere else."


def site(environment: str) -> str:
    """Where an environment of this Python has its packages (venv)."""
    if os.name == "nt":
        return os.path.join(environment, "Lib", "site-packages")
    return os.path.join(environment, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")


def strange(folder: str, checkout: str) -> str:
    """What in a checkout's folder others could have written, and what to type; empty where nobody could.

    Others are all but root and the owner of the checkout, whose code runs here anyhow. What is not a plain file or
    folder (a link, say) leads elsewhere, and is refused.
    """
    if not hasattr(os, "getuid"):
        return ""  # Windows: who may write there is for its access lists to say, as with Python itself
    owner = os.stat(os.path.join(checkout, "src", "hb_engine")).st_uid
    way = [folder]
    while way[-1] != checkout and way[-1] != os.path.dirname(way[-1]):
        way.append(os.path.dirname(way[-1]))
    for path in way:
        found = _written(path, os.lstat(path), owner)
        if found:
            return found
    return _within(folder, owner)


def _within(folder: str, owner: int) -> str:
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                found = _written(entry.path, entry.stat(follow_symlinks=False), owner)
                if found:
                    return found
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return ""


def _written(path: str, found: os.stat_result, owner: int) -> str:
    from stat import S_ISDIR, S_ISREG  # only where a checkout's own packages are taken

    if found.st_uid not in (0, owner):
        return f"{path} belongs to another user (uid {found.st_uid}); take it away"
    if not (S_ISDIR(found.st_mode) or S_ISREG(found.st_mode)):
        return f"{path} is no plain file, and leads elsewhere; take it away"
    if found.st_mode & 0o002 or (found.st_mode & 0o020 and not _is_private(found.st_gid, found.st_uid)):
        return f"{path} can be written by others; chmod -R go-w {path}"
    return ""


def _is_private(gid: int, uid: int) -> bool:
    """Whether a group is its owner's alone, as many systems make one for each user."""
    import grp
    import pwd

    try:
        name, group = pwd.getpwuid(uid).pw_name, grp.getgrgid(gid)
    except KeyError:
        return False
    others = [one.pw_uid for one in pwd.getpwall() if one.pw_gid == gid and one.pw_uid != uid]
    return group.gr_name == name and set(group.gr_mem) <= {name} and not others
