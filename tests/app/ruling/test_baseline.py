"""The baseline's folder: where it is looked for, what in it is read, and what is said of what cannot be."""

from __future__ import annotations

import os

import pytest

from hb_engine.app import folders
from hb_engine.app.ruling import baseline
from hb_engine.model.baseline import Lock
from hb_engine.model.errors import BadInput

RULE = '[[allow]]\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n'


@pytest.fixture(autouse=True)
def _here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path / "etc"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".git").mkdir()
    made = tmp_path / "hb.d"
    made.mkdir(mode=0o755)
    return made


def refused(function, *words, **more):
    with pytest.raises(BadInput) as raised:
        function(*words, **more)
    return f"{raised.value.message} | {raised.value.remedy}"


def problems(*paths):
    return [f"{one.where.text}: {one.message} | {one.hint}" for one in baseline.read(map(str, paths), now=0).problems]


# -- where it is


def test_a_named_folder_is_taken(monkeypatch):
    monkeypatch.setenv("HB_BASELINE", "/variable")
    assert baseline.locate("/given") == "/given"
    assert baseline.locate() == "/variable"


def test_here_and_above_up_to_the_root_of_the_work_tree(tmp_path, monkeypatch, folder):
    assert baseline.locate() == "hb.d"
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert baseline.locate() == str(folder)
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")
    assert baseline.locate() is None


def test_the_machines_own_comes_last(tmp_path, folder):
    (tmp_path / "etc" / "hb.d").mkdir(parents=True)
    assert baseline.locate() == "hb.d"
    folder.rmdir()
    assert baseline.locate() == str(tmp_path / "etc" / "hb.d")


