"""A look held against open spans: each opening finds its span once, and ignorance is never a change."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.kit import BOX, CHRONY, NOBODY, REDIS, ROOT, SSH, START, WEB, blind, daemon, look, on, restarted
from tests.store.test_memory import openings

from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.record import replace
from hb_engine.store import payload
from hb_engine.store.compare import DEEDS, Held, compare


def held(*found):
    """Spans of these openings, numbered from 1."""
    return [Held(number, key, one) for number, (key, one) in enumerate(payload.grouped(tuple(found)).items(), 1)]


def steps(before, seen, last=START, shown=START):
    """Deeds with the numbers of their spans, and the kinds of changes."""
    made, changes = compare(held(*before), seen, last, lambda _: shown)
    assert all(step.deed in DEEDS for step in made)
    return sorted([(step.deed, step.span) for step in made]), sorted([change.kind for change in changes])


def test_the_first_look_opens_and_changes_nothing():
    assert steps((), look(0, SSH, WEB), None) == ([("open", 0), ("open", 0)], [])


def test_the_same_goes_on():
    assert steps((SSH, WEB), look(300, WEB, SSH)) == ([("keep", 1), ("keep", 2)], [])


def test_a_restart_is_learned():
    assert steps((SSH,), look(300, restarted(SSH))) == ([("learn", 1)], [])


def test_facts():
    assert steps((daemon(80, version="1"),), look(300, daemon(80, version="2"))) == ([("facts", 1)], ["facts"])


def test_a_client_s_ports_are_no_facts():
    assert steps((CHRONY,), look(300, replace(CHRONY, port=50000, addresses=("10.0.0.1",)))) == ([("keep", 1)], [])


def test_opened_and_closed():
    assert steps((SSH,), look(300, WEB)) == ([("close", 1), ("open", 0)], ["closed", "opened"])


def test_what_nobody_could_have_seen_is_opened_without_a_change():
    assert steps((SSH,), look(300, SSH, BOX), shown=None) == ([("keep", 1), ("open", 0)], [])


def test_before_is_the_last_look_that_would_have_shown_it():
    (_, opened), (change,) = compare(held(SSH), look(300, SSH, WEB), START + 200, lambda _: START + 100)
    assert (opened.before, change.after, change.at) == (START + 100, START + 100, START + 300)


def test_closing_needs_a_look_that_would_have_shown_it():
    gap = Coverage(True, ("x",), (Gap("udp", "no module", "load it", "udp"),))
    one = replace(SSH, transport="udp")
    assert steps((one,), look(300, coverage=gap)) == ([], [])
    assert steps((one,), look(300)) == ([("close", 1)], ["closed"])


def test_another_owner_where_the_old_one_may_be_hidden_is_only_opened():
    boxed, other = daemon(80, "one", netns=BOX.netns), daemon(80, "two", netns=BOX.netns)
    blinded = replace(NOBODY, privileged=False)
    assert steps((boxed,), look(300, other, coverage=blinded)) == ([("open", 0)], ["opened"])
    assert steps((boxed,), look(300, other)) == ([("close", 1), ("open", 0)], ["owner"])


def test_scopes():
    low, high = on(REDIS, "loopback"), REDIS
    assert steps((low,), look(300, high)) == ([("close", 1), ("open", 0)], ["widened"])
    assert steps((high,), look(300, low)) == ([("close", 1), ("open", 0)], ["narrowed"])
    assert steps((low,), look(300, low, high)) == ([("keep", 1), ("open", 0)], ["widened"])
    assert steps((low,), look(300, blind(high), coverage=NOBODY)) == ([("close", 1), ("open", 0)], ["widened"])


def test_ignorance_keeps():
    assert steps((SSH,), look(300, blind(SSH), coverage=NOBODY)) == ([("keep", 1)], [])
    assert steps((blind(SSH),), look(300, SSH)) == ([("learn", 1)], [])
    both = (daemon(80, "a"), daemon(80, "b"))
    assert steps(both, look(300, blind(both[0]), coverage=NOBODY)) == ([("keep", 1), ("keep", 2)], [])
    assert steps((blind(both[0]),), look(300, *both)) == ([("learn", 1), ("open", 0)], [])


def test_a_new_package_database_is_no_owner():
    named = daemon(80)
    nameless = replace(named, owners=(replace(named.owners[0], package=None),))
    assert steps((nameless,), look(300, named)) == ([("learn", 1)], [])
    assert steps((named,), look(300, nameless)) == ([("keep", 1)], [])


def test_a_replaced_program_behind_the_same_unit_is_a_fact():
    """Less is known of it than of the packaged one; the difference is no ignorance all the same."""
    evil = replace(SSH, owners=(replace(SSH.owners[0], exe="/dev/shm/sshd", package=None),))
    assert steps((SSH,), look(300, evil)) == ([("facts", 1)], ["facts"])


@settings(deadline=None, max_examples=150)
@given(openings(), openings(), st.booleans())
def test_every_opening_finds_one_place_and_every_span_one_deed(before, after, rights):
    shown = after if rights else tuple([blind(one) for one in after if one.netns.kind == "host"])
    seen = look(300, *shown, coverage=ROOT if rights else NOBODY)
    spans = held(*before)
    made, changes = compare(spans, seen, START, lambda _: START)
    touched = [step.span for step in made if step.span]
    assert {span.id for span in spans} >= set(touched)
    closed = [step.span for step in made if step.deed == "close"]
    assert len(closed) == len(set(closed))
    assert not set(closed) & {step.span for step in made if step.deed in ("keep", "learn", "facts")}
    for key in payload.grouped(seen.openings):
        assert any(key == step.key and step.deed != "close" for step in made), key
    if rights:  # a full look leaves no span untold
        assert set(touched) == {span.id for span in spans}
    opened = [step for step in made if step.deed == "open"]
    assert len({step.key for step in opened}) == len(opened)
    assert len(changes) <= len(made)


@settings(deadline=None, max_examples=100)
@given(openings())
def test_a_look_that_shows_the_same_again_changes_nothing(found):
    _, changes = compare(held(*found), look(300, *found[::-1]), START, lambda _: START)
    assert changes == ()


@settings(deadline=None, max_examples=100)
@given(openings())
def test_a_look_without_rights_after_one_with_them_changes_nothing(found):
    shown = [blind(one) for one in found if one.netns.kind == "host"]
    _, changes = compare(held(*found), look(300, *shown, coverage=NOBODY), START, lambda _: START)
    assert changes == ()
