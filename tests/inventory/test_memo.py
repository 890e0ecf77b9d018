"""The memo: what is kept, and everything that must make it count as empty instead of being believed."""

from __future__ import annotations

import os
import resource
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.memo import LIMIT, MAGIC, Memo


def kept(folder, **sections):
    memo = Memo(str(folder))
    for section, entries in sections.items():
        for key, value in entries.items():
            memo.put(section, key, value)
    assert memo.save(), memo.problem
    return memo


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "cache"
    place.mkdir(mode=0o700)
    return place


def test_what_was_put_is_there_in_the_next_run(folder):
    kept(folder, one={"a": "1", "b": ""}, two={"a": "other"})
    memo = Memo(str(folder))
    assert [memo.get("one", "a"), memo.get("one", "b"), memo.get("two", "a")] == ["1", "", "other"]
    assert memo.get("one", "c") is None
    assert memo.get("three", "a") is None
    assert memo.problem == ""


def test_text_of_every_kind_survives(folder):
    odd = ["tab\tand\nline", "back\\slash\\n\\\\", "\udcff\udc80", "\x1f\x1e\r\x85\u2028", "=+", "é\0", ""]
    kept(folder, **{"odd\n=section\t\\": {text: text for text in odd}})
    memo = Memo(str(folder))
    assert [memo.get("odd\n=section\t\\", text) for text in odd] == odd


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=20),
                       st.text(st.characters(codec="utf-8"), max_size=20), max_size=8))  # fmt: skip
def test_any_text_survives_in_memory_of_bytes(entries):
    first = Memo(None)
    for key, value in entries.items():
        first.put(key, key, value)
    second = Memo("/nonexistent")
    second._raw = _parsed(first._bytes())
    assert {key: second.get(key, key) for key in entries} == entries


def _parsed(data: bytes) -> dict[bytes, bytes]:
    from hb_engine.inventory.linux.memo import _sections

    return _sections(data)


def test_without_a_folder_it_remembers_for_this_run_only():
    memo = Memo(None)
    memo.put("s", "k", "v")
    assert memo.get("s", "k") == "v"
    assert memo.save()


def test_no_file_yet_is_no_problem(folder):
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    assert memo.problem == ""


def test_the_folder_is_made_for_us_alone(tmp_path):
    kept(tmp_path / "a" / "b", s={"k": "v"})
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a" / "b" / "memo").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_when_nothing_changed(folder):
    kept(folder, s={"k": "v"})
    before = (folder / "memo").stat()
    memo = Memo(str(folder))
    memo.get("s", "k")
    memo.put("s", "k", "v")
    assert memo.save()
    assert (folder / "memo").stat().st_ino == before.st_ino


def test_sections_that_nobody_asked_for_are_kept(folder):
    kept(folder, old={"k": "v"})
    kept(folder, new={"k": "w"})
    memo = Memo(str(folder))
    assert (memo.get("old", "k"), memo.get("new", "k")) == ("v", "w")


def test_sections_not_used_longest_go_first_and_the_size_stays_bounded(folder):
    for number in range(12):
        memo = Memo(str(folder), limit=4096)
        memo.put(f"section {number}", "k", "x" * 500)
        assert memo.save()
        assert (folder / "memo").stat().st_size <= 4096
    memo = Memo(str(folder), limit=4096)
    assert memo.get("section 0", "k") is None
    assert memo.get("section 11", "k") == "x" * 500


