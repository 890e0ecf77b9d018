"""rpm's header: one that rpm 4.18 wrote, and every way in which bytes can promise more than they hold."""

from __future__ import annotations

import os
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.packages import rpm_headers as build

from hb_engine.model.errors import Truncated
from hb_engine.wire import rpm_header
from hb_engine.wire.rpm_header import Header, RpmFile

DATA = os.path.join(os.path.dirname(__file__), "..", "inventory", "packages", "data")
with open(os.path.join(DATA, "hb-fixture.header"), "rb") as source:
    REAL = source.read()
SCRIPT = "bfdeaeb08cffb6a36438bcd12dda25417e3cdd36f1e7e482a2849d539225288b"  # sha256sum of the packaged script


ONE_FILE = [build.texts(1117, [b"x"]), build.texts(1118, [b"/"]), build.int32s(1116, [0])]


def test_a_header_that_rpm_wrote():
    header = Header(REAL)
    assert header.name == "hb-fixture"
    assert header.version == "2:1.4-3"
    assert header.strings(rpm_header.DIRNAMES) == [b"/etc/", b"/usr/bin/", b"/var/log/"]
    assert header.files_called(b"hb-fixture") == [
        RpmFile(b"/usr/bin/hb-fixture", "sha256", SCRIPT, 0o100755, 0, rpm_header.NORMAL)
    ]


def test_the_kinds_of_files_that_rpm_wrote():
    header = Header(REAL)
    (config,), (link,), (ghost,) = (
        header.files_called(name) for name in (b"hb-fixture.conf", b"hb-link", b"hb-fixture.log")
    )
    assert config.config
    assert not config.ghost
    assert config.installed
    assert (link.digest, link.mode & 0o170000) == ("", 0o120000)
    assert ghost.ghost
    assert not ghost.digest


def test_a_name_that_no_file_has():
    assert Header(REAL).files_called(b"nothing") == []
    assert Header(REAL).files_called(b"") == []


def test_the_same_name_in_two_folders():
    header = Header(build.package(b"two", {b"/a/x": b"0" * 64, b"/b/x": b"1" * 64, b"/b/y": b"2" * 64}))
    assert [(file.path, file.digest[0]) for file in header.files_called(b"x")] == [(b"/a/x", "0"), (b"/b/x", "1")]


@pytest.mark.parametrize(("number", "name"), [(1, "md5"), (2, "sha1"), (8, "sha256"), (9, "sha384"), (10, "sha512")])
def test_each_algorithm_has_its_name(number, name):
    (file,) = Header(build.package(b"p", {b"/a/x": b"AB"}, algorithm=number)).files_called(b"x")
    assert (file.algorithm, file.digest) == (name, "ab")


def test_before_rpm_4_6_digests_were_md5_and_unknown_ones_have_no_name():
    assert Header(build.package(b"p", {b"/a/x": b"ab"}, algorithm=None)).files_called(b"x")[0].algorithm == "md5"
    assert Header(build.package(b"p", {b"/a/x": b"ab"}, algorithm=77)).files_called(b"x")[0].algorithm == ""


@pytest.mark.parametrize(("state", "installed"), [(0, True), (1, False), (2, False), (3, True), (4, False)])
def test_states_tell_what_rpm_left_out(state, installed):
    (file,) = Header(build.package(b"p", {b"/a/x": b"ab"}, states=bytes([state]))).files_called(b"x")
    assert file.installed is installed


def test_no_epoch_and_epoch_zero_are_not_written():
    assert Header(build.package(b"p", {})).version == "1.0-1"
    zero = build.header(build.text(1001, b"2"), build.text(1002, b"1"), build.int32s(1003, [0]))
    assert Header(zero).version == "2-1"


def test_missing_tags_are_empty():
    header = Header(build.header(build.text(1000, b"p")))
    assert (header.text(1001), header.strings(1117), header.numbers(1116)) == ("", [], ())


def test_bytes_that_are_no_text_pass_through():
    assert Header(build.header(build.text(1000, b"\xff\x1b[0m"))).name == "\udcff\x1b[0m"


