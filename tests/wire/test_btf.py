"""BTF: on a small blob made here, on the running kernel's own, and on bytes that are neither."""

from __future__ import annotations

import os
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.wire.bpf import program_types
from hb_engine.wire.btf import FUNC, STRUCT, Btf

KERNEL = "/sys/kernel/btf/vmlinux"
WORDS = Struct("<III")
NAMES = b"\0int\0outer\0first\0second\0inner\0deep\0union_member\0"


def name(text: bytes) -> int:
    return NAMES.index(b"\0" + text + b"\0") + 1


def blob() -> bytes:
    """struct outer { int first; union { int union_member; }; struct inner { int deep; } second; }."""
    types = WORDS.pack(name(b"int"), 1 << 24, 4) + (32).to_bytes(4, "little")  # [1]
    types += WORDS.pack(name(b"inner"), STRUCT << 24 | 1, 8) + WORDS.pack(name(b"deep"), 1, 32)  # [2]
    types += WORDS.pack(0, 5 << 24 | 1, 4) + WORDS.pack(name(b"union_member"), 1, 0)  # [3] anonymous
    types += WORDS.pack(name(b"inner"), 8 << 24, 2)  # [4] typedef
    types += WORDS.pack(name(b"outer"), STRUCT << 24 | 3, 20)  # [5]
    types += WORDS.pack(name(b"first"), 1, 0) + WORDS.pack(0, 3, 32) + WORDS.pack(name(b"second"), 4, 64)
    head = Struct("<HBBIIIII").pack(0xEB9F, 1, 0, 24, 0, len(types), len(types), len(NAMES))
    return head + types + NAMES


@pytest.mark.parametrize(("path", "offset"), [("first", 0), ("union_member", 4), ("second", 8), ("second.deep", 12)])
def test_offsets_through_anonymous_members_typedefs_and_dots(path, offset):
    btf = Btf(blob())
    assert btf.offset(btf.find("outer", STRUCT), path) == offset


def test_what_is_not_there_is_an_error_that_names_it():
    btf = Btf(blob())
    with pytest.raises(DataError, match="nowhere"):
        btf.find("nowhere", STRUCT)
    with pytest.raises(DataError, match="outer"):
        btf.find("outer", FUNC)
    with pytest.raises(DataError, match=r"second\.none"):
        btf.offset(btf.find("outer", STRUCT), "second.none")


def test_the_types_of_our_own_programs_can_be_read():
    btf = Btf(program_types(("task", "word", "bit")))
    assert [btf.find(function, FUNC) for function in ("task", "word", "bit")] == [3, 4, 5]


@pytest.mark.skipif(not os.path.exists(KERNEL), reason="this kernel has no BTF")
@pytest.mark.slow
def test_the_running_kernel():
    with open(KERNEL, "rb") as file:
        btf = Btf(file.read())
    task = btf.find("task_struct", STRUCT)
    assert btf.offset(task, "tgid") == btf.offset(task, "pid") + 4
    assert btf.offset(btf.find("sock", STRUCT), "__sk_common.skc_family") == 16
    assert btf.find("bpf_iter_task", FUNC) > 0


@pytest.mark.parametrize("data", [b"", b"\x9f\xeb", b"\0" * 24, blob()[:60]], ids=["empty", "head", "magic", "half"])
def test_a_file_that_is_no_btf(data):
    with pytest.raises(DataError):
        Btf(data)


@given(st.binary(max_size=200), st.integers(0, len(blob())))
def test_strange_bytes_never_do_more_than_fail(tail, cut):
    for data in (tail, blob()[:cut] + tail):
        try:
            btf = Btf(data)
            btf.offset(btf.find("outer", STRUCT), "second.deep")
        except DataError:
            continue
