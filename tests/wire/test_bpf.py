"""The assembler, against instructions written out by hand from RFC 9669."""

from __future__ import annotations

from struct import Struct

import pytest

from hb_engine.wire.bpf import FP, Code

INSN = Struct("<BBhi")


def only(build) -> tuple[int, int, int, int]:
    code = Code()
    build(code)
    return INSN.unpack_from(code.assemble())


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda c: c.load(8, 1, 6, 16), (0x79, 0x61, 16, 0)),
        (lambda c: c.load(4, 2, 7, 0), (0x61, 0x72, 0, 0)),
        (lambda c: c.load(2, 3, FP, -8), (0x69, 0xA3, -8, 0)),
        (lambda c: c.load(1, 3, FP, -1), (0x71, 0xA3, -1, 0)),
        (lambda c: c.store(8, FP, -8, 1), (0x7B, 0x1A, -8, 0)),
        (lambda c: c.store_imm(4, FP, -4, 7), (0x62, 0x0A, -4, 7)),
        (lambda c: c.alu("mov", 6, 1), (0xBF, 0x16, 0, 0)),
        (lambda c: c.alu_imm("add", 2, -16), (0x07, 2, 0, -16)),
        (lambda c: c.alu_imm("rsh", 2, 6), (0x77, 2, 0, 6)),
        (lambda c: c.call(127), (0x85, 0, 0, 127)),
        (lambda c: c.exit(), (0x95, 0, 0, 0)),
    ],
)
def test_an_instruction(build, expected):
    assert only(build) == expected


def test_jumps_count_from_the_next_instruction():
    code = Code()
    code.label("start")
    code.jump_imm("eq", 1, 0, "end")
    code.jump_reg("ne", 1, 2, "start")
    code.jump("end")
    code.exit()
    code.label("end")
    code.exit()
    rows = list(INSN.iter_unpack(code.assemble()))
    assert [row[2] for row in rows] == [3, -2, 1, 0, 0]
    assert [row[0] for row in rows[:3]] == [0x15, 0x5D, 0x05]


def test_a_callback_is_a_distance_and_a_constant_two_words():
    code = Code()
    code.function(2, "callback")
    code.constant(3, 0xFFFFFFFF00000001)
    code.exit()
    code.label("callback")
    code.exit()
    rows = list(INSN.iter_unpack(code.assemble()))
    assert rows[0] == (0x18, 0x42, 0, code.place("callback") - 1)
    assert (rows[2][3], rows[3][3]) == (1, -1)
    assert len(code) == 6


def test_mistakes_are_refused():
    code = Code()
    code.label("here")
    with pytest.raises(ValueError, match="twice"):
        code.label("here")
    code.jump("nowhere")
    with pytest.raises(KeyError):
        code.assemble()
