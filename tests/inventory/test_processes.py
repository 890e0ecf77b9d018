"""Facts of processes: real children with hostile names, deaths at each moment, hidden /proc, and arbitrary bytes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import processes
from hb_engine.inventory.linux.processes import (
    CMDLINE_LIMIT,
    CUT,
    PF_KTHREAD,
    TICKS,
    boot_time,
    hidepid,
    parse_stat,
    split_arguments,
    started_at,
    stat_of,
    ticks_of,
)
from hb_engine.model.errors import Truncated
from hb_engine.model.owner import EXE_STATES

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
cmdline: Any = processes.cmdline
exe: Any = processes.exe
read: Any = processes.read
starttime: Any = processes.starttime


SLEEP = os.path.realpath(shutil.which("sleep") or "/bin/sleep")
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_NAME, CLONE_NEWNS, MS_REC_PRIVATE = 15, 0x20000, (1 << 14) | (1 << 18)
NOBODY = 65534

root_only = pytest.mark.root
need_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@contextlib.contextmanager
def child(action=None):
    """A forked child that does `action` and waits; yields its pid when the action is done."""
    ready, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if action:
                action()
            os.write(say, b"+")
            signal.pause()
        finally:
            os._exit(1)
    os.close(say)
    try:
        assert os.read(ready, 1) == b"+"
        yield pid
    finally:
        os.close(ready)
        end(pid)


def end(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


@contextlib.contextmanager
def running(path, *argv, env=None):
    """A program under any argv at all; yields its pid once the exec has happened (the pipe closes with it)."""
    seen, closes = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.execve(path, list(argv), env or {})  # noqa: S606  names and bytes that no shell would pass
        finally:
            os._exit(127)
    os.close(closes)
    try:
        assert os.read(seen, 1) == b""
        yield pid
    finally:
        os.close(seen)
        end(pid)


def answer_of(action):
    """What `action` returns in a forked child, as text: for what changes user or namespace."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(mouth, repr(action()).encode())
        except Exception as error:  # noqa: BLE001  all that goes wrong in the child is told to the test
            os.write(mouth, f"failed: {error!r}".encode())
        finally:
            os._exit(0)
    os.close(mouth)
    try:
        return os.read(ear, 65536).decode()
    finally:
        os.close(ear)
        os.waitpid(pid, 0)


def as_nobody(action):
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    return action()


# -- the whole process -----------------------------------------------------------------------------------------------


def test_reads_itself_as_psutil_does():
    other, mine = psutil.Process(), read(os.getpid())
    assert (mine.ppid, mine.uid, list(mine.cmdline)) == (other.ppid(), other.uids().effective, other.cmdline())
    assert mine.exe_link == other.exe()
    assert started_at(mine.started_ticks, boot_time()) == pytest.approx(other.create_time(), abs=0.011)
    assert mine.pidns == os.stat("/proc/self/ns/pid").st_ino
    assert (mine.session, mine.kthread, mine.notes) == (os.getsid(0), False, ())


def test_reads_a_forked_child_and_then_says_it_is_gone():
    with child() as pid:
        assert read(pid).ppid == os.getpid()
    assert read(pid) is None
    assert cmdline(pid) is None
    assert exe(pid) is None
    assert starttime(pid) is None


def test_a_double_forked_process_has_lost_its_parent():
    ear, mouth = os.pipe()
    first = os.fork()
    if first == 0:
        second = os.fork()
        if second == 0:
            signal.pause()
        os.write(mouth, str(second).encode())
        os._exit(0)
    os.close(mouth)
    grandchild = int(os.read(ear, 32))
    os.close(ear)
    os.waitpid(first, 0)
    try:
        assert read(grandchild).ppid != first
    finally:
        os.kill(grandchild, signal.SIGKILL)


def test_a_thread_number_reads_as_its_process():
    import threading

    started, release = threading.Event(), threading.Event()
    tids = []

    def body():
        tids.append(threading.get_native_id())
        started.set()
        release.wait()

    thread = threading.Thread(target=body)
    thread.start()
    started.wait()
    try:
        assert read(tids[0]).cmdline == read(os.getpid()).cmdline
    finally:
        release.set()
        thread.join()


def test_a_zombie_has_a_name_and_nothing_to_run():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        found = read(pid)
        assert (found.state, found.exe_link, found.cmdline, found.notes) == ("Z", None, (), ())
        assert exe(pid).state == "unreadable"
    finally:
        os.waitpid(pid, 0)


