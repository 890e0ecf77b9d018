"""The recipe of hb prune: rules that nothing used, as far as history tells."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.changing.prune import DAY, prune
from hb_engine.app.looking import collect
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

HEAD = 'schema = "hb/1"\n[defaults]\nrequire = []\n'
SSH = '[[allow]]\nid = "ssh"\nlisten = "tcp/22"\n'
DNS = '[[allow]]\nid = "dns"\nlisten = "tcp/53, udp/53"\n'
WEB = '[[require]]\nid = "web"\nlisten = "tcp/443"\n'
NO = '[[forbid]]\nid = "no"\nlisten = "tcp/23"\n'
NOW = 1_900_000_000.0


@pytest.fixture
def folder(tmp_path, monkeypatch, machine):
    """Rules where hb runs, an empty history, and a clock that stands still."""
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(collect, "collect", machine.collect)
    monkeypatch.setattr("hb_engine.app.changing.prune.time.time", lambda: NOW)
    made = tmp_path / "hb.d"
    made.mkdir()
    (made / "rules.toml").write_text(HEAD + SSH + DNS + WEB + NO)
    return made


def record(days_ago, *openings, host="web-17"):
    seen = replace(kit.inventory(*openings), host=Host(host, "Debian"), taken_at=NOW - days_ago * DAY)
    store = history.open_store(create=True)
    assert store is not None
    try:
        store.record(seen)
    finally:
        store.close()


def names(found):
    return [rule.id for rule in found.rules]


def test_rules_that_covered_nothing(folder):
    record(100, kit.SSH, kit.DNS)
    record(1, kit.SSH, kit.DNS)
    found = prune(90)
    assert names(found) == ["web"]
    assert (found.of, found.days, found.looks, found.hosts) == (3, 90, 1, ("web-17",))
    assert not found.is_short


def test_what_was_open_before_does_not_count(folder):
    record(100, kit.SSH, kit.DNS)
    record(50, kit.SSH)
    assert names(prune(90)) == ["dns", "web"]
    assert names(prune(120)) == ["web"]


def test_history_that_is_shorter_says_so(folder):
    record(3, kit.SSH)
    found = prune(90)
    assert found.is_short
    assert found.begins == found.since == NOW - 3 * DAY


def test_several_machines(folder):
    record(3, kit.SSH)
    record(2, kit.DNS, host="dns-1")
    found = prune(90)
    assert names(found) == ["web"]
    assert set(found.hosts) == {"web-17", "dns-1"}


def test_no_history_is_a_mistake_with_a_remedy(folder):
    with pytest.raises(BadInput, match="there is no history yet") as raised:
        prune(90)
    assert "hb record" in raised.value.remedy


def test_no_baseline(folder):
    (folder / "rules.toml").unlink()
    folder.rmdir()
    with pytest.raises(BadInput, match="there is no baseline"):
        prune(90)


def test_nothing_is_changed(folder):
    record(3, kit.SSH)
    before = (folder / "rules.toml").read_bytes()
    prune(1)
    assert (folder / "rules.toml").read_bytes() == before