def test_numbers_of_every_width():
    wide = (9000, 5, 1, pack("!Q", 1 << 40))
    header = Header(build.header(build.int8s(1, [1, 255]), build.int16s(2, [65535]), build.int32s(3, [1 << 31]), wide))
    assert [header.numbers(tag) for tag in (1, 2, 3, 9000)] == [(1, 255), (65535,), (1 << 31,), (1 << 40,)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 7,
        pack("!II", 0, 0),  # no entries
        pack("!II", 1, 0),  # an entry that is not there
        pack("!II", 0x10000, 0) + bytes(1 << 20),  # more entries than rpm allows
        pack("!II", 1, 0x10000001) + bytes(64),  # more data than rpm allows
        pack("!IIiIiI", 1, 4, 1000, 6, 0, 1)[:-1],
    ],
)
def test_headers_that_are_cut_off(data):
    with pytest.raises(Truncated):
        Header(data)


def test_text_without_its_end_and_arrays_that_are_too_long():
    with pytest.raises(Truncated):
        Header(pack("!IIiIiI", 1, 3, 1000, 6, 0, 1) + b"abc").text(1000)
    with pytest.raises(Truncated):
        Header(pack("!IIiIiI", 1, 4, 1117, 8, 0, 1 << 30) + b"a\0b\0").strings(1117)
    with pytest.raises(Truncated):
        Header(pack("!IIiIiI", 1, 4, 1116, 4, 0, 2) + bytes(4)).numbers(1116)
    with pytest.raises(Truncated):
        Header(pack("!IIiIiI", 1, 4, 1116, 4, 4, 1) + bytes(4)).numbers(1116)


def test_a_tag_of_the_wrong_kind():
    header = Header(build.header(build.int32s(1000, [1]), build.text(1116, b"x")))
    with pytest.raises(Truncated):
        header.text(1000)
    with pytest.raises(Truncated):
        header.numbers(1116)


def test_regions_have_trailers_behind_the_data_and_hold_nothing_themselves():
    # rpm marks what a package was signed with by an entry whose offset is negative in old headers
    data = pack("!II", 2, 2) + pack("!iIiI", 63, 7, -32, 16) + pack("!iIiI", 1000, 6, 0, 1) + b"p\0"
    assert Header(data).name == "p"


@pytest.mark.parametrize(
    "tags",
    [
        [build.texts(1117, [b"x", b"y"]), build.texts(1118, [b"/"]), build.int32s(1116, [0])],  # a number is missing
        [build.texts(1117, [b"x"]), build.texts(1118, [b"/"]), build.int32s(1116, [1])],  # there is no second folder
        [*ONE_FILE, build.texts(1035, [b"a", b"b"])],
        [*ONE_FILE, build.int16s(1030, [1, 2])],
    ],
)
def test_arrays_that_do_not_fit_together(tags):
    with pytest.raises(Truncated):
        Header(build.header(*tags)).files_called(b"x")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_truncated(data):
    _use(data)


@given(st.integers(0, len(REAL) - 1), st.integers(0, 255))
def test_a_real_header_with_one_byte_changed(at, value):
    _use(REAL[:at] + bytes([value]) + REAL[at + 1 :])


@given(st.integers(0, len(REAL)))
def test_a_real_header_cut_anywhere(at):
    _use(REAL[:at])


def _use(data: bytes) -> None:
    """Read everything; nothing but the documented error may come out."""
    try:
        header = Header(data)
        for name in (b"hb-fixture", b"hb-link", b""):
            header.files_called(name)
        assert isinstance(header.name + header.version, str)
    except Truncated:
        return


@given(st.dictionaries(st.binary(min_size=1, max_size=9).filter(lambda n: b"/" not in n and b"\0" not in n),
                       st.sampled_from([b"0" * 64, b"f" * 64, b""]), max_size=20))  # fmt: skip
def test_what_is_built_is_read(names):
    files = {b"/usr/bin/" + name: digest for name, digest in names.items()}
    header = Header(build.package(b"p", files))
    for name, digest in names.items():
        assert [(f.path, f.digest) for f in header.files_called(name)] == [(b"/usr/bin/" + name, digest.decode())]