HOSTILE = (
    b"a) R 1 1 (",
    b"new\nline",
    b"\x1b[31mred\x1b[0m",
    b"\xff\xfe\x80",
    b"((((",
    b"))))",
    b" ",
    b"0123456789abcde",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_a_process_gives_itself(name):
    with child(lambda: LIBC.prctl(PR_SET_NAME, ctypes.c_char_p(name), 0, 0, 0)) as pid:
        found = read(pid)
        assert os.fsencode(found.comm) == name
        assert found.ppid == os.getpid()
        assert found.started_ticks == starttime(pid)


def test_arguments_with_newlines_escapes_and_bytes_that_are_no_text():
    argv = [b"evil\n\x1b[2J", b"60", b"--x=\xff\xfe"]
    with running("/bin/sh", b"evil\n\x1b[2J", b"-c", b"kill -STOP $$", b"\xff\xfe", b"") as pid:
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        arguments = cmdline(pid)
        assert os.fsencode(arguments[0]) == argv[0]
        assert os.fsencode(arguments[3]) == b"\xff\xfe"
        assert read(pid).cmdline == arguments


def test_a_long_command_line_is_cut_and_says_so():
    with running("/bin/sh", "sh", "-c", "kill -STOP $$", *("x" * 1000 for _ in range(100))) as pid:
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        arguments = cmdline(pid)
        assert arguments[0] == "sh"
        assert arguments[-1].endswith(CUT)
        assert sum(len(argument) + 1 for argument in arguments) <= CMDLINE_LIMIT + len(CUT) + 1


def test_kernel_threads_are_known_by_the_kernels_flag():
    found = stat_of(2)
    if found is None or not found.kthread:
        pytest.skip("no kernel threads here: a container, or another pid namespace")
    kernel = read(2)
    assert (kernel.kthread, kernel.exe_link, kernel.cmdline) == (True, None, ())
    assert exe(2).state == "kernel"


# -- dying, and numbers that are used again --------------------------------------------------------------------------


def dying_at(name, pid):
    """An opener that kills the process just before one of its files is read."""

    def opener(wanted, dir_fd, limit):
        if wanted == name:
            end(pid)
        return processes.slurp(wanted, limit, dir_fd)

    return opener


def test_a_process_that_dies_before_its_stat_is_gone():
    with child() as pid:
        assert read(pid, opener=dying_at("stat", pid)) is None


def test_a_process_that_dies_before_its_command_line_is_told_in_part():
    with child() as pid:
        found = read(pid, opener=dying_at("cmdline", pid))
    assert found.ppid == os.getpid()
    assert found.cmdline == ()
    assert any("ended while it was read" in note for note in found.notes)


def test_a_process_that_execs_halfway_is_still_one_process():
    with running("/bin/sh", "sh", "-c", f"kill -STOP $$; exec {SLEEP} 60") as pid:
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        before = read(pid)
        os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + 5
        while read(pid).comm != "sleep" and time.monotonic() < deadline:
            os.sched_yield()
        after = read(pid)
        assert (after.comm, after.started_ticks) == ("sleep", before.started_ticks)


@root_only
@need_root
def test_a_number_that_is_used_again_gives_no_mixture(tmp_path):
    """In a pid namespace of its own, so that the next pid can be chosen."""
    assert answer_of(_reuse) == "'gone, and the successor has another start'"


def _reuse():
    """The reading process stays outside; pids are those of the new namespace, seen in a /proc of its own."""
    if LIBC.unshare(CLONE_NEWNS | 0x20000000) != 0:
        return "skipped"
    init = os.fork()
    if init:
        return os.waitstatus_to_exitcode(os.waitpid(init, 0)[1]) == 7 and "gone, and the successor has another start"
    LIBC.mount(b"none", b"/", None, ctypes.c_ulong(MS_REC_PRIVATE), None)
    LIBC.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(0), None)
    victim = _pausing()
    born, successor = starttime(victim), []

    def opener(name, dir_fd, limit):
        if name == "cmdline":
            end(victim)
            while ticks_of(time.clock_gettime_ns(time.CLOCK_BOOTTIME)) <= born + 1:
                os.sched_yield()  # the successor must start in a later tick, or starts could not tell them apart
            with open("/proc/sys/kernel/ns_last_pid", "w") as last:
                last.write(str(victim - 1))
            successor.append(_pausing())
        return processes.slurp(name, limit, dir_fd)

    try:
        found = read(victim, opener=opener)
        late = read(victim)
        fine = successor == [victim] and found.cmdline == () and late.started_ticks > found.started_ticks
        fine = fine and any("ended while" in note for note in found.notes)
    finally:
        os._exit(7 if fine else 1)


