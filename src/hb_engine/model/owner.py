"""Who holds an opening: a process, what it runs, and the chain that started it.

Everything here is evidence that was read; what could not be read is None or empty, and the inventory's gaps say why.
Text is as the kernel gave it (decoded with surrogateescape): faces escape it, nothing else does.
"""

from __future__ import annotations

from hb_engine.model.record import record

EXE_STATES = ("present", "replaced", "deleted", "memfd", "unreadable", "kernel", "elsewhere")
ORIGINS = ("service", "socket", "timer", "cron", "login", "container", "kernel", "init", "unknown")


@record
class Package:
    """The package that owns a file. `verified`: the bytes that run are its (True), differ (False), or unknown."""

    name: str
    version: str
    manager: str  # dpkg, rpm, apk, pacman
    verified: bool | None = None
    detail: str = ""  # why verified is None or False, for a person


@record
class Container:
    """A container as its runtime's files describe it; name and image are empty where those could not be read."""

    runtime: str  # docker, podman, containerd, cri-o, lxc, systemd-nspawn
    id: str
    name: str = ""
    image: str = ""
    pod: str = ""  # Kubernetes: namespace/name


@record
class Ancestor:
    """A process further up: the parent first. `started_at` is seconds since the epoch."""

    pid: int
    comm: str
    started_at: float | None = None
    cmdline: tuple[str, ...] = ()


@record
class Origin:
    """What started the chain: one of ORIGINS, its name (sshd.service, backup.timer) and what is known besides."""

    kind: str
    name: str = ""
    user: str = ""
    remote: str = ""  # the address that a login came from
    at: float | None = None  # seconds since the epoch


@record
class Hold:
    """How a process holds the socket: fd (number), thread (tid, fd), io_uring, mapped, in-flight, activation."""

    how: str
    detail: str = ""


@record
class Owner:
    """One process that can use the opening."""

    pid: int
    comm: str = ""
    exe: str | None = None
    exe_state: str = "present"
    cmdline: tuple[str, ...] = ()
    uid: int | None = None
    user: str = ""
    started_at: float | None = None  # seconds since the epoch
    unit: str | None = None  # ssh.service, user@1000.service/app.slice/foo.service
    container: Container | None = None
    parents: tuple[Ancestor, ...] = ()
    origin: Origin | None = None
    package: Package | None = None
    script: str | None = None  # what an interpreter runs: a file, module or jar
    script_package: Package | None = None
    holds: tuple[Hold, ...] = ()
