"""Berkeley DB and ndb: one store that Berkeley DB wrote, and every way in which pages can lie."""

from __future__ import annotations

import gzip
import os
from struct import pack, pack_into

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.packages.rpm_headers import ndb, package

from hb_engine.inventory.linux.packages.rpm_stores import bdb_headers, ndb_headers
from hb_engine.model.errors import Truncated

DATA = os.path.join(os.path.dirname(__file__), "data")
with open(os.path.join(DATA, "hb-fixture.header"), "rb") as source:
    REAL = source.read()
with gzip.open(os.path.join(DATA, "Packages.bdb.gz")) as packed:
    BERKELEY = packed.read()
NDB = ndb(package(b"other", {b"/x/other": b""}), REAL)


def search(headers, data, *names):
    return list(headers(lambda at, size: data[at : at + size], len(data), list(names)))


def test_a_store_that_berkeley_db_wrote():
    found = search(bdb_headers, BERKELEY, b"hb-fixture", b"f000", b"none")
    assert sorted(name for name, _ in found) == [b"f000", b"hb-fixture"]
    assert dict(found)[b"hb-fixture"] == REAL
    assert len(dict(found)[b"f000"]) > 5 * 4096


def test_the_other_byte_order():
    """A store of a big-endian machine: one hash page with one long value, built by hand."""
    page = 512
    blob = b"x" * 700 + b"name\0"
    meta = bytearray(page)
    pack_into(">III", meta, 12, 0x00061561, 9, page)
    table = bytearray(page)
    pack_into(">HHBB", table, 20, 2, 0, 0, 13)
    pack_into(">HH", table, 26, 508, 480)
    table[480:492] = pack(">B3xII", 3, 2, len(blob))
    room = page - 26
    first, second = bytearray(page), bytearray(page)
    pack_into(">16xIHHBB", first, 0, 3, 1, room, 0, 7)
    first[26:] = blob[:room]
    pack_into(">16xIHHBB", second, 0, 0, 1, len(blob) - room, 0, 7)
    second[26 : 26 + len(blob) - room] = blob[room:]
    data = bytes(meta + table + first + second)
    assert search(bdb_headers, data, b"name") == [(b"name", blob)]
    assert search(bdb_headers, data, b"other") == []


def test_an_ndb_store():
    assert search(ndb_headers, NDB, b"hb-fixture") == [(b"hb-fixture", REAL)]
    assert [name for name, _ in search(ndb_headers, NDB, b"hb-fixture", b"other")] == [b"other", b"hb-fixture"]
    assert search(ndb_headers, NDB, b"none") == []


@pytest.mark.parametrize("headers", [bdb_headers, ndb_headers])
@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 5000, bytes(8192)])
def test_what_is_no_store(headers, data):
    with pytest.raises(Truncated):
        search(headers, data, b"x")


@pytest.mark.parametrize("keep", [4096 * 2, 4096 * 4, len(BERKELEY) - 4096])
def test_a_berkeley_db_that_is_cut_off(keep):
    """Either the chain of a header is broken, or the header is not there at all: never half a header."""
    try:
        for _, blob in search(bdb_headers, BERKELEY[:keep], b"hb-fixture", b"f000"):
            assert blob == REAL or len(blob) == 24212
    except Truncated:
        return


def test_chains_that_go_in_circles_or_lie_about_their_length():
    for change in (lambda p: pack_into("<I", p, 16, 0), lambda p: pack_into("<H", p, 22, 1)):
        data = bytearray(BERKELEY)
        for start in range(4096, len(data), 4096):
            page = bytearray(data[start : start + 4096])
            if page[25] == 7 and int.from_bytes(page[16:20], "little"):
                change(page)
                data[start : start + 4096] = page
        with pytest.raises(Truncated):
            search(bdb_headers, bytes(data), b"f000")


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: pack_into("<I", d, 4, 1),  # another version
        lambda d: pack_into("<I", d, 12, 0),  # no page of slots
        lambda d: pack_into("<I", d, 12, 9999),  # more pages than there are
        lambda d: pack_into("<4s", d, 32, b"Slop"),
        lambda d: pack_into("<I", d, 40, 1 << 20),  # a block behind the end
        lambda d: pack_into("<I", d, 44, 1 << 28),  # more blocks than there are
        lambda d: pack_into("<I", d, 44, 0),
        lambda d: pack_into("<I", d, 4096 + 4, 77),  # another package's header
        lambda d: pack_into("<I", d, 4096 + 12, 1 << 30),  # longer than its blocks
        lambda d: pack_into("<4s", d, 4096, b"BlbX"),
    ],
)
def test_a_damaged_ndb_store(damage):
    data = bytearray(NDB)
    damage(data)
    with pytest.raises(Truncated):
        search(ndb_headers, bytes(data), b"hb-fixture")


def test_a_store_cannot_make_its_reader_read_it_many_times_over():
    slots = b"".join(pack("<4sIII", b"Slot", n, 256, (len(NDB) - 4096) // 16) for n in range(1, 250))
    data = bytearray(NDB)
    data[32 : 32 + len(slots)] = slots
    asked = []

    def read(at, size):
        asked.append(size)
        return bytes(data[at : at + size])

    with pytest.raises(Truncated):
        list(ndb_headers(read, len(data), [b"x"]))
    assert sum(asked) <= 2 * len(data)


@given(st.integers(0, len(BERKELEY) - 1), st.integers(0, 255))
def test_a_berkeley_db_with_one_byte_changed(at, value):
    _use(bdb_headers, BERKELEY[:at] + bytes([value]) + BERKELEY[at + 1 :])


@given(st.integers(0, len(NDB) - 1), st.integers(0, 255))
def test_an_ndb_store_with_one_byte_changed(at, value):
    _use(ndb_headers, NDB[:at] + bytes([value]) + NDB[at + 1 :])


@given(st.binary(max_size=100), st.binary(max_size=300))
def test_any_bytes_behind_a_magic_number(head, rest):
    _use(ndb_headers, b"RpmP" + pack("<III", 0, 1, 1) + head.ljust(4080, b"\0") + rest)
    _use(bdb_headers, bytes(12) + pack("<III", 0x00061561, 9, 512) + bytes(488) + rest.ljust(512, b"\x0d"))


def _use(headers, data: bytes) -> None:
    """Nothing but the documented error may come out."""
    try:
        search(headers, data, b"hb-fixture", b"x")
    except Truncated:
        return