def _pausing():
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    return pid


# -- rights ----------------------------------------------------------------------------------------------------------


@root_only
@need_root
def test_nobody_reads_what_everyone_may_and_is_told_of_the_rest():
    def look():
        found = read(parent)
        return (
            found.comm,
            found.uid,
            bool(found.cmdline),
            found.exe_readable,
            found.exe_link,
            found.pidns,
            len(found.notes),
        )

    parent = os.getpid()
    assert answer_of(lambda: as_nobody(look)) == repr((read(parent).comm, 0, True, False, None, None, 1))
    assert answer_of(lambda: as_nobody(lambda: exe(parent).state)) == "'unreadable'"


@root_only
@need_root
@pytest.mark.parametrize(("option", "expected"), [("2", None), ("1", "not permitted")])
def test_hidepid_leaves_others_invisible_or_shut(option, expected, tmp_path):
    proc, stranger = str(tmp_path), os.getpid()

    def look():
        assert LIBC.unshare(CLONE_NEWNS) == 0
        LIBC.mount(b"none", b"/", None, ctypes.c_ulong(MS_REC_PRIVATE), None)
        assert LIBC.mount(b"proc", os.fsencode(proc), b"proc", ctypes.c_ulong(0), f"hidepid={option}".encode()) == 0
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        found, mine = read(stranger, proc), read(os.getpid(), proc)
        return hidepid(proc), found and (found.uid, found.started_ticks, found.exe_readable, found.notes), mine.comm

    for folder in [tmp_path, *list(tmp_path.parents)[:2]]:
        os.chmod(folder, 0o711)  # noqa: S103  nobody must get through to the mount
    text = answer_of(look)
    assert read(os.getpid()).comm in text
    if expected is None:
        assert text.startswith(("('invisible', None", "('2', None"))
    else:
        assert "Operation not permitted" in text or "Permission denied" in text
        assert "(0, None, False" in text


def test_no_hidepid_here_or_a_word_for_it():
    assert hidepid() in ("", "noaccess", "invisible", "ptraceable", "1", "2", "4")


# -- executables -----------------------------------------------------------------------------------------------------


def copy_of_sleep(folder, name="program"):
    return shutil.copy(SLEEP, os.path.join(folder, name))


def test_a_present_executable_is_named_and_identified(tmp_path):
    path = copy_of_sleep(tmp_path)
    with running(path, path, "60") as pid:
        found, there = exe(pid), os.stat(path)
        assert (found.path, found.state) == (path, "present")
        assert (found.dev, found.ino, found.size) == (there.st_dev, there.st_ino, there.st_size)


def test_a_deleted_executable(tmp_path):
    path = copy_of_sleep(tmp_path)
    with running(path, path, "60") as pid:
        os.unlink(path)
        assert (exe(pid).path, exe(pid).state) == (path, "deleted")
        assert read(pid).exe_link == path + " (deleted)"


def test_an_executable_replaced_by_an_update(tmp_path):
    path = copy_of_sleep(tmp_path)
    with running(path, path, "60") as pid:
        ino = os.stat(path).st_ino
        os.rename(copy_of_sleep(tmp_path, "newer"), path)
        found = exe(pid)
        assert (found.path, found.state, found.ino) == (path, "replaced", ino)


def test_a_file_that_is_really_called_deleted(tmp_path):
    path = copy_of_sleep(tmp_path, "x (deleted)")
    with running(path, "x", "60") as pid:
        assert (exe(pid).path, exe(pid).state) == (path, "present")
        os.unlink(path)
        assert (exe(pid).path, exe(pid).state) == (path, "deleted")


def test_a_program_that_was_never_on_disk():
    fd = os.memfd_create("payload", 0)
    with open(SLEEP, "rb") as program:
        os.write(fd, program.read())
    with running(fd, "quiet", "60") as pid:
        assert (exe(pid).path, exe(pid).state) == ("/memfd:payload", "memfd")
    os.close(fd)


def test_every_state_is_one_that_the_model_knows():
    assert {"present", "replaced", "deleted", "elsewhere", "memfd", "unreadable", "kernel"} == set(EXE_STATES)


# -- disguises -------------------------------------------------------------------------------------------------------


# -- clocks ----------------------------------------------------------------------------------------------------------