def test_there_is_none(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    told = refused(baseline.load)
    assert told == (
        f"there is no baseline: no hb.d here or above, and none in {tmp_path / 'etc'} | "
        "Begin with hb learn --now, or name one with --baseline DIR."
    )
    assert refused(baseline.load, "nowhere").startswith("the baseline nowhere is not there | Begin with")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HB_BASELINE", "file")
    assert refused(baseline.load).startswith("the baseline file (HB_BASELINE names it) is no folder | ")


# -- what is read


def test_files_in_the_order_of_their_names(folder):
    for name in ("b.toml", "a.TOML", "c.json", ".hidden.toml", "notes.txt", "x.toml~"):
        (folder / name).write_text("{}" if name == "c.json" else "" if name[0] != "." else "broken")
    assert baseline.load().baseline.files == ("hb.d/a.TOML", "hb.d/b.toml", "hb.d/c.json")


def test_a_folder_with_a_rule(folder):
    (folder / "a.toml").write_text(RULE)
    loaded = baseline.load()
    assert [rule.where.text for rule in loaded.baseline.rules] == ["hb.d/a.toml:1:1"]
    assert (loaded.folder, loaded.problems, loaded.lock, loaded.unsafe) == ("hb.d", (), Lock(), "")


def test_names_of_services_are_those_of_the_registry(folder):
    (folder / "a.toml").write_text(RULE.replace("443", "https"))
    assert baseline.load().baseline.rules[0].listen[0].first == 443
    (folder / "a.toml").write_text(RULE.replace("443", "postgres"))
    assert refused(baseline.load).endswith("no service is called 'postgres' | Did you mean tcp/postgresql?")
    (folder / "a.toml").write_text(RULE.replace("443", "ht*"))
    assert "no service is called 'ht*'" in refused(baseline.load)


def test_alike_names_are_looked_for_only_at_first(monkeypatch):
    monkeypatch.setattr(baseline, "MOST_ALIKE", 1)
    monkeypatch.setattr(baseline, "_LOOKED", [])
    assert baseline.alike("postgres") == ("postgresql",)
    assert baseline.alike("postgres") == ()


def test_errors_are_told_and_counted(folder):
    (folder / "a.toml").write_text(RULE.replace("443", "0") * 5)
    told = refused(baseline.load)
    assert told.startswith("the baseline cannot be used: hb.d/a.toml:2:15: '0' is no port; hb.d/a.toml:6:15")
    assert told.endswith("; and 2 more | hb lint hb.d shows each with its line.")
    with pytest.raises(baseline.BadBaseline) as raised:
        baseline.load()
    assert len(raised.value.problems) == 5


def test_warnings_are_handed_on(folder):
    (folder / "a.toml").write_text(RULE + "until = 2026-01-01\n")
    assert [one.code for one in baseline.load(now=1795356311.0).problems] == ["expired"]
    assert baseline.load(now=0).problems == ()


def test_packs_that_come_with_hb(folder):
    assert "debian" in baseline.pack_names()
    assert baseline.pack_text("../debian") is None
    assert baseline.pack_text("nothing") is None
    (folder / "a.toml").write_text('[defaults]\npacks = ["debian"]\n')
    rules = baseline.load().baseline.rules
    assert rules
    assert {rule.pack for rule in rules} == {"debian"}
    (folder / "a.toml").write_text("")
    assert baseline.load(packs=("debian",)).baseline.rules == rules


@pytest.mark.parametrize("name", baseline.pack_names())
def test_every_pack_is_read_without_a_problem(folder, name):
    (folder / "a.toml").write_text("")
    loaded = baseline.load(packs=(name,))
    assert loaded.problems == ()
    assert loaded.baseline.rules


# -- what cannot be read


def test_what_is_no_file(folder):
    (folder / "dir.toml").mkdir()
    (folder / "link.toml").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.toml")
    assert problems(folder) == [
        f"{folder}/dir.toml: this is a folder, where a file is expected | Rename it, or move it out of the folder.",
        f"{folder}/link.toml: this link leads nowhere | Rename it, or move it out of the folder.",
        f"{folder}/pipe.toml: this is no file | Rename it, or move it out of the folder.",
    ]


def test_bytes_that_are_no_text(folder):
    (folder / "a.toml").write_bytes("# ä\nwhy = 'Größe'\n".encode("latin-1"))
    (folder / "b.toml").write_bytes("# x\n".encode("utf-16"))
    (folder / "c.toml").write_bytes("# ä\nwhy = '".encode() + b"\xff'\n")
    (folder / "d.toml").write_bytes("# x\n".encode("utf-32"))
    assert problems(folder) == [
        f"{folder}/a.toml:1:3: the byte 0xe4 here is no UTF-8 | Save the file as UTF-8.",
        f"{folder}/b.toml:1:1: this file is UTF-16, not UTF-8 | Save it as UTF-8.",
        f"{folder}/c.toml:2:8: the byte 0xff here is no UTF-8 | Save the file as UTF-8.",
        f"{folder}/d.toml:1:1: this file is UTF-32, not UTF-8 | Save it as UTF-8.",
    ]


def test_a_mark_and_line_ends_of_windows(folder):
    (folder / "a.toml").write_bytes(
        b"\xef\xbb\xbf" + RULE.replace("443", "443 on publik").replace("\n", "\r\n").encode()
    )
    assert problems(folder) == [f"{folder}/a.toml:2:22: 'publik' is no scope | Did you mean public?"]


def test_files_that_are_too_large_or_too_many(folder, monkeypatch):
    monkeypatch.setattr(baseline, "LARGEST", 100)
    (folder / "a.toml").write_text("#" * 101)
    assert problems(folder) == [
        f"{folder}/a.toml: this file is larger than 1 MiB | Split it; hb reads all files of hb.d."
    ]
    monkeypatch.setattr(baseline, "MOST_FILES", 0)
    assert "holds more than 0 files" in refused(baseline.read, [str(folder)])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_is_not_ours_to_read(folder):
    (folder / "a.toml").write_text(RULE)
    (folder / "a.toml").chmod(0)
    assert problems(folder) == [f"{folder}/a.toml: this cannot be read: Permission denied | Run as who may read it."]


def test_a_path_that_is_not_there():
    assert refused(baseline.read, ["nowhere.toml"]) == "nowhere.toml is not there | Name a file or folder of rules."


def test_a_folder_as_it_would_be(folder):
    (folder / "a.toml").write_text(RULE)
    (folder / "b.toml").write_text(RULE.replace("443", "80"))
    found = baseline.reread(str(folder), {"b.toml": "[[allow]\n", "c.toml": RULE.replace("443", "81")})
    assert [rule.listen[0].first for rule in found.baseline.rules] == [443, 81]
    assert [one.where.file for one in found.errors] == [str(folder / "b.toml")]
    assert (folder / "b.toml").read_text() == RULE.replace("443", "80")


# -- beside it


def test_who_may_write_the_rules(folder):
    (folder / "a.toml").write_text(RULE)
    assert baseline.unsafe("hb.d") == ""
    (folder / "a.toml").chmod(0o664)
    assert baseline.unsafe("hb.d") == "hb.d/a.toml can be written by its group: chmod go-w hb.d/a.toml"
    folder.chmod(0o777)
    assert baseline.load().unsafe == "hb.d can be written by everybody: chmod go-w hb.d"


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_rules_of_another_user(folder):
    (folder / "a.toml").write_text(RULE)
    os.chown(folder / "a.toml", 12345, 12345)
    assert baseline.unsafe("hb.d") == "hb.d/a.toml belongs to another user, who may write the rules"


def test_a_lock_that_cannot_be_read(folder, tmp_path):
    assert baseline.lock_path("hb.d") == str(tmp_path / "hb.lock")
    (tmp_path / "hb.lock").write_bytes(b"\xff")
    assert (
        refused(baseline.load)
        == f"{tmp_path / 'hb.lock'} cannot be read: it is no UTF-8 | hb learn --now writes it anew."
    )
    (tmp_path / "hb.lock").write_text("broken")
    assert "hb.lock" in refused(baseline.load)


def test_a_lock_that_is_no_file(folder, tmp_path):
    path = tmp_path / "hb.lock"
    os.mkfifo(path)
    assert refused(baseline.load).startswith(f"{path} cannot be read: it is no file | ")
    path.unlink()
    path.symlink_to("elsewhere")
    assert refused(baseline.load).startswith(f"{path} cannot be read: it is a link to nowhere | ")
    path.unlink()
    path.mkdir()
    assert refused(baseline.load).startswith(f"{path} cannot be read: it is a folder | ")


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="making another user's link takes root")
def test_a_link_of_another_user_s_is_not_followed(folder, tmp_path, monkeypatch):
    """Mistakes are told with their line: root would show whatever the link leads to."""
    secret = tmp_path / "shadow"
    secret.write_text("root:$y$secret:1::::::\n")
    link = folder / "a.toml"
    link.symlink_to(secret)
    assert baseline.gathered([str(folder)]).files == ((str(link), secret.read_text()),)
    os.lchown(link, 61001, 61001)
    found = baseline.gathered([str(folder)])
    assert (found.files, [one.message for one in found.problems]) == ((), ["this link is another user's"])
    monkeypatch.setenv("SUDO_UID", "61001")  # who called sudo is believed
    assert baseline.gathered([str(folder)]).problems == ()


