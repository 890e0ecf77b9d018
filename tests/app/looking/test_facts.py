"""Digests of what really runs: read through /proc, remembered by stat, read again where a rule pins them."""

from __future__ import annotations

import hashlib
import os
import sys

import pytest

from hb_engine.app.looking import facts
from hb_engine.inventory.linux.memo import Memo
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner
from hb_engine.model.record import replace

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
LATER = 4_000_000_000_000_000_000  # nanoseconds: long after any file here changed


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


class Machine:
    """A /proc of files made here, and a memo."""

    def __init__(self, folder) -> None:
        self.folder, self.memo = folder / "proc", Memo(None)
        self.folder.mkdir()

    def run(self, pid, content):
        """A process that runs these bytes; an opening that it holds."""
        place = self.folder / str(pid)
        place.mkdir(exist_ok=True)
        (place / "exe").write_bytes(content)
        owner = Owner(pid, f"p{pid}", f"/usr/bin/p{pid}")
        return Opening("listener", "tcp", pid, ("0.0.0.0",), ("ipv4",), "public", Netns(1), owners=(owner,))

    def digests(self, *openings, pinned=(), now=LATER):
        return facts.digests(
            openings, pinned=frozenset(pinned), root=str(self.folder), memo=self.memo, now_ns=lambda: now
        )


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_each_opening_has_the_digest_of_what_runs_behind_it(machine):
    one, other = machine.run(1, b"one"), machine.run(2, b"other")
    assert machine.digests(one, other) == {one.key: sha256(b"one"), other.key: sha256(b"other")}


def test_what_cannot_be_read_is_left_out(machine):
    one = machine.run(1, b"one")
    gone = replace(one, port=9, owners=(Owner(77, "gone", "/usr/bin/gone"),))
    nobody = replace(one, port=10, owners=())
    unread = replace(one, port=11, owners=(Owner(1, "unread", None),))
    kernel = replace(one, port=12, owners=(Owner(1, "kernel", "/x", exe_state="kernel"),))
    folder = replace(one, port=13, owners=(Owner(3, "folder", "/x"),))
    (machine.folder / "3" / "exe").mkdir(parents=True)
    assert set(machine.digests(one, gone, nobody, unread, kernel, folder)) == {one.key}


def poisoned(machine, one):
    """A memo that remembers something else of the file that runs."""
    from hb_engine.inventory.linux.packages.digest import identity

    known = identity(os.stat(machine.folder / "1" / "exe"))
    machine.memo.put(facts.ALGORITHM, known, "remembered")
    return one


def test_a_digest_is_remembered_by_the_file_s_stat(machine):
    one = poisoned(machine, machine.run(1, b"one"))
    assert machine.digests(one) == {one.key: "remembered"}


def test_bytes_that_a_rule_pins_are_read_again(machine):
    one = poisoned(machine, machine.run(1, b"one"))
    assert machine.digests(one, pinned=[one.key]) == {one.key: sha256(b"one")}
    assert machine.digests(one) == {one.key: sha256(b"one")}, "and remembered as they are"


def test_a_file_that_changed_just_now_is_not_remembered(machine):
    one = machine.run(1, b"one")
    now = os.stat(machine.folder / "1" / "exe").st_mtime_ns
    assert machine.digests(one, now=now) == {one.key: sha256(b"one")}
    from hb_engine.inventory.linux.packages.digest import identity

    assert machine.memo.get(facts.ALGORITHM, identity(os.stat(machine.folder / "1" / "exe"))) is None


def test_changed_bytes_are_another_file(machine):
    one = machine.run(1, b"one")
    assert machine.digests(one) == {one.key: sha256(b"one")}
    machine.run(1, b"another")
    assert machine.digests(one) == {one.key: sha256(b"another")}


def test_no_more_is_read_than_a_person_waits_for(machine, monkeypatch):
    openings = [machine.run(pid, b"x" * 10 + bytes([pid])) for pid in range(1, 6)]
    monkeypatch.setattr(facts, "BUDGET", 35)
    assert len(machine.digests(*openings)) == 3
    monkeypatch.setattr(facts, "BUDGET", 1000)
    monkeypatch.setattr(facts, "MOST", 2)
    machine.memo = Memo(None)
    assert len(machine.digests(*openings)) == 2


def test_the_digest_of_one_owner(machine):
    one = machine.run(1, b"one")
    assert facts.digest(one.owners[0], str(machine.folder)) == sha256(b"one")
    assert facts.digest(Owner(5), str(machine.folder)) == ""


def test_this_very_process():
    with open("/proc/self/exe", "rb") as file:
        expected = hashlib.sha256(file.read()).hexdigest()
    assert facts.digest(Owner(os.getpid())) == expected
