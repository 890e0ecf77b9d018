"""The files of what may be scanned: read in order, changed whole or not at all, trusted only where they can be."""

from __future__ import annotations

import json
import os
import threading

import pytest

from hb_engine.app import folders
from hb_engine.app.scanning import scope
from hb_engine.model.errors import BadInput, DataError
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.resolve import Resolved
from hb_engine.scan.scope import judge
from hb_engine.scan.words import read

NOW = 1_795_608_000.0  # 2026-11-25 12:00 UTC
NAMES = {"db": ("5.6.8.1", "2600::1"), "bad": ("192.0.2.1",)}


def resolve(names, families):
    return {name: Resolved(NAMES.get(name, ()), "" if name in NAMES else "unknown") for name in names}


@pytest.fixture
def etc(monkeypatch, tmp_path):
    """An administrator's folder in the place of /etc/hb-engine."""
    path = tmp_path / "etc"
    path.mkdir(mode=0o755)
    monkeypatch.setattr(folders, "system", lambda: str(path))
    return path


@pytest.fixture
def own(etc):
    """The path of the person's file, which is not there yet."""
    return f"{folders.config()}/scope.toml"


def add(*words, **more):
    return scope.add(words, resolve=resolve, now=NOW, **{"why": "ours", **more})


def may(word):
    return bool(judge(AddressSet(read(word).ranges), scope.scope(NOW)).addresses)


def refused(kind, function, *words, **more):
    with pytest.raises(kind) as raised:
        function(*words, **more)
    return f"{raised.value.message} | {raised.value.remedy}"


def test_without_a_file_only_private_networks_may_be_asked(own):
    assert scope.listing(NOW).files == ()
    assert (may("10.0.0.1"), may("5.6.7.8")) == (True, False)
    assert any(one.interface == "lo" for one in scope.scope(NOW).attached)


def test_what_is_added_may_be_asked_until_its_day(own):
    done = add("5.6.7.0/24", until="2026-11-25")
    assert (done.path, done.removed, done.notes) == (own, (), ())
    (line,) = done.added
    assert (line.what, line.why, line.until, line.added, line.place) == (
        "5.6.7.0/24", "ours", "2026-11-25", "2026-11-25", f"{own}:4"
    )  # fmt: skip
    assert line.by
    assert may("5.6.7.8")
    assert not judge(AddressSet(read("5.6.7.8").ranges), scope.scope(NOW + 86_400)).addresses


def test_an_allowance_needs_a_reason_and_a_day_to_come(own):
    assert refused(BadInput, add, "5.6.7.8", why=" ").startswith("an allowance has a reason")
    assert refused(BadInput, add, "5.6.7.8", until="2026-11-24").startswith("2026-11-24 is past")
    assert "is no day" in refused(BadInput, add, "5.6.7.8", until="tomorrow")
    assert "needs a network" in refused(BadInput, add)
    assert not os.path.exists(own)


def test_what_no_host_has_cannot_be_allowed(own):
    assert refused(BadInput, add, "224.0.0.1").startswith("'224.0.0.1' is never scanned: multicast")
    assert "wider than a /8" in refused(BadInput, add, "0.0.0.0/0")
    assert "is never scanned" in refused(BadInput, add, "bad")
    done = add("192.0.2.0/23")
    assert done.notes == ("192.0.2.0/24 stays out: for documentation: no host has it (RFC 5737, RFC 3849, RFC 9637)",)


def test_names_keep_the_addresses_of_the_day(own):
    done = add("DB.")
    assert done.notes == ("db stands for 5.6.8.1, 2600::1; where it leads later is not allowed",)
    assert (may("5.6.8.1"), may("2600::1"), may("5.6.8.2")) == (True, True, False)
    assert "does not resolve" in refused(BadInput, add, "nowhere")


def test_the_same_again_takes_the_place_of_the_first(own):
    add("5.6.7.0/24", "5.6.9.0/24")
    done = add("5.6.7.0/24", why="still ours")
    assert [line.why for line in done.removed] == ["ours"]
    assert [(line.what, line.why) for line in scope.scope(NOW).lines] == [
        ("5.6.9.0/24", "ours"),
        ("5.6.7.0/24", "still ours"),
    ]


def test_an_exclusion_wins(own):
    add("5.6.7.0/24")
    scope.exclude(["5.6.7.8", "10.0.0.0/8"], why="printers", resolve=resolve, now=NOW)
    assert (may("5.6.7.7"), may("5.6.7.8"), may("10.1.1.1")) == (True, False, False)


def test_lines_are_taken_out_by_what_they_say_or_mean(own):
    add("5.6.7.0/24", "5.6.9.5/24", "db")
    assert [line.what for line in scope.remove(["5.6.9.0/24", "DB"], now=NOW).removed] == ["5.6.9.5/24", "db"]
    assert [line.what for line in scope.scope(NOW).lines] == ["5.6.7.0/24"]
    assert refused(BadInput, scope.remove, ["5.6.7.0/25"]).startswith(f"no line in {own} says '5.6.7.0/25'")


def test_the_administrators_file_is_read_first_and_binds(own, etc):
    (etc / "scope.toml").write_text('scope = [\n  { exclude = "5.6.7.8" },\n  { allow = "5.6.0.0/16" },\n]\n')
    add("5.6.7.8")
    assert scope.listing(NOW).files == (str(etc / "scope.toml"), own)
    assert (may("5.6.7.8"), may("5.6.1.1")) == (False, True)
    told = refused(BadInput, scope.remove, ["5.6.0.0/16"])
    assert told == f"'5.6.0.0/16' stands in {etc / 'scope.toml'}:3 | That file is the administrator's to change."


