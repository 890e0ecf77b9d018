"""A file is made before the work, is whole or is not there, and what stood there before is kept until then."""

from __future__ import annotations

import os

import pytest
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.sinks import Sink
from hb_engine.model.errors import BadInput, HbError


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "scan.xml"
    path.write_text("before")
    sink = Sink(str(path), output())
    assert path.read_text() == "before"
    sink.write("after \u2717")
    assert path.read_text(encoding="utf-8") == "after \u2717"
    sink.drop()
    assert os.listdir(tmp_path) == ["scan.xml"]


def test_what_was_dropped_leaves_nothing(tmp_path):
    path = tmp_path / "scan.xml"
    path.write_text("before")
    sink = Sink(str(path), output())
    sink.drop()
    sink.drop()
    assert (path.read_text(), os.listdir(tmp_path)) == ("before", ["scan.xml"])


def test_a_dash_is_stdout():
    stdout = Pipe()
    sink = Sink("-", output(stdout))
    sink.write("text")
    sink.drop()
    assert stdout.getvalue() == "text"


def test_a_folder_and_a_place_that_is_not_there_are_told_before_the_work(tmp_path):
    with pytest.raises(BadInput, match="is a folder"):
        Sink(str(tmp_path), output())
    with pytest.raises(BadInput, match="cannot be written: No such file"):
        Sink(str(tmp_path / "no" / "scan.xml"), output())


def test_a_link_is_replaced_and_not_written_through(tmp_path):
    target, link = tmp_path / "precious", tmp_path / "scan.xml"
    target.write_text("precious")
    link.symlink_to(target)
    Sink(str(link), output()).write("scan")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("precious", "scan", False)


def test_a_place_that_goes_away_is_trouble(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    sink = Sink(str(folder / "scan.xml"), output())
    os.unlink(folder / os.listdir(folder)[0])
    folder.rmdir()
    with pytest.raises(HbError, match="could not be written"):
        sink.write("text")
    sink.drop()


def test_bytes_that_were_no_text_do_not_stop_a_file(tmp_path):
    path = tmp_path / "x"
    Sink(str(path), output()).write("a\udcffb")
    assert path.read_bytes() == b"a\\udcffb"


def test_a_link_that_takes_the_new_files_place_meanwhile_is_not_written_through(tmp_path):
    """A scan takes minutes, in which whoever owns the folder may put a link to root's files under that name."""
    victim = tmp_path / "victim"
    victim.write_text("kept")
    sink = Sink(str(tmp_path / "out.json"), output())
    (part,) = [one for one in tmp_path.iterdir() if one.name.endswith(".part")]
    part.unlink()
    part.symlink_to(victim)
    sink.write("text")
    assert victim.read_text() == "kept"


def test_nobody_else_may_write_the_file_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        sink = Sink(str(tmp_path / "out.json"), output())
        sink.write("text")
    finally:
        os.umask(before)
    assert (tmp_path / "out.json").stat().st_mode & 0o777 == 0o644
