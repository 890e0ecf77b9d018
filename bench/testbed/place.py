"""Where a server of the bed runs: a network, processes, a host name, /run and /tmp of its own; scratch /etc and /var.

start(place) of a server's file is called inside all of that, as root: what it writes anywhere below those folders is
seen by this server alone and gone with it. `place.folder` alone is shared with who built the bed, who reads there what
the server said (log) and received. It refuses to reach outside: a server has the addresses of its own namespace only.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tty

from bench.testbed.network import SCANNER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = "/mnt"  # on every Debian, and empty: the scratch folder is mounted there
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"
OVERLAID = ("etc", "var", "usr")


class Place:
    """One server's surroundings, and the hands to fill them."""

    def __init__(self, name: str, address: str, folder: str = FOLDER) -> None:
        self.name, self.address, self.folder = name, address, folder
        self.environment = {"PATH": PATH, "HOME": folder, "LANG": "C.UTF-8"}
        self.children: dict[int, list[str]] = {}

    def path(self, name: str) -> str:
        """A path of the scratch folder; absolute ones stay as they are."""
        return os.path.join(self.folder, name)

    def write(self, name: str, text: str, mode: int = 0o644, user: str = "") -> str:
        """Write a file, and the folders above it; its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return self.give(path, user)

    def make(self, name: str, user: str = "", mode: int = 0o755) -> str:
        """Make a folder; its path."""
        path = self.path(name)
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        return self.give(path, user)

    def give(self, path: str, user: str) -> str:
        """Make a user the owner of a path; the path."""
        if user:
            entry = pwd.getpwnam(user)
            os.chown(path, entry.pw_uid, entry.pw_gid)
        return path

    def run(self, *command: str, user: str = "", data: str = "", environment: Mapping[str, str] | None = None) -> str:
        """Run a command to its end, within a minute; what it said. Raises CalledProcessError or TimeoutExpired."""
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
            check=True,
            timeout=60,
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            preexec_fn=become(user),
        )
        return done.stdout

    def spawn(self, *command: str, user: str = "", environment: Mapping[str, str] | None = None) -> None:
        """Start a command that stays in the foreground; the server has failed when it ends."""
        with open(self.path("log"), "ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.folder,
                env={**self.environment, **(environment or {})},
                preexec_fn=become(user),  # noqa: PLW1509 -- as above
            )
        process.returncode = 0  # its end is seen by who reaps all of the cell's children, not by subprocess
        self.children[process.pid] = list(command)

    def record(self, name: str) -> str:
        """A serial line whose far end writes every byte that it gets to a file; the path of the near end's device."""
        master, slave = os.openpty()
        tty.setraw(slave)
        device = os.ttyname(slave)
        pid = os.fork()
        if pid == 0:
            with open(self.path(name), "wb", buffering=0) as file:
                while data := os.read(master, 4096):
                    file.write(data)
            os._exit(1)
        os.close(master)
        self.write(name, "")
        self.children[pid] = ["recorder"]
        return device  # the slave stays open here, so that the line does not hang up between two clients

    def certificate(self) -> tuple[str, str]:
        """A self-signed certificate for NAME.testbed.invalid, and its key: paths of PEM files that all may read."""
        certificate, key = self.path("certificate.pem"), self.path("key.pem")
        if not os.path.exists(key):
            subject = ["-subj", f"/CN={self.name}.testbed.invalid", "-days", "30"]
            self.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                key,
                "-out",
                certificate,
                *subject,
            )
            os.chmod(key, 0o644)
        return certificate, key


def become(user: str) -> Callable[[], None] | None:
    """What a child does before its command: become a user with all of that user's groups."""
    if not user:
        return None
    entry = pwd.getpwnam(user)
    groups = os.getgrouplist(user, entry.pw_gid)

    def change() -> None:
        os.setgroups(groups)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)

    return change


def enclose(place: Place, scratch: str, unpacked: list[str]) -> None:
    """Give this process, alone in its mount namespace, the file system of a place.

    `scratch` is the machine's folder that becomes place.folder; each of `unpacked` is a package's tree, laid over.
    """
    _mount("--bind", scratch, place.folder)
    for folder in ("/run", "/tmp", "/dev/shm"):
        _mount("-t", "tmpfs", "-o", "mode=1777", "testbed", folder)
    os.chmod("/run", 0o755)  # noqa: S103 -- as it always is
    os.mkdir("/run/lock")
    for top in OVERLAID:
        lower = [tree for package in unpacked if os.path.isdir(tree := os.path.join(package, top))]
        if top == "usr" and not lower:
            continue
        upper, work = f"/run/.testbed/{top}", f"/run/.testbed/.{top}"
        os.makedirs(upper)
        os.makedirs(work)
        layers = f"lowerdir={':'.join([*lower, '/' + top])},upperdir={upper},workdir={work}"
        _mount("-t", "overlay", "-o", layers, "testbed", f"/{top}")
    # Who asks has a name as well: some servers hang up on those whose address nobody can turn into one.
    own, scanner = f"{place.address} {place.name}.testbed.invalid {place.name}", f"{SCANNER} scan.testbed.invalid scan"
    place.write("/etc/hosts", f"127.0.0.1 localhost\n{own}\n{scanner}\n")
    _replace("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _replace(path: str, text: str) -> None:
    """Write a file in place of what may be a link to nowhere."""
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
