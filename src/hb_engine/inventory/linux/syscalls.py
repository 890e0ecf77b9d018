"""The system calls that Python 3.11 does not offer, through ctypes: bpf, setns, kcmp, prctl, pidfd_open, pidfd_getfd.

Nothing else in the project calls into C. Each raises OSError with the kernel's errno, as os does. Numbers are from
arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h (all other 64-bit systems; 32-bit ones
share pidfd_getfd). A system whose numbers are not known is told so, never guessed at.
"""

from __future__ import annotations

import ctypes
import errno
import os

CLONE_NEWNET = 0x40000000
KCMP_FILES = 2
PR_SET_PDEATHSIG = 1
X86_64 = {"bpf": 321, "setns": 308, "kcmp": 312, "prctl": 157}
GENERIC = {"bpf": 280, "setns": 268, "kcmp": 272, "prctl": 167}  # aarch64, riscv64, loongarch64
OTHERS = {
    "ppc64le": {"bpf": 361, "setns": 350, "kcmp": 354, "prctl": 171},
    "s390x": {"bpf": 351, "setns": 339, "kcmp": 343, "prctl": 172},
}
SAME_EVERYWHERE = {"pidfd_open": 434, "pidfd_getfd": 438}  # added after the tables were unified in Linux 5.1

_libc = ctypes.CDLL(None, use_errno=True)
_machine = os.uname().machine
_numbers = SAME_EVERYWHERE | (
    X86_64
    if _machine == "x86_64"
    else GENERIC
    if _machine in ("aarch64", "riscv64", "loongarch64")
    else OTHERS.get(_machine, {})
)


def bpf(command: int, attr: bytes | bytearray) -> int:
    """bpf(2) with the bytes of a union bpf_attr; what it returns is a file descriptor for most commands."""
    buffer = (ctypes.c_char * len(attr)).from_buffer_copy(attr)
    return _call("bpf", ctypes.c_int(command), ctypes.byref(buffer), ctypes.c_uint(len(attr)))


def bpf_answer(command: int, attr: bytes, info: bytearray | None = None) -> bytes:
    """bpf(2) for commands that write their answer into the union; `info` is what the union points at, at offset 8."""
    buffer = (ctypes.c_char * len(attr)).from_buffer_copy(attr)
    if info is not None:
        room = (ctypes.c_char * len(info)).from_buffer(info)
        ctypes.c_uint64.from_buffer(buffer, 8).value = ctypes.addressof(room)
    _call("bpf", ctypes.c_int(command), ctypes.byref(buffer), ctypes.c_uint(len(attr)))
    return bytes(buffer)


def setns(fd: int, kind: int = CLONE_NEWNET) -> None:
    """setns(2): move the calling thread into the namespace behind fd."""
    _call("setns", ctypes.c_int(fd), ctypes.c_int(kind))


def end_with_parent(signal: int) -> None:
    """prctl(2), PR_SET_PDEATHSIG: have this signal sent when the parent ends. A change of user or group undoes it."""
    _call("prctl", ctypes.c_int(PR_SET_PDEATHSIG), ctypes.c_ulong(signal), *[ctypes.c_ulong(0)] * 3)


def pidfd_open(pid: int) -> int:
    """pidfd_open(2), Linux 5.3: a descriptor that stands for this process and never for a later one of its number."""
    return _call("pidfd_open", ctypes.c_int(pid), ctypes.c_uint(0))


def pidfd_getfd(pidfd: int, fd: int) -> int:
    """pidfd_getfd(2), Linux 5.6: a copy of another process's descriptor. Close it at once: it keeps the socket open."""
    return _call("pidfd_getfd", ctypes.c_int(pidfd), ctypes.c_int(fd), ctypes.c_uint(0))


def same_files(pid: int, tid: int) -> bool:
    """kcmp(2): do two tasks share one descriptor table? False also when the kernel will not say."""
    try:
        return (
            _call("kcmp", ctypes.c_int(pid), ctypes.c_int(tid), ctypes.c_int(KCMP_FILES), *[ctypes.c_ulong(0)] * 2) == 0
        )
    except OSError:
        return False


def _call(name: str, *args: object) -> int:
    number = _numbers.get(name)
    if number is None:
        raise OSError(errno.ENOSYS, f"hb does not know the number of {name}(2) on {_machine}")
    result: int = _libc.syscall(ctypes.c_long(number), *args)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result
