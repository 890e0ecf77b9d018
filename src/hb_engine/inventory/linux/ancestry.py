"""What started a process: its parents, and the one of them, or the unit, that was the beginning of it.

Evidence in order of weight: the kernel's own word (kernel threads), the cgroup (which a process without privileges
cannot leave: container, session, unit), the living parents, then what a login left behind in files. Where a parent
has ended the chain is cut and pid 1 stands in; then the cgroup and the audit's login user still tell. Nothing is
inferred from names alone where anything better can be had, and what cannot be told is "unknown".

Sources: credentials(7), pam_loginuid(8), systemd.special(7), and the process names that daemons give themselves.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import cgroups, logins, processes, users
from hb_engine.model.owner import Ancestor, Origin
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.inventory.linux.units import Units
    from hb_engine.model.owner import Container

    Lookup = Callable[[int], tuple[int, str, float | None] | None]  # pid -> (ppid, comm, started_at), None: gone
    Peer = Callable[[int], str]  # pid of an sshd -> the address it is connected with, "" for none

DEPTH = 32
CRON = ("cron", "crond", "CRON", "anacron", "fcron", "dcron")
AT = ("atd",)
JOB_UNITS = {"cron.service": "cron", "crond.service": "crond", "cronie.service": "crond", "anacron.service": "anacron",
             "atd.service": "at"}  # fmt: skip
SSH = ("sshd", "sshd-session", "dropbear")
LOGINS = (*SSH, "login", "in.telnetd", "telnetd", "rlogind", "gdm-session-wor", "lightdm", "sddm-helper", "xrdp-sesman",
          "cockpit-session", "mosh-server")  # fmt: skip
SHIMS = {"conmon": "podman or cri-o", "runc": "runc", "crun": "crun", "lxc-start": "lxc", "lxc-monitord": "lxc",
         "docker-containe": "docker"}  # fmt: skip
SUPERVISORS = {"runsv": "runit", "s6-supervise": "s6", "supervise": "daemontools", "supervise-daemo": "openrc",
               "supervisord": "supervisord", "perpd": "perp", "dinit": "dinit", "monit": "monit"}  # fmt: skip
NAMED_BY_ARGUMENT = ("runsv", "s6-supervise", "supervise", "supervise-daemo")  # argv[1] is the service
MULTIPLEXERS = ("tmux: server", "tmux", "screen", "SCREEN", "zellij", "dtach", "abduco")
PIDFILES = 512  # at most so many are read, of /run and one folder deeper


def chain(
    pid: int, lookup: Lookup, arguments: Callable[[int], tuple[str, ...] | None] | None = None
) -> tuple[Ancestor, ...]:
    """The parents of a process, the nearest first, up to pid 1; cut short where one is gone, at a loop, and at 32.

    `arguments` (pid -> command line) fills Ancestor.cmdline where it is wanted.
    """
    found: list[Ancestor] = []
    seen = {pid}
    entry = lookup(pid)
    while entry and entry[0] > 0 and entry[0] not in seen and len(found) < DEPTH:
        parent = entry[0]
        seen.add(parent)
        entry = lookup(parent)
        if entry is None:
            break
        found.append(Ancestor(parent, entry[1], entry[2], (arguments(parent) or ()) if arguments else ()))
    return tuple(found)


def lookup_in(proc: str = "/proc") -> Lookup:
    """A lookup that reads /proc/PID/stat, for where no table of all processes is at hand. It remembers what it read."""
    boot = processes.boot_time(None if proc == "/proc" else proc)
    known: dict[int, tuple[int, str, float | None] | None] = {}

    def lookup(pid: int) -> tuple[int, str, float | None] | None:
        if pid not in known:
            stat = processes.stat_of(pid, proc)
            known[pid] = (stat.ppid, stat.comm, processes.started_at(stat.started_ticks, boot)) if stat else None
        return known[pid]

    return lookup


class Origins:
    """Finds what started processes; remembers within one look what several share: sessions, utmp, pid files, units.

    `units` answers which timer or socket starts a service (None: not asked). `peer` is asked, last of all, for the
    address that an sshd is connected with. `root` and `proc` are where files are read.
    """

    def __init__(
        self, root: str = "/", proc: str = "/proc", units: Units | None = None, peer: Peer | None = None
    ) -> None:
        self.root, self.proc, self.units, self.peer = root, proc, units, peer
        self._sessions: dict[str, logins.Login | None] = {}
        self._triggers: dict[str, Origin] = {}
        self._utmp: tuple[logins.Login, ...] | None = None
        self._pidfiles: dict[int, str] | None = None

    def of(
        self,
        pid: int,
        comm: str,
        *,
        uid: int | None,
        parents: tuple[Ancestor, ...],
        cgroup: str | None,
        container: Container | None = None,
        kthread: bool = False,
    ) -> Origin:
        """The origin of one process. `parents` as chain() gives them, `cgroup` as cgroups.of() does."""
        if kthread:
            return Origin(kind="kernel", name=comm)
        path = cgroup or ""
        return (
            _container(parents, path, container)
            or self._job(pid, comm, uid, parents, path)
            or self._login(pid, uid, parents, path)
            or self._unit(path, comm, pid)
            or self._supervised(parents)
            or self._script(pid, parents)
            or self._left_behind(pid, comm, uid, parents)
            or _first(pid, comm, parents)
        )

    # -- cron and at -------------------------------------------------------------------------------------------------

    def _job(self, pid: int, comm: str, uid: int | None, parents: tuple[Ancestor, ...], path: str) -> Origin | None:
        """A job of cron or at: by a living parent, or by cron's own unit, where the job's first process has ended."""
        for place, parent in enumerate(parents):
            if parent.comm in CRON or parent.comm in AT:
                started = parents[place - 1].started_at if place else self._started(pid)
                name = "at" if parent.comm in AT else parent.comm.lower()
                return Origin(kind="cron", name=name, user=self._job_user(pid, uid), at=started)
            if parent.comm in LOGINS:
                return None
        name = JOB_UNITS.get((cgroups.unit_of(path) or "").rpartition("/")[2], "")
        if name and comm not in CRON and comm not in AT:
            return Origin(kind="cron", name=name, user=self._job_user(pid, uid))
        return None

    def _job_user(self, pid: int, uid: int | None) -> str:
        login = logins.login_uid(pid, self.proc)
        return users.name(uid if login is None else login, self.root)

    # -- logins ------------------------------------------------------------------------------------------------------

    def _login(self, pid: int, uid: int | None, parents: tuple[Ancestor, ...], path: str) -> Origin | None:
        """A login: by its session's scope, else by a living parent that lets people in."""
        identifier = cgroups.session_of(path)
        doors = [place for place, parent in enumerate(parents) if parent.comm in LOGINS]
        if identifier is None and not doors:
            return self._users_scope(path)
        known = self._session(identifier) if identifier else None
        if known is None:
            known = self._recorded(pid, parents)
        service = (known.service if known else "") or (parents[doors[0]].comm if doors else "")
        gone = bool(known and known.ended) or (
            bool(identifier) and not doors and not (known and known.source == "logind")
        )
        return Origin(
            kind="login",
            name=_session_name(service, identifier, gone, _multiplexer(parents)),
            user=self._login_user(pid, uid, known, path),
            remote=self._remote(pid, parents, known),
            at=known.at if known and known.at is not None else self._entered(pid, parents, doors),
        )

    def _entered(self, pid: int, parents: tuple[Ancestor, ...], doors: list[int]) -> float | None:
        """When the first process below the door started, for want of a record of the login."""
        if not doors:
            return None
        return parents[doors[0] - 1].started_at if doors[0] else self._started(pid)

    def _session(self, identifier: str) -> logins.Login | None:
        if identifier not in self._sessions:
            self._sessions[identifier] = logins.session(identifier, self.root)
        return self._sessions[identifier]

    def _recorded(self, pid: int, parents: tuple[Ancestor, ...]) -> logins.Login | None:
        """What utmp, and behind it wtmp, say of the process's terminal."""
        if self._utmp is None:
            self._utmp = logins.utmp(self.root)
        stat = processes.stat_of(pid, self.proc)
        if stat is None:
            return None
        tty = logins.terminal(stat.tty_nr)
        started = self._started(pid) or 0.0
        pids = (pid, *(parent.pid for parent in parents))
        found = logins.by_terminal(self._utmp, tty, pids, before=started + 1)
        return found or (logins.past(tty, started, self.root) if tty else None)

    def _started(self, pid: int) -> float | None:
        ticks = processes.starttime(pid, self.proc)
        if ticks is None:
            return None
        return processes.started_at(ticks, processes.boot_time(None if self.proc == "/proc" else self.proc))

    def _login_user(self, pid: int, uid: int | None, known: logins.Login | None, path: str) -> str:
        """Who logged in, not who it became by sudo."""
        if known and known.user:
            return known.user
        login = logins.login_uid(pid, self.proc)
        if login is None:
            login = cgroups.user_of(path)
        if login is None:
            return logins.environ(self._leader(pid), self.proc)[1] or users.name(uid, self.root)
        return users.name(login, self.root)

    def _remote(self, pid: int, parents: tuple[Ancestor, ...], known: logins.Login | None) -> str:
        """The address the login came from: written down, else in the session's environment, else as sshd is
        connected.
        """
        written = known.remote if known else ""
        if written and logins.is_address(written):
            return written
        sshds = [parent.pid for parent in parents if parent.comm in SSH]
        if not sshds and known and known.service not in ("", *SSH):
            return _host(written)
        address = logins.environ(self._leader(pid), self.proc)[0]
        for sshd in sshds if self.peer and not address else ():
            address = address or self.peer(sshd)  # type: ignore[misc]  # peer is not None here
        return address or _host(written)

    def _leader(self, pid: int) -> int:
        """The process that leads the session (setsid) of a process, while it lives; else itself."""
        stat = processes.stat_of(pid, self.proc)
        leader = stat.session if stat else 0
        return leader if leader > 1 and processes.stat_of(leader, self.proc) else pid

    def _users_scope(self, path: str) -> Origin | None:
        """A scope of a user's manager (a terminal's tab, tmux-spawn-...): started by hand within some login of that
        user.
        """
        unit = cgroups.unit_of(path) or ""
        if unit.startswith("user@") and unit.endswith(".scope") and not unit.endswith("/init.scope"):
            return Origin(kind="login", name=unit.rpartition("/")[2], user=users.name(cgroups.user_of(path), self.root))
        return None

    # -- units -------------------------------------------------------------------------------------------------------

    def _unit(self, path: str, comm: str, pid: int) -> Origin | None:
        unit = cgroups.unit_of(path)
        if unit is None or cgroups.is_slice(unit):
            return None
        if unit == "init.scope":
            return Origin(kind="init", name=comm) if pid == 1 else None
        if unit not in self._triggers:
            self._triggers[unit] = self._triggered(unit, path)
        return self._triggers[unit]

    def _triggered(self, unit: str, path: str) -> Origin:
        """The timer or socket that starts the unit, where it is enabled; else the unit itself."""
        user = users.name(cgroups.user_of(path), self.root) if unit.startswith("user@") else ""
        if self.units and not unit.startswith("user@") and unit.endswith(".service"):
            for kind, name in (("timer", self.units.timer_of(unit)), ("socket", self.units.socket_of(unit))):
                if name and self.units.enabled(name):
                    return Origin(kind=kind, name=name)
        return Origin(kind="service", name=unit, user=user)

    # -- without systemd ---------------------------------------------------------------------------------------------

    def _supervised(self, parents: tuple[Ancestor, ...]) -> Origin | None:
        for parent in parents:
            system = SUPERVISORS.get(parent.comm)
            if system:
                arguments = parent.cmdline or processes.cmdline(parent.pid, self.proc) or ()
                named = parent.comm in NAMED_BY_ARGUMENT and len(arguments) > 1
                return Origin(kind="init", name=f"{system}: {arguments[1][:120]}" if named else system)
        return None

    def _script(self, pid: int, parents: tuple[Ancestor, ...]) -> Origin | None:
        """An init script, by the pid file that it wrote; asked only where systemd does not run (sd_booted(3))."""
        if os.path.isdir(os.path.join(self.root, "run/systemd/system")):
            return None
        if self._pidfiles is None:
            self._pidfiles = pid_files(os.path.join(self.root, "run"))
        for number in (pid, *(parent.pid for parent in parents if parent.pid != 1)):
            name = self._pidfiles.get(number)
            if name and os.path.lexists(os.path.join(self.root, "etc/init.d", name)):
                openrc = os.path.lexists(os.path.join(self.root, "run/openrc/started", name))
                return Origin(kind="init", name=f"openrc: {name}" if openrc else f"/etc/init.d/{name}")
        return None

    def _left_behind(self, pid: int, comm: str, uid: int | None, parents: tuple[Ancestor, ...]) -> Origin | None:
        """A process without chain or unit that audit, sudo or a terminal multiplexer still ties to a login."""
        login = logins.login_uid(pid, self.proc)
        multiplexer = _multiplexer((Ancestor(pid, comm), *parents))
        if login is None and not multiplexer:
            return None
        number = logins.audit_session(pid, self.proc)
        known = self._session(str(number)) if number is not None else None
        remote, sudo = logins.environ(self._leader(pid), self.proc)
        return Origin(
            kind="login",
            name=f"{multiplexer or 'process'} detached from session {number or ''}".rstrip(),
            user=users.name(login, self.root) or sudo or users.name(uid, self.root),
            remote=_host(known.remote) if known and known.remote else remote,
            at=known.at if known else None,
        )


