"""The program that looks into unix sockets. That it finds what waits there is seen in inventory/test_bpf_tasks.py."""

from __future__ import annotations

from hb_engine.wire.flight_program import flight_program
from hb_engine.wire.task_program import FIELDS, FLIGHT_FIELDS

OFFSETS = {
    f"{s}.{field}": 8 * n
    for fields in (FIELDS, FLIGHT_FIELDS)
    for s, names in fields.items()
    for n, field in enumerate(names)
}


def test_whole_instructions_with_both_callbacks_inside():
    code, callbacks = flight_program(OFFSETS)
    assert len(code) % 8 == 0
    assert 0 < callbacks[0] < callbacks[1] < len(code) // 8


def test_offsets_reach_the_code():
    moved = {name: offset + 1024 for name, offset in OFFSETS.items()}
    assert flight_program(moved)[0] != flight_program(OFFSETS)[0]
