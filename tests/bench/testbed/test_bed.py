"""A bed with one small server, git daemon: that it stands, that it fails with a reason, and how it ends."""

from __future__ import annotations

import contextlib
import glob
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile

import pytest
from bench.testbed.bed import SCRATCH, TOP, Bed, bound
from bench.testbed.kit import Listen, load
from bench.testbed.network import NAMESPACES
from bench.testbed.packages import installed
from tests.kit.sockets import needs_root

from hb_engine.model.record import replace

ASK = "import socket; socket.create_connection(('{address}', {port}), 5).close(); print('open')"


def test_what_is_bound_is_read_from_proc():
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        mine = {("tcp", tcp.getsockname()[1]), ("udp", udp.getsockname()[1])}
        assert mine <= bound(os.getpid())


@pytest.fixture
def _ready():
    needs_root()
    if not installed(["git"]):
        pytest.skip("git is no package here")


real = [pytest.mark.slow, pytest.mark.root, pytest.mark.usefixtures("_ready")]


def marked(test):
    """A test with a real server."""
    for mark in real:
        test = mark(test)
    return test


def gone(bed):
    """Whether nothing of a bed is left."""
    names = os.listdir(NAMESPACES) if os.path.isdir(NAMESPACES) else []
    return not any(name.startswith(f"{bed.network.prefix}-") for name in names) and not os.path.exists(bed.scratch)


@marked
def test_a_server_stands_and_answers_the_scanner_on_every_port():
    lines: list[str] = []
    with Bed("git", tell=lines.append) as bed:
        standing = bed.up["git"]
        assert not bed.failed
        assert standing.version == installed(["git"])["git"]
        for listen in standing.server.listens:
            code = ASK.format(address=standing.address, port=listen.port)
            done = subprocess.run(
                [*bed.inside(), sys.executable, "-c", code], capture_output=True, text=True, check=True
            )
            assert done.stdout == "open\n"
        assert not bed.dead()
    assert "git" in lines[0]
    assert gone(bed)


@marked
def test_a_server_that_cannot_stand_is_said_with_the_reason():
    server = load("git")
    never = replace(server, listens=(Listen(1, ("git",)),), patience=0.5)
    for wrong, reason in ((replace(server, packages=("no-such-package",)), "no-such-package"), (never, "tcp/1")):
        bed = Bed("git")
        bed.servers = {"git": wrong}
        with bed:
            assert not bed.up
            assert reason in bed.failed["git"]
        assert gone(bed)


@marked
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_every_end_is_the_end_of_the_servers(how):
    command = [sys.executable, "-m", "bench.testbed", "up", "git"]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        last = next(line for line in process.stdout if line.startswith("from outside"))
        scan = last.partition("--net=")[2].split()[0]
        name = f"{os.path.basename(scan).removesuffix('-scan')}-git"
        pids = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=True).stdout.split()
        with contextlib.ExitStack() as stack:
            waits = [stack.enter_context(os.fdopen(os.pidfd_open(int(pid)))) for pid in pids]
            assert len(waits) >= 3  # the cell, its first process, git daemon
            process.send_signal(how)
            for wait in waits:
                assert select.select([wait], [], [], 20)[0], "a process outlived its bed"
    with Bed("git") as after:  # takes the same prefix, unless another bed has, and sweeps what SIGKILL left
        pass
    assert gone(after)
    assert how == signal.SIGKILL or not os.path.exists(f"{NAMESPACES}/{name}")
    left = glob.glob(os.path.join(tempfile.gettempdir(), f"{SCRATCH}{after.network.prefix}-*"))
    assert not left
