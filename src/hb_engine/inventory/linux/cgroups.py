"""Which unit and which container a cgroup path names, and which path a cgroup's number has.

The path is written by whoever manages cgroups (systemd, a container runtime), not by the process, and every user may
read it: it is the cheapest evidence of what something belongs to. It says where a process is now; a socket's cgroup
number says where its maker was. Nothing here reads a process or asks a daemon.

Sources: cgroups(7), systemd.unit(5) for escapes, the runtimes' cgroup managers for the shapes of container scopes.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.processes import slurp
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

UNITS = (".service", ".scope", ".socket", ".mount", ".swap", ".slice")
SCOPES = {  # prefix of NAME-<id>.scope, and of the :NAME:<id> form, to the runtime that writes it
    "docker": "docker",
    "libpod": "podman",
    "crio": "cri-o",
    "cri-containerd": "containerd",
    "nerdctl": "containerd",
    "containerd": "containerd",
    "buildkit": "docker",
}
PARENTS = {"docker": "docker", "ecs": "docker", "libpod_parent": "podman", "buildkit": "docker", "k8s.io": "containerd",
           "default": "containerd", "moby": "docker"}  # fmt: skip
HEX = frozenset("0123456789abcdef")
DEPTH = 24  # of the cgroup tree: deeper nesting is somebody's joke


@record
class Box:
    """A container as its cgroup names it. `runtime` is a guess: "" where the path does not tell (kubepods without a
    prefix).
    """

    runtime: str
    id: str
    pod_uid: str = ""  # Kubernetes: the pod's uid, with hyphens


def of(pid: int, proc: str = "/proc") -> str | None:
    """The cgroup path of a process; None when it is gone or has none."""
    try:
        return parse(slurp(f"{proc}/{pid}/cgroup"))
    except OSError:
        return None


def parse(data: bytes) -> str | None:
    """The path of a /proc/PID/cgroup: v2's, unless only v1's name=systemd (or another controller) has more to say.

    On a hybrid system v2 is often unused and everything is at "/" there.
    """
    unified = named = longest = None
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        number, first, rest = line.partition(":")
        controllers, second, path = rest.partition(":")
        if not (first and second and path.startswith("/")):
            continue
        path = path.removesuffix(" (deleted)")
        if number == "0" and not controllers:
            unified = path
        elif controllers == "name=systemd":
            named = path
        elif len(path) > len(longest or ""):
            longest = path
    for found in (unified, named, longest):
        if found and found != "/":
            return found
    return unified or named or longest


def unescape(text: str) -> str:
    r"""A unit name as a person wrote it: \xNN undone (systemd-escape). Escapes that are none stay as they are."""
    if "\\x" not in text:
        return text
    head, *rest = text.encode("utf-8", "surrogateescape").split(b"\\x")
    for piece in rest:
        try:
            head += bytes((int(piece[:2], 16),)) + piece[2:] if len(piece) >= 2 else b"\\x" + piece
        except ValueError:
            head += b"\\x" + piece
    return head.decode("utf-8", "surrogateescape")


def unit_of(path: str) -> str | None:
    """The unit that a path lies in; below a user's manager both: user@1000.service/app.slice/foo.service.

    Escapes are kept, as systemctl wants them. A slice is named only where nothing finer is; None outside of systemd.
    """
    parts = [part for part in path.split("/") if part.endswith(UNITS) and not part.startswith(".")]
    for place, part in enumerate(parts):
        if part.startswith("user@") and part.endswith(".service"):
            end = _finest(parts, place + 1)
            return "/".join(parts[place : end + 1]) if end is not None else part
    end = _finest(parts, 0)
    return parts[end] if end is not None else (parts[-1] if parts else None)


def _finest(parts: list[str], start: int) -> int | None:
    """The first unit that is no slice: what lies deeper is delegated, and no unit of this manager."""
    for place in range(start, len(parts)):
        if not parts[place].endswith(".slice"):
            return place
    return None


def lasting(unit: str | None) -> str | None:
    """The part of a unit's name that a restart does not change, for identities; None when nothing of it lasts.

    Scopes are made for one login or one container, run-NNN.service for one command, and the instance of an Accept=yes
    service (sshd@3-10.0.0.1:22-10.0.0.9:5000.service) for one connection: there the template is what lasts.
    """
    last = (unit or "").rpartition("/")[2]
    if not unit or (last.endswith(".scope") and last != "init.scope"):
        return None
    if last.endswith(".slice"):
        return None
    if last.startswith(("run-r", "run-u", "run-p", "dbus-:")) and any(letter.isdigit() for letter in last):
        return None
    prefix, at, instance = last.partition("@")
    if at and _is_connection(instance.removesuffix(".service")):
        return unit[: len(unit) - len(last)] + prefix + "@.service"
    return unit


def _is_connection(instance: str) -> bool:
    number, _, rest = instance.partition("-")
    return number.isdigit() and "-" in rest and all(letter in "0123456789abcdef.:_-%[]" for letter in rest)


def is_slice(unit: str | None) -> bool:
    """Whether this names only a slice, which groups units and started nothing."""
    return bool(unit) and str(unit).endswith(".slice")


def session_of(path: str) -> str | None:
    """The number of the login session whose scope a path lies in: 3 for session-3.scope, c1 for session-c1.scope."""
    for part in path.split("/"):
        if part.startswith("session-") and part.endswith(".scope"):
            return part[8:-6]
    return None


def user_of(path: str) -> int | None:
    """The user whose slice a path lies in: 1000 for user-1000.slice."""
    for part in path.split("/"):
        if part.startswith("user-") and part.endswith(".slice") and part[5:-6].isdigit():
            return int(part[5:-6][:10])
    return None


def is_delegated(path: str) -> bool:
    """Whether a user may make and name cgroups there: beneath that user's own manager, user@1000.service.

    A folder there that is called like a container, or like a unit of the machine's, is what the user calls it.
    """
    return any(part.startswith("user@") and part.endswith(".service") for part in path.split("/"))


def container_of(path: str) -> Box | None:
    """The container that a path lies in; the innermost where they are nested. Monitors (conmon) are in none."""
    parts = path.split("/")
    pod, found = "", None
    for place, part in enumerate(parts):
        pod = _pod_uid(part) or pod
        box = _box(part, parts[place - 1] if place else "", parts[1] if len(parts) > 1 else "", pod)
        if box:
            found = box
    return found


def _box(part: str, parent: str, top: str, pod: str) -> Box | None:
    if _is_id(part):
        if pod:
            return Box("", part, pod)
        runtime = PARENTS.get(parent) or PARENTS.get(top)
        return Box(runtime or "", part) if runtime or len(part) == 64 else None
    if part.startswith(("lxc.payload.", "lxc.payload/")):
        return Box("lxc", part[12:])
    if parent == "lxc" and part:
        return Box("lxc", part)  # LXC before version 4 on cgroup v1
    if parent == "garden" and part:
        return Box("garden", part)
    return _scope(part, pod) or _machine(part, parent)


def _scope(part: str, pod: str) -> Box | None:
    """docker-<id>.scope, cri-containerd-<id>.scope, crio-<id>; kubepods...slice:cri-containerd:<id>. Not
    ...-conmon-<id>.
    """
    for separator in "-:":
        prefix, _, name = part.removesuffix(".scope").rpartition(separator)
        prefix = prefix.rpartition(":")[2]
        if prefix in SCOPES and _is_id(name):
            return Box(SCOPES[prefix], name, pod)
    return None


def _machine(part: str, parent: str) -> Box | None:
    """systemd-nspawn@NAME.service, machine-NAME.scope. libvirt's virtual machines register as machine-qemu...: no
    container.
    """
    if part.startswith("systemd-nspawn@") and part.endswith(".service"):
        return Box("systemd-nspawn", unescape(part[15:-8]))
    if parent == "machine.slice" and part.startswith("machine-") and part.endswith(".scope"):
        name = unescape(part[8:-6])
        if name.startswith("lxc-"):
            return Box("lxc", name.split("-", 2)[-1])  # libvirt's LXC: machine-lxc-PID-NAME
        return None if name.startswith("qemu-") else Box("systemd-nspawn", name)
    return None


def _is_id(text: str) -> bool:
    """Container ids are 64 hexadecimal digits (docker, podman, CRI), 32 and a suffix in ECS tasks."""
    stem = text.partition("-")[0]
    return (
        len(stem) in (32, 64) and HEX.issuperset(stem) and (len(text) == len(stem) or text[len(stem) + 1 :].isdigit())
    )


def _pod_uid(part: str) -> str:
    """pod<uid>, or kubepods-burstable-pod<uid with underscores>.slice, also within slice:runtime:id."""
    stem = part.partition(":")[0].removesuffix(".slice")
    if "kubepods" in stem or part.startswith("pod"):
        _, found, uid = stem.rpartition("pod") if part.startswith("pod") else stem.rpartition("-pod")
        uid = uid.replace("_", "-")
        if found and len(uid.replace("-", "")) == 32 and HEX.issuperset(uid.replace("-", "")):
            return uid
    return ""


def mounted(root: str = "/sys/fs/cgroup") -> str:
    """Where cgroup v2 stands: the root itself, or "unified" beneath it on a hybrid system."""
    unified = os.path.join(root, "unified")
    return unified if os.path.isdir(unified) else root


def path_of_ids(ids: Iterable[int], root: str = "/sys/fs/cgroup") -> dict[int, str]:
    """Paths of cgroup numbers (INET_DIAG_CGROUP_ID), by reading the tree breadth first until all are found.

    A directory's inode number is the cgroup's number, and readdir gives it without a stat. What is missing in the
    answer was removed, or lies outside what this mount shows.
    """
    wanted, found = set(ids) - {0}, {}
    base = mounted(root)
    try:
        here = os.stat(base).st_ino
    except OSError:
        return {}
    if here in wanted:
        found[here] = "/"
    level = [""]
    for _ in range(DEPTH):
        if len(found) == len(wanted) or not level:
            break
        level = [deeper for path in level for deeper in _children(base, path, wanted, found)]
    return found


def _children(base: str, path: str, wanted: set[int], found: dict[int, str]) -> list[str]:
    deeper = []
    try:
        with os.scandir(base + path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below = f"{path}/{entry.name}"
                    deeper.append(below)
                    if entry.inode() in wanted:
                        found[entry.inode()] = below
    except OSError:
        return deeper  # removed while it was read: its sockets will be told "cgroup gone"
    return deeper
