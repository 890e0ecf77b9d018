"""Classic BPF programs for a scan's receiving ring: what could be an answer, over IPv4 and IPv6, from the IP header on.

The filter is coarse on purpose: it keeps the machine's other traffic out of the ring. Whether a packet is an answer is
decided by its sequence number, later.

Sources: bpf(4); include/uapi/linux/bpf_common.h; Documentation/networking/filter.rst.
"""

from __future__ import annotations

from struct import Struct

_INSN = Struct("=HBBI")
LD_BYTE, LD_HALF, LD_BYTE_X, LD_HALF_X, LDX_LENGTH = 0x30, 0x28, 0x50, 0x48, 0xB1
JUMP_EQ, JUMP_GT, JUMP_GE, JUMP_SET, RETURN = 0x15, 0x25, 0x35, 0x45, 0x06
WHOLE = 0x40000  # bytes of a packet that pass

TYPE_CHECKING = False
if TYPE_CHECKING:
    # operation, label to go to when true and when false (empty: the next one), constant, own label
    Step = tuple[int, str, str, int, str]


def answers(version: int, first: int, last: int) -> bytes:
    """TCP to our source ports `first` to `last`, and errors of ICMP, in packets of one IP version."""
    return assemble([*(_v4(first, last) if version == 4 else _v6(first, last)), *_ENDS])


_ENDS: list[Step] = [(RETURN, "", "", WHOLE, "pass"), (RETURN, "", "", 0, "drop")]


def _v4(first: int, last: int) -> list[Step]:
    return [
        (LD_HALF, "", "", 6, ""),  # flags and fragment offset
        (JUMP_SET, "drop", "", 0x1FFF, ""),  # a later fragment has no ports
        (LDX_LENGTH, "", "", 0, ""),
        (LD_BYTE, "", "", 9, ""),  # protocol
        (JUMP_EQ, "tcp", "", 6, ""),
        (JUMP_EQ, "icmp", "drop", 1, ""),
        (LD_HALF_X, "", "", 2, "tcp"),  # destination port
        (JUMP_GE, "", "drop", first, ""),
        (JUMP_GT, "drop", "pass", last, ""),
        (LD_BYTE_X, "", "", 0, "icmp"),  # type
        (JUMP_EQ, "pass", "", 3, ""),  # destination unreachable
        (JUMP_EQ, "pass", "drop", 11, ""),  # time exceeded
    ]


def _v6(first: int, last: int) -> list[Step]:
    return [
        (LD_BYTE, "", "", 6, ""),  # next header
        (JUMP_EQ, "tcp", "", 6, ""),
        (JUMP_EQ, "icmp", "drop", 58, ""),
        (LD_HALF, "", "", 42, "tcp"),
        (JUMP_GE, "", "drop", first, ""),
        (JUMP_GT, "drop", "pass", last, ""),
        (LD_BYTE, "", "", 40, "icmp"),
        (JUMP_EQ, "pass", "", 1, ""),  # destination unreachable
        (JUMP_EQ, "pass", "drop", 3, ""),  # time exceeded
    ]


def assemble(steps: list[Step]) -> bytes:
    """A program from steps with labels. Raises KeyError for a label that there is not."""
    places = {label: number for number, (*_, label) in enumerate(steps) if label}
    code = []
    for number, (operation, yes, no, constant, _) in enumerate(steps):
        jumps = [places[label] - number - 1 if label else 0 for label in (yes, no)]
        code.append(_INSN.pack(operation, *jumps, constant))
    return b"".join(code)
