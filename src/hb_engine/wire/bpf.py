"""An assembler for eBPF: instructions by name, jumps by label, bytes out. It loads nothing and checks nothing.

Encoding: RFC 9669 (BPF instruction set). Registers are numbers 0 to 10; r10 is the frame pointer.
`program_types` makes the few bytes of BTF that the verifier wants to see before it accepts a callback.
"""

from __future__ import annotations

from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

INSN = Struct("<BBhi")  # opcode, dst | src << 4, offset, immediate
SIZES = {8: 0x18, 4: 0x00, 2: 0x08, 1: 0x10}  # BPF_DW, BPF_W, BPF_H, BPF_B
ALU = {"add": 0x00, "sub": 0x10, "or": 0x40, "and": 0x50, "lsh": 0x60, "rsh": 0x70, "mov": 0xB0}
JUMPS = {"ja": 0x00, "eq": 0x10, "gt": 0x20, "ge": 0x30, "set": 0x40, "ne": 0x50, "lt": 0xA0}
PSEUDO_FUNC = 4
FP = 10


class Code:
    """Instructions in the making. Labels may be used before they are placed."""

    def __init__(self) -> None:
        self._body: list[tuple[int, int, int, int, int]] = []
        self._labels: dict[str, int] = {}
        self._jumps: list[tuple[int, str]] = []
        self._functions: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._body)

    def load(self, size: int, dst: int, src: int, offset: int) -> None:
        """dst = *(size *)(src + offset)."""
        self._put(0x61 | SIZES[size], dst, src, offset, 0)

    def store(self, size: int, dst: int, offset: int, src: int) -> None:
        """*(size *)(dst + offset) = src."""
        self._put(0x63 | SIZES[size], dst, src, offset, 0)

    def store_imm(self, size: int, dst: int, offset: int, value: int) -> None:
        """*(size *)(dst + offset) = value."""
        self._put(0x62 | SIZES[size], dst, 0, offset, value)

    def alu(self, name: str, dst: int, src: int) -> None:
        """64-bit arithmetic between registers."""
        self._put(0x0F | ALU[name], dst, src, 0, 0)

    def alu_imm(self, name: str, dst: int, value: int) -> None:
        """64-bit arithmetic with a constant."""
        self._put(0x07 | ALU[name], dst, 0, 0, value)

    def jump(self, label: str) -> None:
        """Go to a label."""
        self._jumps.append((len(self._body), label))
        self._put(0x05, 0, 0, 0, 0)

    def jump_imm(self, test: str, dst: int, value: int, label: str) -> None:
        """Go to a label when the 64-bit register compares so with a constant (unsigned)."""
        self._jumps.append((len(self._body), label))
        self._put(0x05 | JUMPS[test], dst, 0, 0, value)

    def jump_reg(self, test: str, dst: int, src: int, label: str) -> None:
        """Go to a label when two 64-bit registers compare so (unsigned)."""
        self._jumps.append((len(self._body), label))
        self._put(0x0D | JUMPS[test], dst, src, 0, 0)

    def call(self, helper: int) -> None:
        """Call a kernel helper by its number: r1 to r5 are its arguments and are lost, r0 is its answer."""
        self._put(0x85, 0, 0, 0, helper)

    def function(self, dst: int, label: str) -> None:
        """dst = the address of the function that starts at a label, to be passed as a callback."""
        self._functions.append((len(self._body), label))
        self._put(0x18, dst, PSEUDO_FUNC, 0, 0)
        self._put(0, 0, 0, 0, 0)

    def constant(self, dst: int, value: int) -> None:
        """dst = a 64-bit constant."""
        low, high = value & 0xFFFFFFFF, value >> 32
        self._put(0x18, dst, 0, 0, low - (low >> 31 << 32))
        self._put(0, 0, 0, 0, high - (high >> 31 << 32))

    def exit(self) -> None:
        """Return r0."""
        self._put(0x95, 0, 0, 0, 0)

    def label(self, name: str) -> None:
        """Place a label here. Raises ValueError when it stands elsewhere already."""
        if name in self._labels:
            raise ValueError(f"label {name} is placed twice")
        self._labels[name] = len(self._body)

    def place(self, name: str) -> int:
        """The index of the instruction at a label."""
        return self._labels[name]

    def assemble(self) -> bytes:
        """The program as bytes. Raises KeyError for a label that was never placed."""
        body = list(self._body)
        for at, name in self._jumps:
            code, dst, src, _, imm = body[at]
            body[at] = (code, dst, src, self._labels[name] - at - 1, imm)
        for at, name in self._functions:
            code, dst, src, _, _ = body[at]
            body[at] = (code, dst, src, 0, self._labels[name] - at - 1)
        return b"".join([INSN.pack(code, dst | src << 4, offset, imm) for code, dst, src, offset, imm in body])

    def _put(self, code: int, dst: int, src: int, offset: int, imm: int) -> None:
        self._body.append((code, dst, src, offset, imm))


def program_types(functions: Sequence[str]) -> bytes:
    """BTF that names the functions of a program, all `int f(void)` and static: type 3 is the first, 4 the second ..."""
    names = b"\0int\0" + b"".join(name.encode() + b"\0" for name in functions)
    word = Struct("<IIII")
    types = word.pack(1, 1 << 24, 4, 1 << 24 | 32)  # [1] INT int: signed, 32 bits
    types += word.pack(0, 13 << 24, 1, 0)[:12]  # [2] FUNC_PROTO: returns [1], no parameters
    for name in functions:
        types += word.pack(names.index(b"\0" + name.encode() + b"\0") + 1, 12 << 24, 2, 0)[:12]
    header = Struct("<HBBIIIII").pack(0xEB9F, 1, 0, 24, 0, len(types), len(types), len(names))
    return header + types + names