def _container(parents: tuple[Ancestor, ...], path: str, container: Container | None) -> Origin | None:
    box = cgroups.container_of(path)
    if container:
        return Origin(kind="container", name=container.name or container.id[:12])
    if box:
        return Origin(kind="container", name=box.id[:12] if len(box.id) >= 32 else box.id)
    for parent in parents:
        if parent.comm.startswith("containerd-shim"):
            return Origin(kind="container", name="containerd")
        if parent.comm in SHIMS:
            return Origin(kind="container", name=SHIMS[parent.comm])
    return None


def _first(pid: int, comm: str, parents: tuple[Ancestor, ...]) -> Origin:
    """What is left to say: pid 1 started it or took it in; or its parents are outside of what can be seen."""
    if pid == 1:
        return Origin(kind="init", name=comm)
    if parents and parents[-1].pid == 1:
        return Origin(kind="init", name=parents[-1].comm)
    return Origin(kind="unknown", name="its parents have ended, or are outside this pid namespace")


def _session_name(service: str, identifier: str | None, ended: bool, multiplexer: str) -> str:
    """ "sshd session 12", "tmux of sshd session 12, which has ended"."""
    name = " ".join(part for part in (service, "session", identifier or "") if part)
    if multiplexer:
        name = f"{multiplexer} of {name}"
    return f"{name}, which has ended" if ended else name


