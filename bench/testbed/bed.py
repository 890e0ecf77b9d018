"""The test bed: real servers, each in a cell of its own, for as long as a with statement lasts.

    with Bed() as bed:
        bed.up        servers that answer on every port they declare: name -> Standing
        bed.failed    those that do not, each with the reason: name -> text

Cells start a few at a time, since two cores carry some sixty servers. A server that does not come up is said, never
dropped. When the statement ends (the end of the block, an exception, Ctrl-C) no process, namespace, interface or file
of the bed remains. After SIGKILL no process does, since each cell ends with its pipe; the names of the namespaces and
the scratch folder stay until the next bed sweeps them.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

from bench.testbed.kit import Server, load_all
from bench.testbed.network import Network
from bench.testbed.packages import installed, unpack, version_unpacked
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from bench.testbed.kit import Listen

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AT_ONCE = 5
UNSHARE = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"]
SCRATCH = "hb-testbed-"
STATES = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}  # listening; bound and not connected


@record
class Standing:
    """A server that is up: where, and the version of the package it came from. `folder` is its scratch folder."""

    name: str
    address: str
    server: Server
    version: str
    folder: str
    seconds: float

    def received(self, listen: Listen) -> bytes:
        """Every byte that reached a port that must stay untouched."""
        with open(os.path.join(self.folder, listen.untouched), "rb") as file:
            return file.read()


class Cell:
    """One server's cell from outside: the process, its pipes, what it said."""

    def __init__(self, name: str, server: Server, network: Network, scratch: str) -> None:
        self.name, self.server, self.address = name, server, network.addresses[name]
        self.folder, self.inside = os.path.join(scratch, name), network.inside(name)
        self.process: subprocess.Popen[bytes] | None = None
        self.started, self.began = False, 0.0
        self.trouble = self.heard = ""

    def start(self) -> None:
        """Start the cell. Raises RuntimeError for packages that are not there."""
        needs = self.server.packages
        missing = [package for package in needs if package not in installed(needs)]
        if missing:
            raise RuntimeError(f"not installed: {', '.join(missing)}")
        trees = [unpack(package) for package in self.server.unpacked]
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o755)  # noqa: S103 -- servers with users of their own read there
        module = [sys.executable, "-m", "bench.testbed.cell", self.name, self.address, self.folder, *trees]
        self.began = time.monotonic()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [*self.inside, *UNSHARE, *module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=TOP,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((os.path.join(TOP, "src"), TOP))},
                start_new_session=True,  # Ctrl-C is for the bed, which then ends its cells
            )

    def listen(self) -> None:
        """Take in what the cell has said since."""
        assert self.process
        assert self.process.stdout
        while select.select([self.process.stdout], [], [], 0)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                self.trouble = self.trouble or "its cell ended"
                return
            self.heard += data.decode("utf-8", "replace")
            *lines, self.heard = self.heard.split("\n")
            for what, detail in map(json.loads, lines):
                self.started = self.started or what == "started"
                if what != "started":
                    self.trouble = self.trouble or f"{what}: {detail}"

    def closed(self) -> list[str]:
        """The declared ports that are not open yet."""
        assert self.process
        have = bound(self.process.pid)
        return [
            f"{port.transport}/{port.port}" for port in self.server.listens if (port.transport, port.port) not in have
        ]

    def why(self) -> str:
        """What went wrong, with the end of what the server itself said."""
        with open(os.path.join(self.folder, "log"), "rb") as log:
            said = log.read()[-1500:].decode("utf-8", "replace").strip()
        return f"{self.trouble.strip()}\n{said}".strip()

    def end(self) -> None:
        """Let go of the cell: its first process ends when its standard input does, and the kernel ends the rest."""
        if not self.process:
            return
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def bury(self) -> None:
        """Wait for the end, which --kill-child makes certain."""
        if not self.process:
            return
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Bed:
    """`only` names servers; none is all of them. `tell` hears a line for every server that came up or did not."""

    def __init__(self, *only: str, tell: Callable[[str], object] = lambda _: None) -> None:
        self.servers, self.tell = load_all(only), tell
        self.network = Network(self.servers)
        self.cells: dict[str, Cell] = {}
        self.up: dict[str, Standing] = {}
        self.failed: dict[str, str] = {}
        self.scratch = ""

    def __enter__(self) -> Self:
        self.network.__enter__()
        try:
            for left in glob.glob(os.path.join(tempfile.gettempdir(), f"{SCRATCH}{self.network.prefix}-*")):
                shutil.rmtree(left, ignore_errors=True)  # of a run that was killed: this prefix is ours now
            self.scratch = tempfile.mkdtemp(prefix=f"{SCRATCH}{self.network.prefix}-")
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for cell in self.cells.values():
            cell.end()
        for cell in self.cells.values():
            cell.bury()
        self.network.__exit__()
        if self.scratch:
            shutil.rmtree(self.scratch)

    def dead(self) -> dict[str, str]:
        """Servers that were up and have ended or closed a port since, with the reason: no scan may do that."""
        for name in self.up:
            cell = self.cells[name]
            cell.listen()
            closed = cell.closed()
            cell.trouble = cell.trouble or (f"no longer open: {', '.join(closed)}" if closed else "")
        return {name: self.cells[name].why() for name in self.up if self.cells[name].trouble}

    def inside(self) -> list[str]:
        """The words that run a command where the scanner stands."""
        return self.network.inside("scan")

    def _start(self) -> None:
        waiting = list(self.servers)
        rising: dict[str, Cell] = {}
        while waiting or rising:
            while waiting and len(rising) < AT_ONCE:
                name = waiting.pop(0)
                cell = Cell(name, self.servers[name], self.network, self.scratch)
                self.cells[name] = cell
                try:
                    cell.start()
                except (RuntimeError, OSError) as error:
                    self._fail(name, str(error))
                    continue
                rising[name] = cell
            for name in [name for name, cell in rising.items() if self._settled(cell)]:
                del rising[name]
            if rising:
                time.sleep(0.02)

    def _settled(self, cell: Cell) -> bool:
        """Whether a cell has come up, or will not."""
        cell.listen()
        took = time.monotonic() - cell.began
        closed = cell.closed()
        if cell.trouble or took > cell.server.patience:
            late = f"after {took:.0f} s {', '.join(closed) or 'start()'} was not there"
            cell.trouble = cell.trouble or late
            self._fail(cell.name, cell.why())
            cell.end()
        elif cell.started and not closed:
            self._rise(cell, took)
        else:
            return False
        return True

    def _rise(self, cell: Cell, took: float) -> None:
        server = cell.server
        version = version_of(server, server.versioned)
        self.up[cell.name] = Standing(cell.name, cell.address, server, version, cell.folder, took)
        self.tell(f"{cell.name:16} {cell.address:12} {server.versioned} {version}, after {took:.1f} s")

    def _fail(self, name: str, reason: str) -> None:
        self.failed[name] = reason
        self.tell(f"{name:16} did not come up: {reason}")


def version_of(server: Server, package: str) -> str:
    """The version of one of a server's packages."""
    return version_unpacked(package) if package in server.unpacked else installed([package])[package]


def bound(pid: int) -> set[tuple[str, int]]:
    """(transport, port) of what listens or is bound in a process's network namespace, from /proc (proc_pid_net(5))."""
    found = set()
    for file, state in STATES.items():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/net/{file}", encoding="ascii") as table:
            rows = [line.split() for line in list(table)[1:]]
            found |= {(file[:3], int(row[1].rpartition(":")[2], 16)) for row in rows if row[3] == state}
    return found
