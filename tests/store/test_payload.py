"""What is kept of openings comes back the same, and what makes a change is what both looks know."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.store.kit import BOX, CHRONY, SSH, WEB, blind, daemon, restarted

from hb_engine.model.errors import DataError
from hb_engine.model.owner import Package
from hb_engine.model.record import replace
from hb_engine.store import payload


def test_by_key_in_an_order_of_their_own():
    found = payload.grouped((WEB, SSH, kit.REDIS))
    assert list(found) == sorted([WEB.key, SSH.key, kit.REDIS.key])
    assert payload.grouped((kit.REDIS, SSH, WEB)) == found
    assert found[kit.REDIS.key][0].registered == ()
    assert found[kit.REDIS.key][0].verdict is None


def test_several_of_one_key():
    other = replace(BOX, addresses=("172.17.0.2",))
    assert [one.addresses for one in payload.grouped((BOX, other))[BOX.key]] == [("172.17.0.2",), ("172.17.0.3",)]
    many = tuple([replace(CHRONY, port=port) for port in range(1024, 1100)])
    assert [len(each) for each in payload.grouped(many).values()] == [1]


@pytest.mark.parametrize("value", [*kit.LOOK.openings, *kit.hostile_look().openings], ids=lambda one: one.key[:40])
def test_text_comes_back(value):
    (kept,) = payload.grouped((value,)).values()
    text = payload.text(kept)
    assert payload.read(text) == kept
    assert text.isascii()
    assert payload.grouped(kept) == {kept[0].key: kept}  # what went through text once does not change any more


@pytest.mark.parametrize("text", ["", "5", "[5]", "[{}]", '{"a": 1}', "[", '[{"kind": "x"}]'])
def test_what_is_none_is_told(text):
    with pytest.raises(DataError):
        payload.read(text)


def test_holders():
    assert payload.holders((SSH,)) == {(712, SSH.owners[0].started_at)}
    assert payload.holders((restarted(SSH),)) != payload.holders((SSH,))
    assert payload.holders((blind(SSH),)) == frozenset()


def test_how_much_is_known():
    assert payload.known((SSH,)) == 4
    assert payload.known((SSH, blind(SSH))) == 0
    assert payload.known(()) == 0


def changed(**fields):
    return replace(SSH, owners=(replace(SSH.owners[0], **fields),))


@pytest.mark.parametrize(
    "now",
    [
        replace(SSH, addresses=("10.0.0.5",)),
        replace(SSH, families=("ipv4",)),
        replace(SSH, interface="eth0"),
        replace(SSH, flags=("filter",)),
        replace(SSH, uid=1000),
        changed(exe="/tmp/sshd"),
        changed(exe_state="deleted"),
        changed(uid=1000),
        changed(script="/tmp/x.py"),
        changed(package=Package("openssh-server", "2", "dpkg", verified=True)),
        changed(package=Package("openssh-server", "1:9.2p1-2", "dpkg", verified=False)),
    ],
)
def test_facts_differ(now):
    if now.owners[0].script:
        assert not payload.differ((SSH,), (now,))  # where nothing was known before
        assert payload.differ((changed(script="/srv/y.py"),), (now,))
        return
    assert payload.differ((SSH,), (now,))
    assert payload.differ((now,), (SSH,))


@pytest.mark.parametrize(
    "now",
    [
        SSH,
        restarted(SSH),
        replace(SSH, notes=("a note",), inodes=(1, 2), verdict=None),
        changed(cmdline=("sshd: [listener] 1 of 10-100 startups",)),
        changed(parents=(), origin=None, holds=()),
        changed(package=None),
        changed(package=Package("openssh-server", "1:9.2p1-2", "dpkg", None)),
        replace(SSH, owners=(SSH.owners[0], replace(SSH.owners[0], pid=99))),
        replace(SSH, netns=replace(SSH.netns, id=5)),
    ],
)
def test_what_is_no_fact(now):
    assert not payload.differ((SSH,), (now,))
    assert not payload.differ((now,), (SSH,))


def test_of_several_the_facts_are_together():
    other = daemon(22, "other")
    assert not payload.differ((SSH, other), (other, SSH))
    assert payload.differ((SSH, other), (SSH,))


def test_where_a_firewall_s_rule_leads_is_a_fact():
    def led(goal):
        return (kit.opening(80, kind="forward", notes=(f"leads to {goal}",)),)

    assert payload.differ(led("10.0.0.2:80"), led("198.51.100.7:80"))
    assert not payload.differ(led("10.0.0.2:80"), led("10.0.0.2:80"))
    assert not payload.differ(led("172.17.0.2:80, container a"), led("172.17.0.3:80, container a"))