def _multiplexer(parents: tuple[Ancestor, ...]) -> str:
    for parent in parents:
        if parent.comm in MULTIPLEXERS:
            return parent.comm.partition(":")[0].lower()
    return ""


def _host(written: str) -> str:
    """A host as utmp has it; displays (:0), tmux(1234).%0 and mosh marks name no host."""
    return "" if written.startswith((":", "tmux(", "mosh ")) or "(" in written else written


def pid_files(folder: str) -> dict[int, str]:
    """What /run/*.pid and /run/*/*.pid say: pid to the file's stem. Stale ones are in it: check before believing."""
    found: dict[int, str] = {}
    paths = _pid_paths(folder)
    for path in paths[:PIDFILES]:
        try:
            text = processes.slurp(path, 32).split(None, 1)
        except OSError:
            continue
        if text and text[0].isdigit():
            found.setdefault(int(text[0][:10]), os.path.basename(path)[:-4])
    return found


def _pid_paths(folder: str) -> list[str]:
    paths, deeper = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".pid"):
                    paths.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    deeper.append(entry.path)
    except OSError:
        return []
    for path in deeper:
        try:
            paths += [f"{path}/{name}" for name in os.listdir(path) if name.endswith(".pid")]
        except OSError:
            continue
    return paths


def with_arguments(parents: tuple[Ancestor, ...], proc: str = "/proc") -> tuple[Ancestor, ...]:
    """The same parents with their command lines, for stories; where one may not be read it stays empty."""
    return tuple(replace(parent, cmdline=processes.cmdline(parent.pid, proc) or ()) for parent in parents)
