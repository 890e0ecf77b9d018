"""Machines to measure on: many processes with many descriptors, many listeners; each ends with its with statement."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Crowd:
    """`count` processes with `descriptors` each, one in ten with a listener on a port of the kernel's choice."""

    def __init__(self, count: int, descriptors: int) -> None:
        self.count, self.descriptors = count, descriptors
        self.pids: list[int] = []

    def __enter__(self) -> Self:
        reader, writer = os.pipe()
        for number in range(self.count):
            pid = os.fork()
            if pid == 0:
                os.close(reader)
                _stand(self.descriptors, number % 10 == 0, writer)
            self.pids.append(pid)
        os.close(writer)
        with os.fdopen(reader, "rb") as answers:
            ready = len(answers.read())  # ends when the last one has closed its end
        if ready != self.count:
            raise RuntimeError(f"only {ready} of {self.count} processes came up")
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            os.waitpid(pid, 0)


def _stand(descriptors: int, listens: bool, writer: int) -> None:
    keep: list[object] = [open("/dev/null") for _ in range(descriptors)]  # noqa: SIM115 -- held on purpose
    if listens:
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        one.listen(5)
        keep.append(one)
    os.write(writer, b".")
    os.close(writer)
    signal.pause()
    os._exit(0)


LISTENERS = """
import resource, socket, sys
first, count = int(sys.argv[1]), int(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
keep = []
for number in range(first, first + count):
    one = socket.socket()
    one.bind((f"127.0.{number // 20000}.1", 10000 + number % 20000))
    one.listen(1)
    keep.append(one)
print("ready", flush=True)
sys.stdin.read()
"""


class Listeners:
    """`count` listeners in the caller's network namespace, in as few processes as the limit of descriptors allows."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 64
        pipe = subprocess.PIPE
        for first in range(0, self.count, most):
            part = str(min(most, self.count - first))
            command = [sys.executable, "-c", LISTENERS, str(first), part]
            self.processes.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
        for process in self.processes:
            if not process.stdout or process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{self.count} listeners could not be made")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
            process.wait()


def peak_memory(command: list[str], environment: dict[str, str] | None = None) -> int:
    """The largest resident set of a command, in KiB."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)
        os.write(writer, str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        size = int(answer.read())
    os.waitpid(pid, 0)
    return size
