"""The BPF program that looks into unix sockets for sockets on their way to another process (SCM_RIGHTS).

/proc tells how many descriptors wait in a unix socket, not which. This walks the receive queue of each unix socket of
one process, message by message and file by file, and writes a Held record for every socket that it finds there: the
inode is the waiting socket's, pid and fd are those of the unix socket it waits in.

Sources: include/net/scm.h, net/unix/af_unix.c.
"""

from __future__ import annotations

from hb_engine.wire.bpf import FP, Code
from hb_engine.wire.task_program import (
    AF_UNIX,
    HELD,
    HELD_ROW,
    LOOP,
    S_IFMT,
    S_IFSOCK,
    SIZE,
    TYPE_CHECKING,
    read,
    read_at,
    read_into,
    write,
)

if TYPE_CHECKING:
    from hb_engine.wire.task_program import Offsets

FLIGHT = 0xFFFE  # stands in `family`: the record's socket is in flight
MESSAGES, FILES = 1024, 253  # how far a queue is followed; SCM_MAX_FD of include/net/scm.h
CONTEXT = -56
IDS, SEQ, QUEUE, NEXT, LIST, DESCRIPTOR, COUNT = 0, 8, 16, 24, 32, 40, 48
SCRATCH = CONTEXT - 16
ROW = -HELD_ROW.size
FILE = ROW - 16


def flight_program(at: Offsets) -> tuple[bytes, tuple[int, int]]:
    """The iterator over the descriptors of one process, and where its two callbacks begin."""
    code = Code()
    _each_file(code, at)
    _each_message(code, at)
    _each_waiting_file(code, at)
    return code.assemble(), (code.place("message"), code.place("file"))


def _each_file(code: Code, at: Offsets) -> None:
    """ctx: +0 meta, +8 task, +16 fd, +24 file."""
    code.alu("mov", 6, 1)
    code.load(8, 7, 6, 8)
    code.jump_imm("eq", 7, 0, "end")
    code.load(8, 9, 6, 24)
    code.jump_imm("eq", 9, 0, "end")
    code.load(4, 3, 6, 16)
    code.store_imm(8, FP, CONTEXT + DESCRIPTOR, 0)
    code.store(4, FP, CONTEXT + DESCRIPTOR, 3)
    read(code, CONTEXT + IDS, 4, 7, at["task_struct.tgid"])
    read(code, CONTEXT + IDS + 4, 4, 7, at["task_struct.pid"])
    _demand_socket(code, at, "end")
    read(code, SCRATCH, 8, 9, at["file.private_data"])
    read_at(code, SCRATCH, 8, SCRATCH, at["socket.sk"])
    code.store_imm(8, FP, SCRATCH + 8, 0)
    read_at(code, SCRATCH + 8, 2, SCRATCH, at["sock.__sk_common.skc_family"])
    code.load(8, 1, FP, SCRATCH + 8)
    code.jump_imm("ne", 1, AF_UNIX, "end")
    code.load(8, 1, FP, SCRATCH)
    code.alu_imm("add", 1, at["sock.sk_receive_queue"])
    code.store(8, FP, CONTEXT + QUEUE, 1)
    read_at(code, CONTEXT + NEXT, 8, CONTEXT + QUEUE, 0)  # struct sk_buff_head begins with next
    code.load(8, 1, 6, 0)
    code.load(8, 1, 1, 0)
    code.store(8, FP, CONTEXT + SEQ, 1)
    code.store_imm(8, FP, CONTEXT + LIST, 0)
    code.store_imm(8, FP, CONTEXT + COUNT, 0)
    code.alu_imm("mov", 1, MESSAGES)
    code.function(2, "message")
    code.alu("mov", 3, FP)
    code.alu_imm("add", 3, CONTEXT)
    code.alu_imm("mov", 4, 0)
    code.call(LOOP)
    code.label("end")
    code.alu_imm("mov", 0, 0)
    code.exit()


def _demand_socket(code: Code, at: Offsets, otherwise: str) -> None:
    """Go on only if the file in r9 is a socket."""
    read(code, SCRATCH, 8, 9, at["file.f_inode"])
    code.store_imm(8, FP, SCRATCH + 8, 0)
    read_at(code, SCRATCH + 8, 2, SCRATCH, at["inode.i_mode"])
    code.load(8, 1, FP, SCRATCH + 8)
    code.alu_imm("and", 1, S_IFMT)
    code.jump_imm("ne", 1, S_IFSOCK, otherwise)


def _each_message(code: Code, at: Offsets) -> None:
    """callback(r1 = number, r2 = context): follow the queue by one message. 1 at its end, where it meets its head."""
    code.label("message")
    code.alu("mov", 6, 2)
    code.load(8, 7, 6, NEXT)
    code.jump_imm("eq", 7, 0, "no message")
    code.load(8, 1, 6, QUEUE)
    code.jump_reg("eq", 7, 1, "no message")
    read(code, -8, 8, 7, at["sk_buff.next"])
    code.load(8, 1, FP, -8)
    code.store(8, 6, NEXT, 1)
    read(code, -8, 8, 7, at["sk_buff.cb"] + at["unix_skb_parms.fp"])
    code.load(8, 1, FP, -8)
    code.jump_imm("eq", 1, 0, "no files")
    code.store(8, 6, LIST, 1)
    code.store_imm(8, FP, -16, 0)
    read_at(code, -16, 2, -8, at["scm_fp_list.count"])
    code.load(8, 1, FP, -16)
    code.store(8, 6, COUNT, 1)
    code.alu_imm("mov", 1, FILES)
    code.function(2, "file")
    code.alu("mov", 3, 6)
    code.alu_imm("mov", 4, 0)
    code.call(LOOP)
    code.label("no files")
    code.alu_imm("mov", 0, 0)
    code.exit()
    code.label("no message")
    code.alu_imm("mov", 0, 1)
    code.exit()


def _each_waiting_file(code: Code, at: Offsets) -> None:
    """callback(r1 = number, r2 = context): write a record for a waiting file that is a socket."""
    code.label("file")
    code.alu("mov", 6, 2)
    code.alu("mov", 7, 1)
    code.load(8, 1, 6, COUNT)
    code.jump_reg("ge", 7, 1, "no file")
    code.load(8, 3, 6, LIST)
    code.alu_imm("lsh", 7, 3)
    code.alu("add", 3, 7)
    code.alu_imm("add", 3, at["scm_fp_list.fp"])
    read_into(code, FILE, 8)
    read_at(code, FILE, 8, FILE, at["file.f_inode"])
    for offset in range(-SIZE, 0, 8):
        code.store_imm(8, FP, offset, 0)
    read_at(code, FILE + 8, 2, FILE, at["inode.i_mode"])
    code.load(2, 1, FP, FILE + 8)
    code.alu_imm("and", 1, S_IFMT)
    code.jump_imm("ne", 1, S_IFSOCK, "another file")
    code.store_imm(4, FP, ROW, HELD)
    for offset, source in ((4, IDS), (8, IDS + 4), (12, DESCRIPTOR)):
        code.load(4, 1, 6, source)
        code.store(4, FP, ROW + offset, 1)
    read_at(code, ROW + 16, 8, FILE, at["inode.i_ino"])
    code.store_imm(2, FP, ROW + 28, FLIGHT)
    code.load(8, 1, 6, SEQ)
    write(code, ROW, HELD_ROW.size)
    code.label("another file")
    code.alu_imm("mov", 0, 0)
    code.exit()
    code.label("no file")
    code.alu_imm("mov", 0, 1)
    code.exit()
