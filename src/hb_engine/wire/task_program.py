"""The BPF program that answers "who runs, who holds which socket, in which namespace" in one read.

A BPF iterator calls it once for each task (thread). For a process it writes one Process record; then it walks the
descriptor table itself, with bpf_loop over the words of the bitmap of open descriptors, and writes a Held record for
each socket that may be an opening, for each io_uring, and for each unix socket with descriptors in flight. `ss` asks
for the same with one readlink for each descriptor.

A second program does the same for one descriptor at a time (iter/task_file). It is slower, and is used for a process
with more sockets than one record buffer of the kernel (32 KiB for each task) can take.

Offsets come from the running kernel's BTF. Nothing here loads or runs. Source of the semantics: kernel/bpf/task_iter.c,
include/linux/fdtable.h, include/net/sock.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.wire.bpf import FP, Code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Offsets = dict[str, int]
    Row = tuple[Any, ...]

LOOP, SEQ_WRITE, PROBE_READ = 181, 127, 113  # bpf_loop (5.17), bpf_seq_write (5.8), bpf_probe_read_kernel (5.5)
PROCESS, HELD, MORE = 1, 2, 3
RING = 0xFFFF  # stands in `family` for an io_uring
SOCKETS_OF_A_TASK = 300  # times 80 bytes, stays below the buffer of 32 KiB with the process's own record
S_IFMT, S_IFSOCK, S_IFREG, ANON_INODE_MAGIC = 0xF000, 0xC000, 0x8000, 0x09041934
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, SOCK_RAW = 1, 2, 10, 16, 3
TCP_CLOSE, TCP_LISTEN = 7, 10
IO_URING = int.from_bytes(b"[io_urin", "little")

# kind, pid, parent, uid, flags, threads, netns, mount namespace | start (ns since boot), cgroups, exe, device | comm
PROCESS_ROW = Struct("<8I4Q16s")
# kind, pid, tid, fd | inode | netns (or, of a unix socket, descriptors in flight), family, state, port, protocol, type
HELD_ROW = Struct("<4IQIHBxHHH42x")
SIZE = PROCESS_ROW.size  # both are of one size, so that a column can be cut out at once

FIELDS = {  # what must be known of this kernel; `a|b` are names of one field in different versions
    "task_struct": (
        "tgid", "pid", "group_leader", "real_parent", "real_cred", "start_boottime|real_start_time", "nsproxy",
        "cgroups", "mm", "flags", "comm", "files", "signal",
    ),
    "cred": ("uid",),
    "nsproxy": ("net_ns", "mnt_ns"),
    "net": ("ns.inum",),
    "mnt_namespace": ("ns.inum",),
    "mm_struct": ("exe_file",),
    "signal_struct": ("nr_threads",),
    "files_struct": ("fdt",),
    "fdtable": ("max_fds", "fd", "open_fds"),
    "file": ("f_inode", "private_data", "f_path.dentry"),
    "dentry": ("d_name.name",),
    "inode": ("i_mode", "i_ino", "i_sb"),
    "super_block": ("s_magic", "s_dev"),
    "socket": ("sk",),
    "sock": (
        "__sk_common.skc_family", "__sk_common.skc_state", "__sk_common.skc_num", "__sk_common.skc_net",
        "sk_protocol", "sk_type",
    ),
    "unix_sock": ("scm_stat.nr_fds",),
}  # fmt: skip
FLIGHT_FIELDS = {
    "sock": ("sk_receive_queue",),
    "sk_buff": ("next", "cb"),
    "unix_skb_parms": ("fp",),
    "scm_fp_list": ("count", "fp"),
}  # what flight_program needs besides
OPTIONAL = {"unix_sock.scm_stat.nr_fds"}  # Linux 5.9; without it every unix socket is a candidate


def task_program(at: Offsets) -> tuple[bytes, tuple[int, int]]:
    """The iterator over tasks, and the index of the first instruction of each of its two callbacks."""
    code = Code()
    _each_task(code, at)
    _each_word(code)
    _each_bit(code, at)
    return code.assemble(), (code.place("word"), code.place("bit"))


def file_program(at: Offsets) -> bytes:
    """The iterator over the descriptors of one process (ctx: +0 meta, +8 task, +16 fd, +24 file)."""
    code = Code()
    code.alu("mov", 6, 1)
    code.load(8, 7, 6, 8)
    code.jump_imm("eq", 7, 0, "next")
    code.load(8, 2, 6, 24)
    code.jump_imm("eq", 2, 0, "next")
    code.load(4, 3, 7, at["task_struct.tgid"])
    code.store(4, FP, ROW + 4, 3)
    code.load(4, 3, 7, at["task_struct.pid"])
    code.store(4, FP, ROW + 8, 3)
    code.load(4, 3, 6, 16)
    code.store(4, FP, ROW + 12, 3)
    _judge_file(code, at)
    code.load(8, 1, 6, 0)
    code.load(8, 1, 1, 0)
    write(code, ROW, HELD_ROW.size)
    code.label("next")
    code.alu_imm("mov", 0, 0)
    code.exit()
    return code.assemble()


def records(data: bytes) -> tuple[dict[int, int], list[tuple[int, int]], list[Row], set[int], int, set[int]]:
    """Take what the programs wrote apart, a column at a time.

    Gives where each process's record begins (pid -> byte), (netns, pid) of each process, the Held rows, the processes
    that have more sockets than fit, the number of threads of all processes, and the pids of all parents. Raises
    ValueError for bytes that are no such records.
    """
    if len(data) % SIZE:
        raise ValueError(f"the iterator's last record is cut short after {len(data) % SIZE} of {SIZE} bytes")
    words = memoryview(data).cast("I")
    kinds, pids = words[0 :: SIZE // 4].tolist(), words[1 :: SIZE // 4].tolist()
    if not {PROCESS, HELD, MORE}.issuperset(kinds):
        raise ValueError("the iterator's records are none of ours")
    others = [number for number, kind in enumerate(kinds) if kind != PROCESS]
    held = [HELD_ROW.unpack_from(data, number * SIZE) for number in others if kinds[number] == HELD]
    more = {pids[number] for number in others if kinds[number] == MORE}
    places = dict(zip(pids, range(0, len(data), SIZE), strict=True))
    spaces = list(zip(words[6 :: SIZE // 4].tolist(), pids, strict=True))
    parents = words[2 :: SIZE // 4].tolist()
    if others:
        keep = [number for number, kind in enumerate(kinds) if kind == PROCESS]
        places = {pids[number]: number * SIZE for number in keep}
        spaces = [spaces[number] for number in keep]
        parents = [parents[number] for number in keep]
    threads = sum(words[5 :: SIZE // 4])  # the high half of an inode, zero, in Held rows
    return places, spaces, held, more, threads, set(parents)


def mounts_of(data: bytes) -> dict[int, int]:
    """The mount namespaces of all processes: inode -> a process in it. Most machines have one, or a few."""
    words = memoryview(data).cast("I")
    kinds, mounts = words[0 :: SIZE // 4].tolist(), words[7 :: SIZE // 4].tolist()
    if len(set(mounts)) < 2:
        return {mount: words[1] for mount in mounts[:1] if mount}
    pids = words[1 :: SIZE // 4].tolist()
    return {mounts[at]: pids[at] for at, kind in enumerate(kinds) if kind == PROCESS and mounts[at]}


# The stack of the iterator over tasks. Its callback sees the part from CONTEXT on.
PROCESS_AT = -PROCESS_ROW.size  # 80 bytes
POINTER = PROCESS_AT - 8
CONTEXT = POINTER - 56
IDS, SEQ, TABLE, BITMAP, COUNT, WORD, BASE = 0, 8, 16, 24, 32, 40, 48
PROCESS_FIELDS = (  # size, offset in the record, and the way there from the task
    (4, 8, "task_struct.real_parent", "task_struct.tgid"),
    (4, 12, "task_struct.real_cred", "cred.uid"),
    (4, 16, "task_struct.flags"),
    (4, 20, "task_struct.signal", "signal_struct.nr_threads"),
    (4, 24, "task_struct.nsproxy", "nsproxy.net_ns", "net.ns.inum"),
    (4, 28, "task_struct.nsproxy", "nsproxy.mnt_ns", "mnt_namespace.ns.inum"),
    (8, 32, "task_struct.start_boottime|real_start_time"),
    (8, 40, "task_struct.cgroups"),  # an address: the same address, the same cgroups
    (8, 48, "task_struct.mm", "mm_struct.exe_file", "file.f_inode", "inode.i_ino"),
    (4, 56, "task_struct.mm", "mm_struct.exe_file", "file.f_inode", "inode.i_sb", "super_block.s_dev"),
    (16, 64, "task_struct.comm"),
)
# The stack of the callback, and of the iterator over files.
ROW = -HELD_ROW.size
SCRATCH = ROW - 16
FILE = SCRATCH - 8


def _each_task(code: Code, at: Offsets) -> None:
    """r6 = ctx, r7 = task, r9 = its files.

    Fields are copied with bpf_probe_read_kernel, not loaded through typed pointers: for each of those the verifier
    searches all of the kernel's types by name, and 20 of them take it 16 ms.
    """
    code.alu("mov", 6, 1)
    code.load(8, 7, 6, 8)
    code.jump_imm("eq", 7, 0, "end")
    read(code, CONTEXT + IDS, 4, 7, at["task_struct.tgid"])
    read(code, CONTEXT + IDS + 4, 4, 7, at["task_struct.pid"])
    read(code, POINTER, 8, 7, at["task_struct.files"])
    code.load(8, 9, FP, POINTER)
    code.load(4, 1, FP, CONTEXT + IDS)
    code.load(4, 2, FP, CONTEXT + IDS + 4)
    code.jump_reg("ne", 1, 2, "thread")
    _process(code, at)
    code.jump("descriptors")
    code.label("thread")  # a thread is walked only when its descriptor table is not its leader's
    read(code, POINTER, 8, 7, at["task_struct.group_leader"])
    read_at(code, POINTER, 8, POINTER, at["task_struct.files"])
    code.load(8, 1, FP, POINTER)
    code.jump_reg("eq", 1, 9, "end")
    code.label("descriptors")
    code.jump_imm("eq", 9, 0, "end")
    _walk_table(code, at)
    code.label("end")
    code.alu_imm("mov", 0, 0)
    code.exit()


def _process(code: Code, at: Offsets) -> None:
    """Write the Process record of the task in r7."""
    for offset in range(PROCESS_AT, 0, 8):
        code.store_imm(8, FP, offset, 0)
    code.store_imm(4, FP, PROCESS_AT, PROCESS)
    code.load(4, 1, FP, CONTEXT + IDS)
    code.store(4, FP, PROCESS_AT + 4, 1)
    for size, offset, first, *path in PROCESS_FIELDS:
        slot = PROCESS_AT + offset
        read(code, POINTER if path else slot, 8 if path else size, 7, at[first])
        for step in path[:-1]:
            read_at(code, POINTER, 8, POINTER, at[step])
        if path:
            read_at(code, slot, size, POINTER, at[path[-1]])
    code.load(8, 8, 6, 0)
    code.load(8, 8, 8, 0)  # r8 = the seq file
    code.alu("mov", 1, 8)
    write(code, PROCESS_AT, PROCESS_ROW.size)


def _walk_table(code: Code, at: Offsets) -> None:
    """Call the callback for each word (64 descriptors) of the bitmap of open descriptors of the files in r9."""
    read(code, POINTER, 8, 9, at["files_struct.fdt"])
    read_at(code, CONTEXT + TABLE, 8, POINTER, at["fdtable.fd"])
    read_at(code, CONTEXT + BITMAP, 8, POINTER, at["fdtable.open_fds"])
    read_at(code, CONTEXT + WORD, 4, POINTER, at["fdtable.max_fds"])
    # Zero, read from nowhere: a count that the verifier knew would make it follow every count there is.
    code.alu_imm("mov", 3, 0)
    read_into(code, CONTEXT + COUNT, 8)
    code.load(8, 8, 6, 0)
    code.load(8, 8, 8, 0)  # r8 = the seq file
    code.store(8, FP, CONTEXT + SEQ, 8)
    code.load(4, 1, FP, CONTEXT + WORD)
    code.alu_imm("rsh", 1, 6)
    code.function(2, "word")
    code.alu("mov", 3, FP)
    code.alu_imm("add", 3, CONTEXT)
    code.alu_imm("mov", 4, 0)
    code.call(LOOP)
    code.load(8, 1, FP, CONTEXT + COUNT)
    code.jump_imm("lt", 1, SOCKETS_OF_A_TASK, "end")
    for offset in range(PROCESS_AT, PROCESS_AT + HELD_ROW.size, 8):
        code.store_imm(8, FP, offset, 0)
    code.store_imm(4, FP, PROCESS_AT, MORE)  # say so: the process is read again, one descriptor at a time
    code.load(4, 1, FP, CONTEXT + IDS)
    code.store(4, FP, PROCESS_AT + 4, 1)
    code.alu("mov", 1, 8)
    write(code, PROCESS_AT, HELD_ROW.size)


def _each_word(code: Code) -> None:
    """callback(r1 = word number, r2 = context): call the next callback for the descriptors of a word that has any."""
    code.label("word")
    code.alu("mov", 6, 2)
    code.alu("mov", 7, 1)
    code.alu("mov", 8, 1)
    code.alu_imm("lsh", 7, 6)
    code.store(8, 6, BASE, 7)
    code.load(8, 3, 6, BITMAP)
    code.alu_imm("lsh", 8, 3)
    code.alu("add", 3, 8)
    read_into(code, -8, 8)
    code.load(8, 8, FP, -8)
    code.store(8, 6, WORD, 8)
    code.jump_imm("eq", 8, 0, "no descriptors")
    code.alu_imm("mov", 1, 64)
    code.function(2, "bit")
    code.alu("mov", 3, 6)
    code.alu_imm("mov", 4, 0)
    code.call(LOOP)
    code.label("no descriptors")
    code.alu_imm("mov", 0, 0)
    code.exit()


def _each_bit(code: Code, at: Offsets) -> None:
    """callback(r1 = bit, r2 = context): look at one descriptor. Returns 1, which ends the loop, when none is left."""
    code.label("bit")
    code.alu("mov", 6, 2)
    code.alu("mov", 7, 1)
    code.load(8, 8, 6, WORD)
    code.alu("rsh", 8, 7)
    code.jump_imm("eq", 8, 0, "stop")
    code.alu_imm("and", 8, 1)
    code.jump_imm("eq", 8, 0, "next")
    code.load(8, 1, 6, COUNT)
    code.jump_imm("ge", 1, SOCKETS_OF_A_TASK, "stop")
    code.load(8, 1, 6, BASE)
    code.alu("add", 7, 1)
    _one_descriptor(code, at)
    code.label("next")
    code.alu_imm("mov", 0, 0)
    code.exit()
    code.label("stop")
    code.alu_imm("mov", 0, 1)
    code.exit()


def _one_descriptor(code: Code, at: Offsets) -> None:
    """Look at descriptor r7, and write a Held record if it is of use; otherwise go to `next`. r6 = context."""
    code.alu("mov", 1, 7)
    code.store(4, FP, ROW + 12, 1)
    code.load(8, 3, 6, TABLE)
    code.alu_imm("lsh", 1, 3)
    code.alu("add", 3, 1)
    read_into(code, SCRATCH, 8)
    code.load(8, 2, FP, SCRATCH)
    code.jump_imm("eq", 2, 0, "next")
    code.load(4, 3, 6, IDS)
    code.store(4, FP, ROW + 4, 3)
    code.load(4, 3, 6, IDS + 4)
    code.store(4, FP, ROW + 8, 3)
    _judge_file(code, at)
    code.load(8, 1, 6, COUNT)
    code.alu_imm("add", 1, 1)
    code.store(8, 6, COUNT, 1)
    code.load(8, 1, 6, SEQ)
    write(code, ROW, HELD_ROW.size)


def _judge_file(code: Code, at: Offsets) -> None:
    """Fill the Held record at ROW from the struct file in r2, or go to `next` when it is of no use."""
    code.store(8, FP, FILE, 2)
    read(code, SCRATCH, 8, 2, at["file.f_inode"])
    read_at(code, SCRATCH + 8, 2, SCRATCH, at["inode.i_mode"])
    code.load(2, 1, FP, SCRATCH + 8)
    code.alu_imm("and", 1, S_IFMT)
    code.jump_imm("eq", 1, S_IFSOCK, "socket")
    code.jump_imm("eq", 1, 0, "anonymous")
    code.jump_imm("ne", 1, S_IFREG, "next")
    code.label("anonymous")
    _judge_ring(code, at)
    code.jump("emit")
    code.label("socket")
    _judge_socket(code, at)
    code.label("emit")
    read_at(code, FILE, 8, FILE, at["file.f_inode"])
    read_at(code, ROW + 16, 8, FILE, at["inode.i_ino"])
    code.store_imm(4, FP, ROW, HELD)


def _judge_ring(code: Code, at: Offsets) -> None:
    """Is the file of the inode at SCRATCH an io_uring? Then say so with family RING."""
    read_at(code, SCRATCH, 8, SCRATCH, at["inode.i_sb"])
    read_at(code, SCRATCH, 8, SCRATCH, at["super_block.s_magic"])
    code.load(8, 1, FP, SCRATCH)
    code.jump_imm("ne", 1, ANON_INODE_MAGIC, "next")
    read_at(code, SCRATCH, 8, FILE, at["file.f_path.dentry"])
    read_at(code, SCRATCH, 8, SCRATCH, at["dentry.d_name.name"])
    read_at(code, SCRATCH, 8, SCRATCH, 0)
    code.load(8, 1, FP, SCRATCH)
    code.constant(2, IO_URING)
    code.jump_reg("ne", 1, 2, "next")
    _clear_facts(code)
    code.store_imm(2, FP, ROW + 28, RING)


def _clear_facts(code: Code) -> None:
    for offset in range(24, SIZE, 8):
        code.store_imm(8, FP, ROW + offset, 0)


def _judge_socket(code: Code, at: Offsets) -> None:
    """Keep what may be an opening: listeners, unconnected and raw sockets, packet, vsock and stranger families."""
    _clear_facts(code)
    read_at(code, SCRATCH, 8, FILE, at["file.private_data"])
    read_at(code, SCRATCH, 8, SCRATCH, at["socket.sk"])
    code.load(8, 1, FP, SCRATCH)
    code.jump_imm("eq", 1, 0, "next")
    read_at(code, ROW + 28, 2, SCRATCH, at["sock.__sk_common.skc_family"])
    code.load(2, 1, FP, ROW + 28)
    code.jump_imm("eq", 1, AF_NETLINK, "next")
    code.jump_imm("eq", 1, AF_UNIX, "unix")
    read_at(code, ROW + 30, 1, SCRATCH, at["sock.__sk_common.skc_state"])
    read_at(code, ROW + 32, 2, SCRATCH, at["sock.__sk_common.skc_num"])
    read_at(code, ROW + 34, 2, SCRATCH, at["sock.sk_protocol"])
    read_at(code, ROW + 36, 2, SCRATCH, at["sock.sk_type"])
    read_at(code, SCRATCH + 8, 8, SCRATCH, at["sock.__sk_common.skc_net"])
    read_at(code, ROW + 24, 4, SCRATCH + 8, at["net.ns.inum"])
    code.load(2, 1, FP, ROW + 28)
    code.jump_imm("eq", 1, AF_INET, "internet")
    code.jump_imm("ne", 1, AF_INET6, "emit")
    code.label("internet")
    code.load(1, 1, FP, ROW + 30)
    code.jump_imm("eq", 1, TCP_LISTEN, "emit")
    code.load(2, 2, FP, ROW + 36)
    code.jump_imm("eq", 2, SOCK_RAW, "emit")
    code.jump_imm("ne", 1, TCP_CLOSE, "next")
    code.load(2, 1, FP, ROW + 32)
    code.jump_imm("eq", 1, 0, "next")  # never bound
    code.jump("emit")
    code.label("unix")
    if at["unix_sock.scm_stat.nr_fds"] < 0:
        code.jump("emit")
    read_at(code, ROW + 24, 4, SCRATCH, at["unix_sock.scm_stat.nr_fds"])
    code.load(4, 1, FP, ROW + 24)
    code.jump_imm("eq", 1, 0, "next")


def read(code: Code, slot: int, size: int, base: int, offset: int) -> None:
    """Copy `size` bytes at register + offset into a stack slot; what cannot be read becomes zeros."""
    code.alu("mov", 3, base)
    code.alu_imm("add", 3, offset)
    read_into(code, slot, size)


def read_at(code: Code, slot: int, size: int, pointer: int, offset: int) -> None:
    """As read, from the address that lies in another stack slot."""
    code.load(8, 3, FP, pointer)
    code.alu_imm("add", 3, offset)
    read_into(code, slot, size)


def read_into(code: Code, slot: int, size: int) -> None:
    """As read, from the address that r3 already holds."""
    code.alu("mov", 1, FP)
    code.alu_imm("add", 1, slot)
    code.alu_imm("mov", 2, size)
    code.call(PROBE_READ)


def write(code: Code, slot: int, size: int) -> None:
    """bpf_seq_write(r1, slot, size)."""
    code.alu("mov", 2, FP)
    code.alu_imm("add", 2, slot)
    code.alu_imm("mov", 3, size)
    code.call(SEQ_WRITE)
