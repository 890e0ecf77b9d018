"""Looking at this machine: collected, named, judged."""

from __future__ import annotations

import pytest
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app.looking import look
from hb_engine.app.looking.own import own_namespace
from hb_engine.app.remembering.history import Known
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner
from hb_engine.model.record import replace


@pytest.fixture(autouse=True)
def folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def seen(*openings):
    return Inventory(Host("here", "Debian"), 1.8e9, Coverage(True, ("packages dpkg",)), openings)


def opening(port, **more):
    fields = {"owners": (Owner(7, "x", "/dev/shm/x", "deleted"),), **more}
    return Opening("listener", "tcp", port, ("0.0.0.0",), ("ipv4",), "public", Netns(1), **fields)


def rules(judged):
    return {reason.rule for one in judged.openings if one.verdict for reason in one.verdict.reasons}


def test_every_rule_that_is_there_is_found_and_loads():
    from hb_engine.judge.kit import load

    names = look.rule_names()
    assert {"deleted_executable", "threat_listed_unexpected"} <= set(names)
    assert len(load(names)) == len(names)


def test_rules_that_need_more_than_a_look_are_in_folders_of_their_own():
    names = look.rule_names()
    assert {"spoken.tls_too_old", "remembered.opened_later"} <= set(names)
    assert sorted(look.rule_names("", "spoken", "remembered")) == sorted(names)
    assert all("." not in name for name in look.rule_names(""))
    assert all(name.startswith("spoken.") for name in look.rule_names(look.SPOKEN))


def test_what_an_opening_said_is_judged_by_the_rules_for_that():
    silent = opening(8443, owners=())
    old = Identity("http", tls=Tls("TLSv1", versions=("SSLv3", "TLSv1")))
    said = {silent.key: Answer("tcp", 8443, "open", "conn-accepted", identity=old)}
    bench = look.Bench()
    assert rules(bench.judged(seen(silent))) == set()
    assert rules(bench.judged(seen(silent), said)) == {"tls-too-old"}
    assert rules(bench.judged(seen(silent), {})) == set()


def test_what_history_knows_is_judged_too():
    late, day = opening(8443, owners=()), 86400.0
    bench = look.Bench()
    known = Known({late.key: 1.8e9 - day}, 1.8e9 - 20 * day)
    assert rules(bench.judged(seen(late), known=known)) == {"opened-later"}
    assert rules(bench.judged(seen(late), known=Known({}, 1.8e9))) == set()
    assert rules(bench.judged(seen(late), known=Known({late.key: 1.8e9}, 1.8e9))) == set()


def test_the_kernels_own_ports_are_those_of_the_host():
    it = opening(49999, owners=())
    here = replace(seen(it), host=Host("here", "Debian", local_ports=(32768, 60999)))
    assert rules(look.Bench().judged(here)) == {"ephemeral-bind"}
    assert rules(look.Bench().judged(seen(it))) == set()


def test_openings_are_named_and_judged():
    ssh, odd = look.Bench().judged(seen(opening(22), opening(49999))).openings
    assert [entry.name for entry in ssh.registered] == ["ssh"]
    assert odd.registered == ()
    assert odd.verdict is not None
    assert odd.verdict.severity == "critical"


def test_nothing_open_is_an_inventory_too():
    assert look.Bench().judged(seen()).openings == ()


@pytest.mark.root
@pytest.mark.slow
def test_a_listener_is_seen_with_its_verdict():
    needs_root()

    def work():
        with tcp(6001) as one:
            found = [o for o in look.look().openings if o.port == 6001 and o.netns.id == own_namespace()]
            assert len(found) == 1
            assert found[0].verdict is not None
            assert one

    in_namespace(work)
