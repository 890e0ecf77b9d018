"""The ranking of ports: whole, current, each port once, and the commonest where one looks for them."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.scan import top

build: Any = importlib.import_module("tools.build_top")


@pytest.mark.parametrize("transport", top.TRANSPORTS)
def test_every_port_has_one_place(transport):
    assert sorted(top.order(transport)) == list(range(1, 65536))


def test_the_ranked_ones_come_first_and_the_others_by_number():
    assert top.ranked("tcp") >= 1000
    assert top.ranked("udp") >= 100
    for transport in top.TRANSPORTS:
        rest = top.order(transport)[top.ranked(transport) :]
        assert list(rest) == sorted(rest)


def test_what_administrators_meet_is_near_the_front():
    assert {22, 80, 443, 3389, 445, 25, 53} <= set(top.first("tcp", 10))
    assert {53, 123, 161, 67, 137} <= set(top.first("udp", 10))
    assert {1703, 6379, 9200, 5432, 27017, 11211, 2375} <= set(top.first("tcp", 500))
    assert len(top.first("tcp", 1000)) == 1000


@pytest.mark.slow
def test_the_packaged_ranking_is_what_its_tool_makes(capsys):
    assert build.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.slow
def test_the_tool_names_what_is_stale(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "DATA", tmp_path)
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    (tmp_path / "top.tsv").write_text("old")
    assert build.main(["--check"]) == 1
    assert "top.tsv is not what" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not whole"),
        (b"#hb-top\t1\ntcp\t80\thand\n", "not whole"),
        (b"#hb-top\t1\ntcp\t80\thand\n#end\t2\n", "not whole"),
        (b"#hb-top\t2\n#end\t0\n", "not whole"),
        (b"#hb-top\t1\nsctp\t80\thand\n#end\t1\n", "no port"),
        (b"#hb-top\t1\ntcp\t0\thand\n#end\t1\n", "no port"),
        (b"#hb-top\t1\ntcp\t65536\thand\n#end\t1\n", "no port"),
        (b"#hb-top\t1\ntcp\n#end\t1\n", "no port"),
        (b"#hb-top\t1\ntcp\t80\ntcp\t80\n#end\t2\n", "twice"),
    ],
)
def test_a_file_that_is_not_whole_is_an_error(data, told):
    with pytest.raises(DataError, match=told):
        top.read(data)


@given(st.binary(max_size=60) | st.text("#hb-top\t1\nudpend0", max_size=60).map(str.encode))
def test_no_bytes_raise_anything_but_data_error(data):
    try:
        found = top.read(b"#hb-top\t1\n" + data)
    except DataError:
        return
    assert set(found) == set(top.TRANSPORTS)
