"""Rules as rows: what each covers, by reports of the same sight; when it ends; which of them a person wants to see."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.faces import judged
from tests.faces.kit import DAY, HTTPS, LOOK, NOW, SSH
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.faces.web.decisions.rules import VIEWS, Wanted, rulebook, wanted
from hb_engine.model.baseline import Baseline, Rule
from hb_engine.model.record import replace

RULES = tuple(
    [
        Rule(one.kind, one.rule, (), owner=one.owner, why=one.why, where=one.where)
        for one in judged.HELD
        if one.where is not None
    ]
)
PACK = Rule("allow", "debian/x", (), pack="debian", where=replace(judged.WEB, file="pack:debian.toml"))


def sight(*rules):
    loaded = Loaded("hb.d", Baseline(rules or (*RULES, PACK)))
    return Sight(1, NOW, (kit.MACHINE, kit.OTHER, Machine("old", LOOK, judged.QUIET, remembered=True)), (), loaded)


def test_what_each_rule_covers_now():
    book = rulebook(sight())
    assert [row.covers for row in book.rows] == [
        (("web-17", HTTPS.key),), (("web-17", SSH.key),), (), (), (),
    ]  # fmt: skip
    assert book.by_segment["ssh-admin"].on == 1
    assert (book.quiet, book.packs, book.debt) == (1, ("debian",), 1)


def test_what_is_said_that_names_a_rule():
    book = rulebook(sight())
    assert [one.kind for _, one in book.naming(RULES[0])] == ["gone"]
    assert book.naming(PACK) == []


def test_without_a_baseline_there_are_no_rules():
    book = rulebook(kit.SIGHT)
    assert (book.rows, book.loaded) == ((), None)


def test_views():
    rules = (
        replace(RULES[0], until=int(NOW + 10 * DAY)), replace(RULES[1], review=int(NOW - DAY)),
        replace(RULES[3], until=int(NOW - DAY)), RULES[2],
    )  # fmt: skip
    book, unused = rulebook(sight(*rules)), frozenset({("metrics", RULES[3].where.text)})

    def ids(view, **more):
        return [row.rule.id for row in book.find(Wanted(view, **more), unused, NOW)]

    assert ids("unused") == ["metrics"]
    assert ids("idle") == ["metrics"]
    assert ids("expiring") == ["ssh-admin", "web-https"]
    assert ids("expiring", days=5) == ["ssh-admin"]
    assert ids("late") == ["ssh-admin", "metrics"]
    assert [book.count(view, unused, NOW) for view in VIEWS] == [1, 1, 2, 2]


def test_rules_of_packs_that_cover_nothing_are_shown_where_asked_for():
    book = rulebook(sight())
    assert len(book.find(Wanted(), frozenset(), NOW)) == 4
    assert len(book.find(Wanted(packs=True), frozenset(), NOW)) == 5
    assert [row.rule for row in book.find(Wanted(q="debian"), frozenset(), NOW)] == [PACK]


@given(st.dictionaries(st.sampled_from(("view", "kind", "q", "days", "packs")), st.text(max_size=12)))
def test_any_words_are_a_filter(query):
    want = wanted(query)
    assert 0 < want.days <= 3650
    assert want.url().startswith("/baseline")
    assert isinstance(rulebook(sight()).find(want, frozenset(), NOW), list)
