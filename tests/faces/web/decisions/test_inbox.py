"""The inbox of a sight: what is in it and beside it, made once, filtered by words that anybody may have written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, LOOK, NOW, POSTGRES, REDIS
from tests.faces.web import kit

from hb_engine.app.hub.sight import NOTHING, Machine, Sight
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.faces.web.addresses import short
from hb_engine.faces.web.decisions.inbox import Inbox, Wanted, inbox, speech, wanted
from hb_engine.model.answer import Answer, Scan, ScannedHost, ScanStats
from hb_engine.model.baseline import Baseline, Lock, LockedHost, Observed
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace


def test_made_once_for_a_sight():
    assert inbox(kit.SIGHT) is inbox(kit.SIGHT)
    assert inbox(replace(kit.SIGHT, number=2)) is not inbox(kit.SIGHT)


def test_cards_by_their_addresses():
    box = Inbox(kit.SIGHT)
    assert box.by_id[short(BACKDOOR.key)].opening == BACKDOOR
    assert (box.count("drift"), box.count("debt")) == (3, 1)
    assert (box.openings, box.expected) == (16, 6)


def test_what_stands_beside_the_cards():
    box = Inbox(
        Sight(1, NOW, (Machine(HOST.name, LOOK, judged.DRIFTED), Machine("b", LOOK, judged.BLIND), Machine("c", LOOK)))
    )
    assert [one.kind for _, one in box.missing] == ["gone"]
    assert [one.key for _, one in box.unseen] == ["tcp/public/8443"]
    assert box.muted == 1
    assert box.gaps == 2
    assert [one.name for one in box.unjudged] == ["c"]


def test_an_empty_sight():
    box = Inbox(NOTHING)
    assert (box.cards, box.judged, box.missing, box.unseen) == ((), (), (), ())


def test_filters_are_all_held():
    box = Inbox(kit.SIGHT)
    assert [card.opening for card in box.find(Wanted(state="debt"))] == [POSTGRES]
    assert [card.opening for card in box.find(Wanted(machine="db-3", q="REDIS"))] == [REDIS]
    assert box.find(Wanted(machine="db-3", severity="critical")) == []
    assert len(box.find(Wanted())) == 4
    assert not Wanted().narrow
    assert Wanted(q="x").narrow


@given(st.dictionaries(st.sampled_from(("state", "severity", "machine", "q", "page")), st.text(max_size=20)))
def test_any_words_are_a_filter(query):
    want = wanted(query)
    assert want.state in ("", "drift", "debt")
    assert isinstance(Inbox(kit.SIGHT).find(want), list)
    assert want.url("/drift").startswith("/drift")


def test_what_it_speaks_is_told_where_somebody_asked():
    (card,) = [card for card in inbox(kit.SIGHT).cards if card.opening == REDIS]
    assert speech(kit.SIGHT, card) == ""
    answer = Answer("tcp", 6379, "open", "syn-ack", identity=Identity("redis", "Redis", "7.0.15"))
    scan = Scan((ScannedHost("192.0.2.17", answers=(answer,)),), ScanStats(), NOW, NOW)
    asked = replace(kit.SIGHT, machines=(replace(kit.MACHINE, outside=(scan,)), kit.OTHER))
    assert speech(asked, card) == "redis Redis 7.0.15"
    lock = Lock(
        (LockedHost("web-17", observed=(Observed(REDIS.thread, "public", speaks="redis", protocol="Redis 7"),)),)
    )
    learned = replace(kit.SIGHT, baseline=Loaded("hb.d", Baseline(), (), lock))
    assert speech(learned, card) == "redis Redis 7"
