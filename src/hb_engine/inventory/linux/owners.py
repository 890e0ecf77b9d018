"""The people of the story: one Owner for each process that holds an opening.

Facts that many processes share are read once: the executable (by its inode and file system), the cgroup (by the
kernel's own sharing of it), the parents. Packages are asked for all executables at once. A process that ends while it
is read gives no owner; the caller says so.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import ancestry, cgroups, processes, scripts, users
from hb_engine.inventory.linux.census import KERNEL_THREAD
from hb_engine.inventory.linux.units import Units
from hb_engine.model.owner import Container, Owner
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.inventory.linux.census import Census, Row
    from hb_engine.inventory.linux.memo import Memo
    from hb_engine.inventory.linux.packages import Packages
    from hb_engine.model.inventory import Gap
    from hb_engine.model.owner import Ancestor, Hold, Origin, Package


@record
class Facts:
    """What is read of one process before its package is known. `mount` is its mount namespace, 0 for hb's own."""

    pid: int
    ppid: int
    comm: str
    uid: int | None
    started_at: float | None
    kthread: bool
    exe: processes.Exe | None
    cmdline: tuple[str, ...]
    cgroup: str | None
    mount: int
    crowd: object  # equal for processes in the same cgroups


class People:
    """Owners, each made once. `fresh` reads every digest again instead of remembering it.

    A process that the kernel's own table has and /proc has not has usually just ended. On a second look it has not:
    with `insist` it is then told as far as the kernel knows it, for something keeps it out of /proc.
    """

    def __init__(self, census: Census, memo: Memo | None = None, *, fresh: bool = False, insist: bool = False) -> None:
        self.insist = insist
        self.census = census
        self.memo = memo
        self.fresh = fresh
        self.gaps: dict[Gap, None] = {}
        self.sources: dict[str, None] = {}
        self.threads: dict[int, int] = {}  # of processes whose first thread may have ended: one that lives
        self._boot = processes.boot_time()
        self._mount = _inode("/proc/self/ns/mnt")
        self._user = _inode("/proc/self/ns/user")
        self._exes: dict[tuple[int, int, int], processes.Exe] = {}
        self._cgroups: dict[object, str | None] = {}
        self._parents: dict[int, tuple[Ancestor, ...]] = {}
        self._origins: dict[object, Origin] = {}
        self._places: dict[str, tuple[str | None, Container | None]] = {}
        self._owners: dict[int, Owner | None] = {}
        self._packages: dict[tuple[int, str], Package | None] = {}
        self._verified: dict[tuple[object, ...], Package | None] = {}
        self._rooms: dict[int, Packages] = {}
        self._scripts: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self._origin = ancestry.Origins(units=Units())
        self._walked = ancestry.lookup_in()

    def meet(self, pids: Iterable[int]) -> None:
        """Read these processes and their packages, all at once."""
        read = [found for pid in pids if pid not in self._owners and (found := self._read(pid))]
        facts = [self._seen_from_here(one) for one in read]
        self._ask_packages(facts)
        for one in facts:
            self._owners[one.pid] = self._make(one)

    def owner(self, pid: int, holds: tuple[Hold, ...] = ()) -> Owner | None:
        """The owner with this pid; None when it has ended."""
        if pid not in self._owners:
            self.meet([pid])
        found = self._owners.setdefault(pid, None)
        return replace(found, holds=holds) if found and holds else found

    def place(self, cgroup: str | None) -> tuple[str | None, Container | None]:
        """The unit and the container of a cgroup's path."""
        if not cgroup:
            return None, None
        if cgroup not in self._places:
            self._places[cgroup] = (cgroups.lasting(cgroups.unit_of(cgroup)), self._container(cgroup))
        return self._places[cgroup]

    def _container(self, cgroup: str) -> Container | None:
        box = cgroups.container_of(cgroup)
        if box is None:
            return None
        from hb_engine.inventory.linux import containers  # a machine without containers does not pay for them

        found, gap = containers.resolve(box.runtime, box.id, pod=box.pod_uid)
        if gap:
            self.gaps[gap] = None
        return _of_user(found, cgroup)

    def _read(self, pid: int) -> Facts | None:
        row = self.census.row(pid)
        return self._from_row(pid, row) if row else self._from_proc(pid)

    def _from_row(self, pid: int, row: Row) -> Facts | None:
        _, _, parent, uid, flags, _, _, mount, start, crowd, inode, device, comm = row
        alive = pid if inode else self.threads.get(pid, pid)  # /proc/TID shows what its leader no longer has
        exe = self._exe(pid, (inode, device, mount)) if inode else processes.exe(alive)
        cmdline = processes.cmdline(alive)
        if (exe is None or cmdline is None) and not self.insist:
            return None
        return Facts(
            pid,
            parent,
            _text(comm),
            uid,
            processes.started_at(processes.ticks_of(start), self._boot),
            bool(flags & KERNEL_THREAD),
            exe,
            cmdline or (),
            self._cgroup(alive, crowd),
            mount if mount not in (self._mount, 0) else 0,
            crowd,
        )

    def _from_proc(self, pid: int) -> Facts | None:
        found = processes.read(pid)
        if found is None:
            return None
        alive = pid if found.exe_link or found.kthread else self.threads.get(pid, pid)
        ticks, mount = found.started_ticks, _inode(f"/proc/{alive}/ns/mnt")
        cgroup = self._cgroup(alive, pid)
        return Facts(
            pid=pid,
            ppid=found.ppid,
            comm=found.comm,
            uid=found.uid,
            started_at=processes.started_at(ticks, self._boot) if ticks is not None else None,
            kthread=found.kthread,
            exe=processes.exe(alive),
            cmdline=found.cmdline or processes.cmdline(alive) or (),
            cgroup=cgroup,
            mount=mount if mount and mount != self._mount else 0,
            crowd=cgroup,
        )

    def _seen_from_here(self, one: Facts) -> Facts:
        """A process in another mount namespace, by what its executable's path leads to on the machine itself.

        Where that is the same file, nothing differs. Where it is not, and a user could have made the namespace (it lies
        in a user namespace, and no container of the machine's), every path in it and its package lists are that user's
        word: a file bound over /usr/sbin/nginx, a list of packages with its digest. Its state is then "elsewhere".
        """
        exe = one.exe
        if not one.mount or exe is None or exe.path is None or exe.state not in ("present", "replaced", "deleted"):
            return one
        if _stands_at(exe.path, exe):
            return replace(one, mount=0)
        if self._is_of_the_machine(one):
            return one
        return replace(one, exe=replace(exe, state="elsewhere"))

    def _is_of_the_machine(self, one: Facts) -> bool:
        """Whether only root can have made the mount namespace of a process."""
        if _inode(f"/proc/{one.pid}/ns/user") == self._user:
            return True
        path = one.cgroup or ""
        return cgroups.container_of(path) is not None and not cgroups.is_delegated(path)

    def _exe(self, pid: int, key: tuple[int, int, int]) -> processes.Exe | None:
        known = self._exes.get(key)
        if known is None:
            known = processes.exe(pid)
            if known is not None:
                self._exes[key] = known
        return known

    def _cgroup(self, pid: int, key: object) -> str | None:
        if key not in self._cgroups:
            self._cgroups[key] = cgroups.of(pid)
        return self._cgroups[key]

    # -- packages ----------------------------------------------------------------------------------------------------

    def _ask_packages(self, facts: list[Facts]) -> None:
        """Which packages own the executables, one question for each root that processes live in."""
        wanted: dict[int, dict[str, int]] = {}
        for one in facts:
            path = one.exe.path if one.exe and one.exe.state in ("present", "replaced", "deleted") else None
            if path and (one.mount, path) not in self._packages:
                wanted.setdefault(one.mount, {})[path] = one.pid
        for mount, paths in wanted.items():
            room = self._room(mount, next(iter(paths.values())))
            for path, package in room.owners_of(list(paths)).items():
                self._packages[mount, path] = package
            self.gaps.update(dict.fromkeys(room.gaps))

    def _package(self, one: Facts) -> Package | None:
        """The package of what runs, compared with it: of each running inode once, since a path may have had several."""
        exe = one.exe
        if exe is None or exe.path is None or self._packages.get((one.mount, exe.path)) is None:
            return None
        key = (one.mount, exe.path, exe.dev, exe.ino)
        if key not in self._verified:
            self._verified[key] = self._room(one.mount, one.pid).verify(exe.path, f"/proc/{one.pid}/exe")
        return self._verified[key]

    def _file_package(self, one: Facts, file: str) -> Package | None:
        """The package of a script, compared with what stands there now: an interpreter has read it long ago."""
        key = (one.mount, file)
        if key not in self._packages:
            room = self._room(one.mount, one.pid)
            self._packages[key] = room.verify(file, room.root.prefix + room.root.resolve(file))
        return self._packages[key]

    def _room(self, mount: int, pid: int) -> Packages:
        from hb_engine.inventory.linux.packages import Packages

        if mount not in self._rooms:
            root = f"/proc/{pid}/root" if mount else "/"
            self._rooms[mount] = Packages(root=root, memo=self.memo, fresh=self.fresh)
            self.sources.update(dict.fromkeys([f"packages {name}" for name in self._rooms[mount].asked]))
        return self._rooms[mount]

    # -- putting it together -----------------------------------------------------------------------------------------

    def _make(self, one: Facts) -> Owner:
        unit, container = self.place(one.cgroup)
        parents = self._chain(one.ppid, one.pid)
        path = one.exe.path if one.exe else None
        script, script_package = self._script(one)
        return Owner(
            pid=one.pid,
            comm=one.comm,
            exe=path,
            exe_state=one.exe.state if one.exe else "unreadable",
            cmdline=one.cmdline,
            uid=one.uid,
            user=users.name(one.uid),
            started_at=one.started_at,
            unit=unit,
            container=container,
            parents=parents,
            origin=self._origin_of(one, parents, container),
            package=self._package(one),
            script=script,
            script_package=script_package,
        )

    def _chain(self, ppid: int, pid: int) -> tuple[Ancestor, ...]:
        """The parents; siblings have the same."""
        if ppid not in self._parents:
            found = ancestry.chain(pid, self._lookup)
            self._parents[ppid] = ancestry.with_arguments(found) if self.fresh else found  # only stories show them
        return self._parents[ppid]

    def _lookup(self, pid: int) -> tuple[int, str, float | None] | None:
        row = self.census.row(pid)
        if row is None:
            return self._walked(pid)
        return row[2], _text(row[12]), processes.started_at(processes.ticks_of(row[8]), self._boot)

    def _origin_of(self, one: Facts, parents: tuple[Ancestor, ...], container: Container | None) -> Origin:
        """What started it: the same for children of one parent in one cgroup, unless that parent took in orphans."""
        key = (one.ppid, one.crowd, one.uid, one.comm) if one.ppid > 1 else (one.pid,)
        if key not in self._origins:
            self._origins[key] = self._origin.of(
                one.pid,
                one.comm,
                uid=one.uid,
                parents=parents,
                cgroup=one.cgroup,
                container=container,
                kthread=one.kthread,
            )
        return self._origins[key]

    def _script(self, one: Facts) -> tuple[str | None, Package | None]:
        """What an interpreter runs, and whose file that is; workers of one program are asked about once."""
        if not one.exe or not one.exe.path or one.exe.state == "elsewhere":
            return None, None
        key = (one.exe.path, one.cmdline)
        if key not in self._scripts:
            self._scripts[key] = scripts.script_of(one.exe.path, one.cmdline, None)
        script = self._scripts[key]
        if script is None:
            return None, None
        if not script.startswith("/") and (cwd := _cwd(one.pid)):
            script = scripts.script_of(one.exe.path, one.cmdline, cwd) or script
        file = scripts.script_file(script)
        if file is None:
            return script, None
        return script, self._file_package(one, file)


def _of_user(box: Container, cgroup: str) -> Container:
    """A container, its name and image told as the user's where the user names cgroups: user@1000.service/nginx:1.27.

    There anybody may call a cgroup by the number of the machine's own container, and keep files that give it any image.
    """
    user = next((part for part in cgroup.split("/") if part.startswith("user@") and part.endswith(".service")), "")
    if not user:
        return box
    names = [f"{user}/{name}" if name else "" for name in (box.name, box.image)]
    return replace(box, name=names[0], image=names[1])


def _stands_at(path: str, running: processes.Exe) -> bool:
    """Whether a path leads to the file that runs, as hb itself sees the machine."""
    try:
        there = os.stat(path)
    except (OSError, ValueError):
        return False
    return (there.st_dev, there.st_ino) == (running.dev, running.ino)


def _text(comm: bytes) -> str:
    return comm.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _cwd(pid: int) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return 0
