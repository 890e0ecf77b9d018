"""System calls by number: the kernel's answers, and its errors as OSError."""

from __future__ import annotations

import errno
import os
import signal
import threading

import pytest

from hb_engine.inventory.linux import syscalls


def test_a_pidfd_and_a_copy_of_a_descriptor():
    reader, writer = os.pipe()
    pidfd = syscalls.pidfd_open(os.getpid())
    try:
        copy = syscalls.pidfd_getfd(pidfd, writer)
        os.write(copy, b"x")
        os.close(copy)
        assert os.read(reader, 1) == b"x"
    finally:
        for fd in (reader, writer, pidfd):
            os.close(fd)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: syscalls.pidfd_open(2**22 + 1), {errno.ESRCH, errno.EINVAL}),
        (lambda: syscalls.setns(-1), {errno.EBADF}),
        (lambda: syscalls.bpf(9999, bytes(8)), {errno.EINVAL, errno.EPERM}),
        (lambda: syscalls.pidfd_getfd(-1, 0), {errno.EBADF}),
    ],
)
def test_errors_are_the_kernels(call, code):
    with pytest.raises(OSError) as raised:
        call()
    assert raised.value.errno in code


def test_a_call_whose_number_is_not_known_is_not_guessed(monkeypatch):
    monkeypatch.setattr(syscalls, "_numbers", {})
    with pytest.raises(OSError, match="does not know the number"):
        syscalls.bpf(0, b"")


def test_threads_of_a_process_share_their_descriptors():
    tids, met = [], threading.Barrier(2)

    def thread():
        tids.append(threading.get_native_id())
        met.wait()
        met.wait()

    worker = threading.Thread(target=thread)
    worker.start()
    met.wait()
    try:
        assert syscalls.same_files(os.getpid(), tids[0])
        assert not syscalls.same_files(os.getpid(), 2**22 + 1)
    finally:
        met.wait()
        worker.join()


def test_what_bpf_writes_into_its_question_comes_back():
    """The next link behind the last number there can be: either there is none, or nobody may ask."""
    with pytest.raises(OSError, match="bpf"):
        syscalls.bpf_answer(31, bytes((255, 255, 255, 255)) + bytes(12))


def test_a_child_ends_with_its_parent():
    """The child of a child that ends: the pipe that only it still holds is closed by the kernel."""
    reader, writer = os.pipe()
    middle = os.fork()
    if middle == 0:
        ready, tell = os.pipe()
        if os.fork() == 0:
            syscalls.end_with_parent(signal.SIGKILL)
            os.write(tell, b".")
            while True:
                signal.pause()
        os.read(ready, 1)
        os._exit(0)
    os.close(writer)
    try:
        os.waitpid(middle, 0)
        assert os.read(reader, 1) == b""  # the end of the last writer
    finally:
        os.close(reader)
