"""Names for user numbers, without ever waiting for a directory server.

getpwuid() may ask LDAP, and a machine that is misbehaving is where that answer takes a minute. So names come from
files alone: /etc/passwd, and systemd's record of dynamic users. A number that stands in neither is answered as
itself; the number is the fact, the name a courtesy. Numbers of user namespaces are explained by uid_map and
/etc/subuid.

Sources: passwd(5), subuid(5), user_namespaces(7), systemd.exec(5) DynamicUser=.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.processes import slurp

LIMIT = 16 << 20  # a passwd file of a hundred thousand users is 8 MiB
NOBODY = 65534  # what the kernel shows for a user that this namespace has no number for

_names: dict[str, dict[int, str]] = {}


def name(uid: int | None, root: str = "/") -> str:
    """The name of a user, or its number as text; "" for None. The file is read once for each root."""
    if uid is None:
        return ""
    known = _names.get(root)
    if known is None:
        known = _names[root] = _read(root)
    return known.get(uid) or _dynamic(uid, root) or str(uid)


def forget() -> None:
    """Read /etc/passwd anew at the next question; for programs that run for days."""
    _names.clear()


def _read(root: str) -> dict[int, str]:
    try:
        return parse(slurp(os.path.join(root, "etc/passwd"), LIMIT))
    except OSError:
        return {}  # no file, no names: every user is answered as a number, which is true


def parse(data: bytes) -> dict[int, str]:
    """passwd(5) as number to name; the first name of a number counts, as for getpwuid(). Lines that are none are
    skipped.
    """
    names: dict[int, str] = {}
    for line in data.split(b"\n"):
        fields = line.split(b":", 3)
        if len(fields) == 4 and fields[2].isdigit() and fields[0] and fields[0][:1] not in b"#+-":
            names.setdefault(int(fields[2][:10]), fields[0].decode("utf-8", "surrogateescape"))
    return names


def _dynamic(uid: int, root: str) -> str:
    """systemd keeps a link from "direct:NUMBER" to the name of each dynamic user that is in use."""
    try:
        return os.readlink(os.path.join(root, f"run/systemd/dynamic-uid/direct:{uid}"))
    except OSError:
        return ""


def inner(uid: int, uid_map: bytes) -> int | None:
    """The number that a user of ours has inside the namespace of a /proc/PID/uid_map; None when it has none there."""
    for line in uid_map.splitlines():
        fields = line.split()
        if len(fields) == 3 and all(field.isdigit() for field in fields):
            inside, outside, count = (int(field[:10]) for field in fields)
            if outside <= uid < outside + count:
                return inside + uid - outside
    return None


def lender(uid: int, root: str = "/") -> str:
    """Whose subordinate number this is, by /etc/subuid; "" for nobody's."""
    try:
        lines = slurp(os.path.join(root, "etc/subuid"), LIMIT).splitlines()
    except OSError:
        return ""
    for line in lines:
        fields = line.split(b":")
        if len(fields) == 3 and fields[1].isdigit() and fields[2].isdigit():
            first, count = int(fields[1][:10]), int(fields[2][:10])
            if first <= uid < first + count:
                owner = fields[0]
                return name(int(owner[:10]), root) if owner.isdigit() else owner.decode("utf-8", "surrogateescape")
    return ""


def inside(pid: int, uid: int, proc: str = "/proc", root: str = "/") -> str:
    """What a user is within its own user namespace ("root in a user namespace of deploy"); "" where that is ours."""
    try:
        theirs, ours = slurp(f"{proc}/{pid}/uid_map"), slurp(f"{proc}/self/uid_map")
    except OSError:
        return ""
    number = inner(uid, theirs)
    if theirs.split() == ours.split() or number is None:
        return ""
    owner = lender(uid, root)
    within = "root" if number == 0 else f"uid {number}"
    return f"{within} in a user namespace" + (f" of {owner}" if owner else "")