def test_who_may_write_the_lock(folder, tmp_path):
    path = tmp_path / "hb.lock"
    path.touch(mode=0o600)
    assert baseline.unsafe("hb.d") == ""
    path.chmod(0o666)
    assert baseline.unsafe("hb.d") == f"{path} can be written by everybody: chmod go-w {path}"


# -- zones


def test_zones():
    summer, winter = 1751328000, 1767225600  # 2025-07-01 and 2026-01-01
    assert (
        baseline.zone("UTC", 0),
        baseline.zone("Europe/Berlin", summer),
        baseline.zone("Europe/Berlin", winter),
    ) == (
        0,
        7200,
        3600,
    )
    assert baseline.zone("Mars/Olympus", 0) is None
    assert baseline.zone("../../etc/passwd", 0) is None
    assert baseline.zone("", 0) is None
    assert baseline.zone("a\0b", 0) is None


def test_findings_are_the_names_of_judges_rules():
    from hb_engine.app.looking.look import rule_names
    from hb_engine.judge.kit import load

    assert set(baseline.findings()) == {one.rule.name for one in load(rule_names())}


def test_a_pipe_that_takes_a_files_place_keeps_nobody(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert baseline._bytes(str(tmp_path / "pipe"), 10) == b""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX")
def test_a_folder_above_that_everybody_may_write_is_told(tmp_path):
    """Whoever may rename hb.d may put other rules in its place."""
    above = tmp_path / "above"
    (above / "hb.d").mkdir(parents=True)
    assert baseline.unsafe(str(above / "hb.d")) == ""
    above.chmod(0o777)
    assert baseline.unsafe(str(above / "hb.d")).startswith(f"{above} can be written by everybody")
    above.chmod(0o1777)
    assert baseline.unsafe(str(above / "hb.d")) == ""
    (tmp_path / "link").symlink_to(above / "hb.d")
    above.chmod(0o777)
    assert baseline.unsafe(str(tmp_path / "link")).startswith(f"{above} can be written by everybody")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give folders away")
def test_a_folder_above_of_another_user_is_told(tmp_path):
    above = tmp_path / "above"
    (above / "hb.d").mkdir(parents=True)
    os.chown(above, 65534, 65534)
    assert baseline.unsafe(str(above / "hb.d")) == f"{above} belongs to another user, who may put other rules there"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give folders away")
def test_a_strangers_baseline_that_nobody_named_is_refused(tmp_path, monkeypatch):
    """Root in a user's folder: its hb.d would say that all is as expected."""
    monkeypatch.chdir(tmp_path)
    for name in ("HB_BASELINE", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "hb.d").mkdir()
    (tmp_path / "hb.d" / "a.toml").write_text('schema = "hb/1"\n')
    os.chown("hb.d", 65534, 65534)
    with pytest.raises(BadInput, match="belongs to another user") as caught:
        baseline.load()
    assert "--baseline hb.d" in caught.value.remedy
    assert "belongs to another user" in baseline.load("hb.d").unsafe
    monkeypatch.setenv("SUDO_UID", "65534")
    assert "belongs to another user" in baseline.load().unsafe