def test_boot_time_is_the_kernels_own():
    assert boot_time() == boot_time("/proc") == int(psutil.boot_time())


def test_starts_are_the_same_each_time():
    ticks = starttime(os.getpid())
    assert len({started_at(starttime(os.getpid()), boot_time()) for _ in range(200)}) == 1
    assert started_at(ticks, boot_time()) <= time.time()


def test_ticks_of_the_iterators_nanoseconds_are_stats_ticks():
    assert ticks_of(0) == 0
    assert ticks_of(10**9) == TICKS
    assert ticks_of(10**9 // TICKS - 1) == 0  # the kernel drops the rest


def test_boot_time_straddling_a_second_asks_proc(monkeypatch):
    clocks = iter([10**9 * 50 - 1, 0, 10**9 * 50 + 1])
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: next(clocks))
    with open("/proc/stat") as lines:
        assert boot_time() == next(int(line.split()[1]) for line in lines if line.startswith("btime"))


def test_a_proc_without_btime_is_told(tmp_path):
    (tmp_path / "stat").write_bytes(b"cpu 1 2 3\nbtime x\n")
    with pytest.raises(Truncated):
        boot_time(str(tmp_path))


# -- parsers ---------------------------------------------------------------------------------------------------------

LINE = b"17 (sh) S 1 17 16 34816 17 4194560 90 0 0 0 0 0 0 0 20 0 1 0 4242 2564096 200 18446744073709551615 1 1 0\n"


def test_stat_fields_stand_where_proc_5_says():
    found = parse_stat(LINE)
    assert (found.comm, found.state, found.ppid, found.session) == ("sh", "S", 1, 16)
    assert (found.tty_nr, found.started_ticks, found.kthread) == (34816, 4242, False)
    assert parse_stat(LINE.replace(b"4194560", str(4194560 | PF_KTHREAD).encode())).kthread


@pytest.mark.parametrize("place", range(LINE.index(b"4242") + 5))
def test_a_stat_cut_anywhere_is_truncated(place):
    with pytest.raises(Truncated):
        parse_stat(LINE[:place])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_stat_or_truncated(data):
    with contextlib.suppress(Truncated):
        assert isinstance(parse_stat(data).started_ticks, int)


@given(st.binary(min_size=1, max_size=15).filter(lambda name: b"\0" not in name))
def test_any_name_comes_back(name):
    assert os.fsencode(parse_stat(LINE.replace(b"sh", name, 1)).comm) == name


@given(
    st.lists(st.binary(min_size=1, max_size=40).map(lambda word: word.replace(b"\0", b"x")), min_size=1, max_size=30)
)
def test_arguments_come_back(words):
    assert [os.fsencode(word) for word in split_arguments(b"\0".join(words) + b"\0")] == words


@given(st.binary(max_size=400))
def test_any_bytes_are_arguments(data):
    assert all(isinstance(argument, str) for argument in split_arguments(data))


def test_titles_and_wiped_arguments():
    assert split_arguments(b"nginx: master process /usr/sbin/nginx\0\0\0\0") == (
        "nginx: master process /usr/sbin/nginx",
    )
    assert split_arguments(b"\0\0\0") == ()
    assert split_arguments(b"sh\0\0-c\0") == ("sh", "", "-c")


def test_reading_a_tree_of_files_instead_of_proc(tmp_path):
    folder = tmp_path / "17"
    folder.mkdir()
    (folder / "stat").write_bytes(LINE)
    (folder / "cmdline").write_bytes(b"sh\0-i\0")
    (folder / "exe").symlink_to("/bin/sh")
    found = read(17, str(tmp_path))
    assert (found.comm, found.cmdline, found.exe_link, found.pidns) == ("sh", ("sh", "-i"), "/bin/sh", None)
    (folder / "stat").write_bytes(LINE[:20])
    assert "ended before its 22nd field" in read(17, str(tmp_path)).notes[0]
    assert read(18, str(tmp_path)) is None


def test_a_fifo_in_the_way_does_not_stop_us(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert processes.slurp(str(tmp_path / "fifo")) == b""


def test_the_module_imports_nothing_heavy():
    heavy = "re json enum socket argparse subprocess pathlib datetime logging dataclasses typing functools collections"
    code = f"import sys; import hb_engine.inventory.linux.ancestry, hb_engine.inventory.linux.units; print(*[n for n in {heavy.split()} if n in sys.modules])"  # noqa: E501  one line of a program
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split() == []
