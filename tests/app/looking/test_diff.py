"""Two inventories differ in what matters, and what one of them could not show is no difference."""

from __future__ import annotations

import pytest
from tests.judge.builders import opening, owner

from hb_engine.app.looking import diff
from hb_engine.faces.export.documents import inventory as written
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.record import replace

WEB = opening(80)
REDIS = opening(6379, owner("/usr/bin/redis-server"), scope="loopback")
WIDE = opening(6379, owner("/usr/bin/redis-server"), scope="public")
FULL = Coverage(privileged=True, sources=("sock_diag tcp",))


def seen(*openings, name="web-1", coverage=FULL):
    return Inventory(Host(name, "Debian"), 1000.0, coverage, openings)


def kinds(difference):
    return [(change.kind, change.opening.port) for change in difference.changes]


def test_nothing_differs_after_a_restart():
    again = replace(WEB, inodes=(7,), owners=(replace(WEB.owners[0], pid=99, started_at=5.0),))
    assert kinds(diff.between(seen(WEB, REDIS), seen(REDIS, again))) == []


def test_widened_is_one_change():
    difference = diff.between(seen(WEB, REDIS), seen(WEB, WIDE))
    assert kinds(difference) == [("widened", 6379)]
    assert difference.changes[0].previous is not None
    assert difference.changes[0].previous.scope == "loopback"


def test_opened_closed_and_another_owner():
    stranger = opening(80, owner("/usr/bin/socat"))
    assert kinds(diff.between(seen(WEB, REDIS), seen(stranger))) == [("owner", 80), ("closed", 6379)]
    assert kinds(diff.between(seen(), seen(WEB))) == [("opened", 80)]


def test_two_machines_are_compared_as_one():
    assert kinds(diff.between(seen(WEB), seen(WEB, REDIS, name="web-2"))) == [("opened", 6379)]


def test_what_the_second_could_not_show_is_unseen():
    blind = Coverage(privileged=True, gaps=(Gap("TCP", "refused", "be root", "tcp"),))
    difference = diff.between(seen(WEB), seen(coverage=blind))
    assert kinds(difference) == []
    assert [one.port for one in difference.unseen] == [80]


def test_what_the_first_could_not_show_is_unseen_too():
    blind = Coverage(privileged=True, gaps=(Gap("TCP", "refused", "be root", "tcp"),))
    difference = diff.between(seen(coverage=blind), seen(WEB))
    assert kinds(difference) == []
    assert [one.port for one in difference.unseen] == [80]


def test_files_with_many_machines_are_compared_by_name(tmp_path):
    for name, second in (("a", WEB), ("b", WIDE)):
        (tmp_path / f"{name}.json").write_text(written(seen(REDIS)) + written(seen(second, name="db-1")))
    found = diff.diff(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert [one.after.host.name for one in found] == ["web-1", "db-1"]
    assert kinds(found[0]) == []
    assert kinds(found[1]) == [("closed", 80), ("opened", 6379)]


def test_no_machine_in_both(tmp_path):
    (tmp_path / "a.json").write_text(written(seen()) + written(seen(name="x")))
    (tmp_path / "b.json").write_text(written(seen(name="y")))
    with pytest.raises(BadInput) as caught:
        diff.diff(str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert caught.value.message == "no machine is in both: web-1, x in the one, y in the other"


def test_a_scan_does_not_know_how_far_a_port_reaches():
    """What listens everywhere is seen by a scan at the one address that it asked."""
    scan = Coverage(privileged=False, gaps=(Gap("addresses", "a scan", "look there", "owners loopback scope"),))
    asked = replace(WIDE, scope="private", owners=())
    assert kinds(diff.between(seen(WIDE), seen(asked, coverage=scan))) == []
    assert kinds(diff.between(seen(asked, coverage=scan), seen(WIDE))) == []
    assert kinds(diff.between(seen(REDIS), seen(asked, coverage=scan))) == [("opened", 6379)]