def test_one_large_section_loses_its_oldest_answers(folder):
    memo = Memo(str(folder), limit=4096)
    for number in range(200):
        memo.put("s", str(number), "x" * 50)
    assert memo.save()
    again = Memo(str(folder), limit=4096)
    assert again.get("s", "0") is None
    assert again.get("s", "199") == "x" * 50
    assert (folder / "memo").stat().st_size <= 4096


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "longer", "other magic", "garbage", "no end"])
def test_a_damaged_file_counts_as_empty_and_is_replaced(folder, damage):
    kept(folder, s={"k": "v" * 100})
    data = (folder / "memo").read_bytes()
    (folder / "memo").write_bytes(
        {
            "empty": b"",
            "cut": data[: len(data) // 2],
            "flipped": data[:-20] + b"!" + data[-19:],
            "longer": data + b"+k\tw\n",
            "other magic": data.replace(MAGIC, b"hb-memo 9"),
            "garbage": os.urandom(500),
            "no end": data.replace(b"\n", b""),
        }[damage]
    )
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    assert memo.problem
    memo.put("s", "k", "new")
    assert memo.save()
    assert Memo(str(folder)).get("s", "k") == "new"


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(data):
    try:
        _parsed(data)
    except ValueError:
        return


def test_a_file_that_is_too_large_is_not_read(folder):
    (folder / "memo").write_bytes(b"x" * (LIMIT + 1))
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    assert "larger" in memo.problem


@pytest.mark.parametrize("mode", [0o660, 0o606, 0o666])
def test_a_file_that_others_may_write_to_is_not_believed(folder, mode):
    kept(folder, s={"k": "v"})
    (folder / "memo").chmod(mode)
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    assert "others" in memo.problem


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_used(folder, mode):
    kept(folder, s={"k": "v"})
    folder.chmod(mode)
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    memo.put("s", "k", "w")
    assert not memo.save()
    assert "others" in memo.problem


@pytest.mark.root
def test_a_stranger_s_file_and_folder_are_not_believed(folder):
    if os.geteuid():
        pytest.skip("needs root: only root can give files away")
    kept(folder, s={"k": "v"})
    os.chown(folder / "memo", 65534, 65534)
    assert Memo(str(folder)).get("s", "k") is None
    os.chown(folder / "memo", 0, 0)
    os.chown(folder, 65534, 65534)
    assert Memo(str(folder)).get("s", "k") is None


def test_links_and_fifos_are_not_followed(folder, tmp_path):
    kept(tmp_path / "elsewhere", s={"k": "v"})
    (folder / "memo").symlink_to(tmp_path / "elsewhere" / "memo")
    memo = Memo(str(folder))
    assert memo.get("s", "k") is None
    assert memo.problem
    (folder / "memo").unlink()
    os.mkfifo(folder / "memo", 0o600)
    assert Memo(str(folder)).get("s", "k") is None  # and does not wait for a writer
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    assert Memo(str(tmp_path / "linked")).get("s", "k") is None


def test_saving_over_a_link_replaces_the_link_and_not_what_it_leads_to(folder, tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    (folder / "memo").symlink_to(target)
    (folder / "memo.new").symlink_to(target)
    kept(folder, s={"k": "v"})
    assert target.read_text() == "precious"
    assert not (folder / "memo").is_symlink()


def test_a_path_that_is_no_folder_costs_only_speed(tmp_path):
    (tmp_path / "file").write_text("")
    memo = Memo(str(tmp_path / "file"))
    assert memo.get("s", "k") is None
    memo.put("s", "k", "v")
    assert not memo.save()
    assert memo.get("s", "k") == "v"
    assert "could not be kept" in memo.problem


def test_what_an_interrupted_run_left_is_in_nobody_s_way(folder):
    (folder / "memo.new").write_text("half")
    kept(folder, s={"k": "v"})
    assert Memo(str(folder)).get("s", "k") == "v"
    assert not (folder / "memo.new").exists()


def test_a_full_disk_keeps_the_old_answers(folder):
    """A limit on the size of files stands for a full disk: write() fails in the middle in the same way."""
    kept(folder, s={"k": "v"})
    memo = Memo(str(folder))
    memo.put("s", "big", "x" * 100_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        assert not memo.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert memo.problem
    assert sorted(os.listdir(folder)) == ["memo"]
    assert Memo(str(folder)).get("s", "k") == "v"


def test_text_that_no_file_name_can_hold_is_no_error(folder):
    memo = Memo(str(folder))
    assert memo.get("s\ud800", "k") is None
    memo.put("s", "\ud800", "\ud800")
    assert memo.save()
