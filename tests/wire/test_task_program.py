"""The iterator's programs and records. That the kernel takes and obeys them is seen in inventory/test_bpf_tasks.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire.task_program import (
    FIELDS,
    HELD,
    HELD_ROW,
    MORE,
    PROCESS,
    PROCESS_ROW,
    SIZE,
    file_program,
    mounts_of,
    records,
    task_program,
)

OFFSETS = {
    f"{structure}.{field}": 8 * number for structure, fields in FIELDS.items() for number, field in enumerate(fields)
}


def process(pid: int, netns: int = 1) -> bytes:
    return PROCESS_ROW.pack(PROCESS, pid, 1, 0, 0, 1, netns, 2, 3, 4, 5, 6, b"name")


def held(pid: int, inode: int) -> bytes:
    return HELD_ROW.pack(HELD, pid, pid, 3, inode, 1, 2, 10, 22, 6, 1)


def test_both_records_have_one_size():
    assert HELD_ROW.size == PROCESS_ROW.size == SIZE


def test_programs_are_whole_instructions_with_callbacks_inside():
    code, callbacks = task_program(OFFSETS)
    assert len(code) % 8 == 0
    assert all(0 < place < len(code) // 8 for place in callbacks)
    assert len(file_program(OFFSETS)) % 8 == 0


def test_without_a_count_of_descriptors_in_flight_every_unix_socket_is_written():
    assert len(task_program(OFFSETS | {"unix_sock.scm_stat.nr_fds": -1})[0]) > len(task_program(OFFSETS)[0])


def test_records_are_sorted():
    data = (
        process(1) + process(7, netns=9) + held(7, 100) + HELD_ROW.pack(MORE, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0) + process(8)
    )
    places, spaces, holds, more, tasks, parents = records(data)
    assert places == {1: 0, 7: SIZE, 8: 4 * SIZE}
    assert spaces == [(1, 1), (9, 7), (1, 8)]
    assert [row[4] for row in holds] == [100]
    assert more == {7}
    assert tasks == 3
    assert parents == {1}


def test_processes_alone_and_nothing_at_all():
    assert records(process(1) + process(2))[0] == {1: 0, 2: SIZE}
    assert records(b"") == ({}, [], [], set(), 0, set())


@given(st.binary(max_size=4 * SIZE))
def test_strange_bytes_never_do_more_than_fail(data):
    try:
        places, _, holds, *_ = records(data)
    except ValueError:
        return
    assert len(places) + len(holds) <= len(data) // SIZE


@pytest.mark.parametrize("cut", [1, SIZE - 1, SIZE + 3])
def test_a_record_that_is_cut_short_is_an_error(cut):
    with pytest.raises(ValueError, match="cut short"):
        records((process(1) + process(2))[:cut])


def test_mount_namespaces_each_with_a_process():
    other = PROCESS_ROW.pack(PROCESS, 9, 1, 0, 0, 1, 1, 77, 3, 4, 5, 6, b"boxed")
    assert mounts_of(process(1) + process(7)) == {2: 1}
    assert mounts_of(process(1) + held(7, 100) + other) == {2: 1, 77: 9}
    assert mounts_of(b"") == {}