@pytest.mark.parametrize("name", ["etc", "config"])
def test_half_a_file_stops_everything_and_says_where(own, etc, name):
    folder = etc if name == "etc" else os.path.dirname(own)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "scope.toml"), "w", encoding="utf-8") as file:
        file.write('scope = [\n  { allow = "10.0.0.1" },\n  { exclu')
    told = refused(DataError, scope.scope, NOW)
    assert f"{folder}/scope.toml:3: " in told
    assert "nothing is scanned before" in told
    if name == "config":
        refused(DataError, add, "5.6.7.8")
        with open(own, encoding="utf-8") as file:
            assert file.read().endswith("{ exclu")


def test_bytes_that_are_no_text_are_told_with_their_line(own, etc):
    (etc / "scope.toml").write_bytes(b"scope = [\n\xff\n]\n")
    assert "scope.toml:2: the bytes there are no UTF-8" in refused(DataError, scope.scope, NOW)
    (etc / "scope.toml").write_bytes(b"#" * ((1 << 20) + 1))
    assert "larger than 1 MiB" in refused(DataError, scope.scope, NOW)


def test_a_file_that_others_can_write_is_not_trusted(own, etc):
    add("5.6.7.8")
    os.chmod(own, 0o664)
    assert refused(DataError, scope.scope, NOW).startswith(f"{own} could have been written by others | Give it to root")
    os.chmod(own, 0o644)
    os.chmod(os.path.dirname(own), 0o777)  # noqa: S103 - that is the mistake
    assert "could have been written by others" in refused(DataError, scope.scope, NOW)
    os.chmod(os.path.dirname(own), 0o700)
    assert may("5.6.7.8")


@pytest.mark.root
def test_roots_scope_is_nobody_elses(own, etc):
    if os.geteuid() != 0:
        pytest.skip("needs root: it gives a file away")
    path = etc / "scope.toml"
    path.write_text("scope = [\n]\n")
    os.chown(path, 65534, 65534)
    assert "could have been written by others" in refused(DataError, scope.scope, NOW)
    path.unlink()
    (etc / "real").write_text("scope = [\n]\n")
    path.symlink_to(etc / "real")
    assert "cannot be read" in refused(DataError, scope.scope, NOW)


def test_what_is_no_file_is_not_waited_for(own, etc):
    os.mkfifo(etc / "scope.toml", 0o600)
    assert "is no file" in refused(DataError, scope.scope, NOW)


def test_a_link_is_not_replaced_by_a_file(own, etc, monkeypatch):
    os.makedirs(os.path.dirname(own), mode=0o700)
    real = etc / "mine"
    real.write_text("scope = [\n]\n")
    os.symlink(real, own)
    if os.geteuid() == 0:
        assert "cannot be read" in refused(DataError, add, "5.6.7.8")
    else:
        assert "is a link" in refused(DataError, add, "5.6.7.8")
    assert (os.path.islink(own), real.read_text()) == (True, "scope = [\n]\n")


def test_a_persons_comments_stay(own):
    add("5.6.7.0/24")
    with open(own, encoding="utf-8") as file:
        text = file.read()
    with open(own, "w", encoding="utf-8") as file:
        file.write("# mine\n" + text.replace("]\n", "  # below\n]\n# end\n"))
    add("5.6.9.0/24")
    scope.remove(["5.6.7.0/24"], now=NOW)
    with open(own, encoding="utf-8") as file:
        kept = file.read()
    assert kept.startswith("# mine\n")
    assert "  # below\n  { allow" in kept
    assert kept.endswith("]\n# end\n")


def test_two_changes_at_once_are_both_kept(own):
    threads = [threading.Thread(target=add, args=(f"5.6.{number}.0/24",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line.what for line in scope.scope(NOW).lines) == [f"5.6.{number}.0/24" for number in range(6)]
    assert [name for name in os.listdir(os.path.dirname(own)) if name != "scope.toml"] == []


def test_changes_are_recorded(own):
    add("5.6.7.0/24")
    scope.remove(["5.6.7.0/24"], now=NOW)
    first, second = scope.records(9)
    assert (first["event"], first["at"], first["file"], first["removed"]) == ("scope", NOW, own, [])
    assert first["added"][0].startswith('{ allow = "5.6.7.0/24", why = "ours"')
    assert (second["added"], second["removed"]) == ([], first["added"])
    assert json.dumps(first)


def test_a_change_that_cannot_be_recorded_says_so(own, monkeypatch):
    monkeypatch.setattr(folders, "state", lambda: None)
    assert add("5.6.7.0/24").notes == ("not recorded: there is no folder to keep it in. Set XDG_STATE_HOME.",)


def test_without_a_home_there_is_nothing_to_change(etc, monkeypatch):
    monkeypatch.setattr(folders, "config", lambda: None)
    assert "Set XDG_CONFIG_HOME" in refused(DataError, add, "5.6.7.8")
    assert scope.paths() == (str(etc / "scope.toml"),)


def test_check_says_what_would_be_scanned(own):
    add("5.6.7.0/24")
    found = scope.check(["5.6.7.8", "5.6.8.8", "10.0.0.1"], now=NOW)
    assert [str(one.range) for one in found.allowed.allowances] == ["10.0.0.1", "5.6.7.8"]
    assert found.allowed.lines[0].what == "5.6.7.0/24"
    assert [str(one.range) for one in found.allowed.refused] == ["5.6.8.8"]
    assert len(found.targets) == 3
