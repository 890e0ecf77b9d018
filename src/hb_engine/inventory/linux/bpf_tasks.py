"""All processes and all holders of sockets, from the kernel's own tables, in one read.

It loads the programs of wire/task_program.py as BPF iterators and reads what they write. Field offsets come from the
running kernel's BTF and are remembered for as long as the kernel's build stays the same. Needs CAP_BPF and CAP_PERFMON
(or CAP_SYS_ADMIN), Linux 5.17, BTF, and to stand in the initial pid namespace, since process numbers are the kernel's.
Raises CannotLook with the reason otherwise; the caller walks /proc instead. It changes nothing in the kernel, and what
it loads is gone when it returns.
"""

from __future__ import annotations

import ctypes
import os
from struct import Struct

from hb_engine.inventory.linux import machine
from hb_engine.inventory.linux.census import Census
from hb_engine.inventory.linux.syscalls import bpf
from hb_engine.model.errors import CannotLook, DataError
from hb_engine.wire.bpf import program_types
from hb_engine.wire.task_program import (
    AF_UNIX,
    FIELDS,
    FLIGHT_FIELDS,
    OPTIONAL,
    RING,
    file_program,
    mounts_of,
    records,
    task_program,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.inventory.linux.memo import Memo
    from hb_engine.wire.btf import Btf

BTF_FILE = "/sys/kernel/btf/vmlinux"
NOTES_FILE = "/sys/kernel/notes"  # holds the build id of the running kernel
PROG_LOAD, BTF_LOAD, LINK_CREATE, ITER_CREATE = 5, 18, 28, 33
TRACING, TRACE_ITER = 26, 28  # BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER
INITIAL_PID_NAMESPACE = 0xEFFFFFFC  # PROC_PID_INIT_INO, include/linux/proc_ns.h
# prog_type, insn_cnt, insns, license, log_level, log_size, log_buf, kern_version, prog_flags, prog_name, prog_ifindex,
# expected_attach_type, prog_btf_fd, func_info_rec_size, func_info, func_info_cnt, line_info_rec_size, line_info,
# line_info_cnt, attach_btf_id, attach_prog_fd: union bpf_attr, include/uapi/linux/bpf.h
LOAD_ATTR = Struct("<IIQQIIQII16sIIIIQIIQIII4x")
READ_SIZE = 1 << 18
REMEDY = "Nothing is lost but time: /proc is read instead. Root, or CAP_BPF with CAP_PERFMON, may use BPF."
SWITCH = "HB_BPF"  # a person's way to do without, on a machine where BPF is watched or in doubt
TARGETS = ("bpf_iter_task", "bpf_iter_task_file")


def census(memo: Memo | None = None) -> Census:
    """Ask the kernel for all processes and holders. Raises CannotLook when it may not, or cannot, be asked this way."""
    if os.environ.get(SWITCH) == "no":
        raise CannotLook(f"BPF is switched off by {SWITCH}=no.", f"unset {SWITCH}")
    if os.stat("/proc/self/ns/pid").st_ino != INITIAL_PID_NAMESPACE:
        raise CannotLook("BPF counts processes as the whole machine does, and hb runs in a pid namespace.", REMEDY)
    try:
        at = offsets(memo)
        found = Census("bpf task iterator")
        data = _drain(_open(_load_with_callbacks(task_program(at), at[TARGETS[0]])))
        there = machine.threads()
        for pid in _add(found, data):  # more sockets than fit in the kernel's buffer for one task
            _add(found, _drain(_open(_load(file_program(at), at[TARGETS[1]]), pid)))
    except (OSError, ValueError, DataError) as problem:
        raise CannotLook(f"BPF could not be used ({problem}).", REMEDY) from problem
    found.unlisted = there - found.threads
    return found


def offsets(memo: Memo | None = None) -> dict[str, int]:
    """Field offsets and type numbers of the running kernel, from memory or from its BTF."""
    stamp = _read_file(NOTES_FILE).hex() + f"-{os.stat(BTF_FILE).st_size}-{len(FIELDS)}-{_fingerprint()}"
    known = memo.get("kernel-offsets", stamp) if memo else None
    if known:
        return {name: int(value) for name, value in (line.split("\t") for line in known.splitlines())}
    at = read_offsets(_read_file(BTF_FILE))
    if memo:
        memo.put("kernel-offsets", stamp, "\n".join([f"{name}\t{value}" for name, value in at.items()]))
    return at


def read_offsets(data: bytes) -> dict[str, int]:
    """The same from the bytes of a BTF file. Raises DataError when this kernel lacks a field that is needed."""
    from hb_engine.wire.btf import FUNC, STRUCT, Btf  # only needed until the answer is remembered

    btf = Btf(data)
    at = {target: btf.find(target, FUNC) for target in TARGETS}
    for structure, fields in FIELDS.items():
        number = btf.find(structure, STRUCT)
        for field in fields:
            at[f"{structure}.{field}"] = _offset(btf.offset, number, field, f"{structure}.{field}" in OPTIONAL)
    return at | _flight_offsets(btf)


def _flight_offsets(btf: Btf) -> dict[str, int]:
    """What the rarely needed program needs besides; all -1 when this kernel lacks any of it."""
    from hb_engine.wire.btf import STRUCT

    names = [(structure, field) for structure, fields in FLIGHT_FIELDS.items() for field in fields]
    try:
        return {f"{structure}.{field}": btf.offset(btf.find(structure, STRUCT), field) for structure, field in names}
    except DataError:
        return {f"{structure}.{field}": -1 for structure, field in names}


def _offset(find: Callable[[int, str], int], number: int, field: str, optional: bool) -> int:
    *older, last = field.split("|")
    for name in older:
        try:
            return find(number, name)
        except DataError:
            continue
    try:
        return find(number, last)
    except DataError:
        if optional:
            return -1
        raise


def _fingerprint() -> int:
    """Changes when this version of hb asks for other fields."""
    from zlib import crc32

    return crc32(repr((FIELDS, FLIGHT_FIELDS, TARGETS)).encode())


def waiting_sockets(pids: Iterable[int], memo: Memo | None = None) -> list[tuple[int, int, int]]:
    """Sockets in flight in the unix sockets of some processes: (inode, pid, that socket's fd). Raises CannotLook."""
    from hb_engine.wire.flight_program import flight_program  # a rarity

    try:
        at = offsets(memo)
        if at["sk_buff.cb"] < 0:
            raise CannotLook("This kernel does not describe messages that carry descriptors.", REMEDY)
        found = []
        for pid in pids:
            data = _drain(_open(_load_with_callbacks(flight_program(at), at[TARGETS[1]]), pid))
            found += [(row[4], row[1], row[3]) for row in records(data)[2]]
    except (OSError, ValueError, DataError) as problem:
        raise CannotLook(f"BPF could not be used ({problem}).", REMEDY) from problem
    return found


def _load_with_callbacks(program: tuple[bytes, tuple[int, int]], target: int) -> int:
    code, callbacks = program
    types = program_types(("main", "outer", "inner"))
    text = (ctypes.c_char * len(types)).from_buffer_copy(types)
    btf = bpf(BTF_LOAD, Struct("<QQIII4x").pack(ctypes.addressof(text), 0, len(types), 0, 0))
    try:
        return _load(code, target, btf, (0, *callbacks))
    finally:
        os.close(btf)


def _load(code: bytes, target: int, btf: int = 0, functions: tuple[int, ...] = ()) -> int:
    """Load a program for an iterator target; its descriptor. `functions` are where each function of it begins."""
    text = (ctypes.c_char * len(code)).from_buffer_copy(code)
    licence = ctypes.create_string_buffer(b"Dual MIT/GPL")  # bpf_seq_write is for programs that say GPL
    info = b"".join([Struct("<II").pack(first, 3 + number) for number, first in enumerate(functions)])
    table = (ctypes.c_char * max(len(info), 1)).from_buffer_copy(info or b"\0")
    # fmt: off
    attr = LOAD_ATTR.pack(
        TRACING, len(code) // 8, ctypes.addressof(text), ctypes.addressof(licence), 0, 0, 0, 0, 0, b"hb_engine", 0,
        TRACE_ITER, btf, 8, ctypes.addressof(table) if functions else 0, len(functions), 0, 0, 0, target, 0,
    )
    # fmt: on
    return bpf(PROG_LOAD, attr)


def _open(program: int, pid: int = 0) -> int:
    """A stream of what an iterator writes; of one process when a pid is given (Linux 6.1). Closes the program."""
    info = Struct("<III4x").pack(0, pid, 0)  # union bpf_iter_link_info: task.tid, task.pid, task.pid_fd
    text = (ctypes.c_char * len(info)).from_buffer_copy(info)
    where = (ctypes.addressof(text), 12) if pid else (0, 0)
    try:
        link = bpf(LINK_CREATE, Struct("<IIIIQI36x").pack(program, 0, TRACE_ITER, 0, *where))
        try:
            return bpf(ITER_CREATE, Struct("<II").pack(link, 0))
        finally:
            os.close(link)
    finally:
        os.close(program)


def _drain(stream: int) -> bytes:
    """Everything from a stream, which is closed."""
    try:
        chunks = []
        while chunk := os.read(stream, READ_SIZE):
            chunks.append(chunk)
        return b"".join(chunks)
    finally:
        os.close(stream)


def _add(found: Census, data: bytes) -> set[int]:
    """Sort the programs' records into the census; the processes that have more sockets than one record buffer takes."""
    places, spaces, held, more, threads, parents = records(data)
    if places:
        found.threads, found.parents = threads, parents
        found.mounts = mounts_of(data)
        found.table, found.places = data, places
        for net, pid in dict(spaces[::-1]).items():  # one process of each namespace is enough: the first
            if net:  # one that is about to end is in none
                found.netns[net] = pid
    for _, pid, tid, fd, inode, net, family, state, port, protocol, kind in held:
        if family == RING:
            found.rings.append((pid, tid, fd))
        elif family == AF_UNIX:
            found.flights.append((pid, tid, fd, net))
        else:
            found.hold(inode, pid, tid, fd)
            found.strangers[inode] = (net, family, state, port, protocol, kind)
    return more


def _read_file(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        chunks: Iterable[bytes] = iter(lambda: os.read(descriptor, 1 << 23), b"")
        return b"".join(chunks)
    finally:
        os.close(descriptor)
