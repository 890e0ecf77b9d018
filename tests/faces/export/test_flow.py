"""The flow's documents: one line of ASCII each, the fields of the contract first, no stranger's byte unescaped."""

from __future__ import annotations

import json

from tests.baseline.seen import DAY, HOST, NOW, WEB, inventory

from hb_engine.app.changing.accept import Accepted
from hb_engine.app.changing.learn import Taught, Where
from hb_engine.app.changing.propose import Proposed
from hb_engine.app.changing.review import Session
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.baseline import blocks
from hb_engine.baseline.accepting import Wish, rule_of
from hb_engine.baseline.evidence import Sighting
from hb_engine.baseline.learning import Learned, Standing
from hb_engine.baseline.proposing import propose
from hb_engine.faces.export import flow
from hb_engine.model.baseline import Baseline, LockedHost
from hb_engine.model.decision import Decision
from hb_engine.model.inventory import Coverage
from hb_engine.model.record import replace
from hb_engine.model.report import Report, Verdict

RULE = rule_of(WEB, Wish("front end", "\u202e\udc80"), NOW)
DONE = Accepted(RULE, blocks.block(RULE), "hb.d/a.toml", 3, Decision(WEB, "expected", RULE), ("a note",))


def read(text):
    assert text.isascii()
    assert text.endswith("\n")
    assert text.count("\n") == 1
    found = json.loads(text)
    assert list(found)[:2] == ["schema", "kind"]
    assert found["schema"] == "hb/1"
    return found


def test_accepted():
    found = read(flow.accepted(DONE))
    assert (found["kind"], found["rule"], found["key"], found["word"]) == ("accepted", "nginx-443", WEB.key, "expected")
    assert (found["file"], found["line"], found["written"], found["notes"]) == ("hb.d/a.toml", 3, True, ["a note"])
    assert found["text"] == blocks.block(RULE)
    found = read(flow.accepted(replace(DONE, decision=None, dry=True)))
    assert (found["key"], found["word"], found["written"]) == (None, None, False)


def test_taught():
    host = LockedHost("web-17", "m", int(NOW), int(NOW + DAY))
    done = Taught(
        "/s/hb.d", inventory(WEB), Learned(host, ("tcp/1/x/host",)), (Decision(WEB, "expected"),), "", ("web",)
    )
    found = read(flow.taught(done))
    assert (found["kind"], found["lock"], found["made"], found["expected"]) == ("learned", "/s/hb.lock", None, 1)
    assert (found["learned_at"], found["learning_until"]) == ("2026-11-22T14:05:11Z", "2026-11-23T14:05:11Z")
    assert found["other_machine"] is False
    assert (found["added"], found["gone"], found["packs"]) == (["tcp/1/x/host"], [], ["web"])


def test_standing():
    far = Standing(int(NOW), None, 1, 2, 3, 4, NOW + 0.5)
    found = read(flow.standing(Where("hb.d", "web-17", far)))
    assert found["standing"] == {
        "learned_at": "2026-11-22T14:05:11Z", "until": None, "days": 1, "looks": 2, "distinct": 3, "steady": 4,
        "last_look": "2026-11-22T14:05:11Z", "latest": None,
    }  # fmt: skip
    assert read(flow.standing(Where("hb.d", "web-17", None)))["standing"] is None


def test_cards():
    one = Verdict("new", "drift", "high", WEB.key, "no rule is about it", opening=WEB, since=NOW)
    reports = [Report(replace(HOST, name=name), NOW, Coverage(privileged=True), (one,)) for name in ("a", "b")]
    found = read(flow.cards(Session(Loaded("hb.d", Baseline()), reports)))
    assert (found["kind"], found["baseline"], found["file"]) == ("review", "hb.d", "hb.d/accepted.toml")
    assert found["cards"] == [
        {
            "key": WEB.key, "state": "drift", "kind": "new", "severity": "high", "reason": "no rule is about it",
            "hosts": ["a", "b"], "since": "2026-11-22T14:05:11Z",
        }
    ]  # fmt: skip


def test_proposed():
    made = propose({"a": [Sighting(WEB)], "b": [Sighting(WEB, 1, 9), Sighting(replace(WEB, owners=()))]}, NOW)
    found = read(flow.proposed(Proposed("t", ("nginx-443",), made, (), "two looks")))
    assert (found["kind"], found["source"], found["written"]) == ("proposal", "two looks", None)
    assert (found["rules"], found["text"], found["covered"], found["passing"]) == (["nginx-443"], "t", 0, 0)
    assert {one["reason"] for one in found["left_out"]} == {"who holds it is not known", "seen in 1 of 9 looks only"}
    assert {one["host"] for one in found["left_out"]} == {"b"}
    lost = {"key": None, "host": None, "reason": "service: no"}
    found = read(flow.proposed(Proposed("t", ("goss-22",), None, ("service: no",), "goss", "hb.d/x.toml")))
    assert (found["rules"], found["left_out"], found["written"]) == (["goss-22"], [lost], "hb.d/x.toml")
