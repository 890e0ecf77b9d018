"""Words and numbers that all formats share: every kind has them, and debt is not counted as drift."""

from __future__ import annotations

from tests.faces import judged
from tests.faces.kit import REDIS

from hb_engine.faces.export import telling
from hb_engine.model.report import KINDS, STATES
from hb_engine.model.verdict import SEVERITIES


def test_every_kind_has_words():
    assert set(telling.KIND_WORDS) == set(KINDS)
    for title, meaning, remedy in telling.KIND_WORDS.values():
        assert title[0].isupper()
        assert not title.endswith(".")
        assert meaning.endswith(".")
        assert remedy.endswith(".")


def test_counts_have_every_word_and_only_drift_is_bad():
    found = telling.count(judged.MANY, "kind")
    assert tuple(found) == KINDS
    assert (found["new"], found["widened"], found["gone"], found["suspicious"]) == (1, 2, 1, 0)
    assert tuple(telling.count((), "severity")) == SEVERITIES
    states = telling.count(judged.MANY, "state")
    assert (tuple(states), states["drift"], states["debt"], states["note"]) == (STATES, 5, 1, 2)


def test_the_worst_first_and_in_order():
    assert [(report.host.name, each.kind) for report, each in telling.drift(judged.MANY)] == [
        ("web-17", "new"),
        ("web-17", "widened"),
        ("web-17", "gone"),
        ("db-3", "widened"),
        ("web-17", "expired"),
    ]


def test_subjects():
    assert telling.subject(judged.NEW) == "tcp 1703"
    assert telling.subject(judged.GONE) == "tcp/public/443"


def test_details_have_all_that_is_known():
    assert telling.details(judged.WIDENED) == [
        f"key: {REDIS.key}",
        "rule: cache (hb.d/web.toml:31:10)",
        "owner: team-web",
        "why: Sessions of the shop",
        "evidence: bound to 0.0.0.0 and ::",
        "probable cause: redis-server installed 7.0.15 (/var/log/dpkg.log)",
        "what to do: bind it to 127.0.0.1",
    ]
    assert telling.details(judged.VANISHED) == [f"key: {judged.VANISHED.key}"]
