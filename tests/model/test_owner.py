"""An owner is what was read of a process; what was not read is None or empty, never made up."""

from __future__ import annotations

from hb_engine.model.owner import EXE_STATES, ORIGINS, Ancestor, Container, Hold, Origin, Owner, Package
from hb_engine.model.record import fields_of, replace


def test_a_process_of_which_only_the_number_is_known():
    bare = Owner(7)
    read = {name: getattr(bare, name) for name in fields_of(bare) if name not in ("pid", "exe_state")}
    assert not any(read.values())
    assert {name for name, value in read.items() if value is None} == {
        *("exe", "uid", "started_at", "unit", "container", "origin", "package", "script", "script_package"),
    }


def test_user_root_is_not_an_unknown_user():
    assert Owner(7, uid=0).uid is not None


def test_verified_has_three_answers():
    assert Package("nginx", "1.22", "dpkg").verified is None
    package = Package("nginx", "1.22", "dpkg", verified=False, detail="md5 differs")
    assert package.verified is False
    assert package != replace(package, verified=None)


def test_a_container_without_its_runtimes_files_keeps_its_id():
    box = Container("docker", "4f1d" * 16)
    assert (box.name, box.image, box.pod) == ("", "", "")
    assert box.id


def test_names_may_hold_bytes_that_are_no_text():
    assert Owner(7, comm="\udcff\n\x1b[31m").comm == "\udcff\n\x1b[31m"


def test_all_are_values():
    made = [Ancestor(1, "init"), Origin("service", "ssh.service"), Hold("fd", "3"), Owner(7), Package("a", "1", "rpm")]
    assert len(set(made) | {replace(one) for one in made}) == len(made)


def test_the_words_are_told_apart():
    for words in (EXE_STATES, ORIGINS):
        assert len(set(words)) == len(words)
    assert "unknown" in ORIGINS
    assert Owner(7).exe_state in EXE_STATES
