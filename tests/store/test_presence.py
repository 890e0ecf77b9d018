"""Looks that showed an opening, of those that would have; days and boots; whatever the order of spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.store.kit import BOX, NOBODY, ROOT, SSH, START

from hb_engine.model.history import Span
from hb_engine.store.presence import Glance, presence

KINDS = {1: ROOT, 2: NOBODY}
DAY = 86400.0


def span(opening, first, last):
    return (opening.key, Span("web-17", opening, START + first, START + last))


def looks(*found):
    return [Glance(START + at, kind, boot) for at, kind, boot in found]


def test_nothing():
    assert presence([], [], KINDS) == ()


def test_counts():
    seen = looks((0, 1, "a"), (10, 2, "a"), (20, 1, "a"), (DAY, 1, "b"), (DAY + 10, 1, "b"))
    found = presence([span(BOX, 0, 20), span(SSH, 0, DAY + 10), span(BOX, DAY + 10, DAY + 10)], seen, KINDS)
    box, ssh = found
    assert (box.opening, box.shown, box.asked, box.days, box.boots) == (BOX, 3, 4, 2, 2)
    assert (box.first_seen, box.last_seen) == (START, START + DAY + 10)
    assert (ssh.shown, ssh.asked, ssh.days, ssh.boots) == (5, 5, 2, 2)


def test_a_span_from_before_the_looks():
    """Looks may be asked for from a time on; a span that began earlier counts from there."""
    (found,) = presence([span(SSH, -DAY, 10)], looks((0, 1, "a"), (10, 1, "a"), (20, 1, "a")), KINDS)
    assert (found.shown, found.asked, found.first_seen) == (2, 3, START - DAY)


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from([1, 2])), min_size=1, max_size=20, unique_by=lambda one: one[0]
    ),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=3),
)
def test_against_counting_one_by_one(times, stretches):
    seen = [Glance(START + at, kind) for at, kind in sorted(times)]
    stretches = [(min(pair), max(pair)) for pair in stretches]
    merged: list[tuple[int, int]] = []  # spans of a key do not overlap
    for first, last in sorted(stretches):
        if not merged or first > merged[-1][1]:
            merged.append((first, last))
    (found,) = presence([span(BOX, first, last) for first, last in merged], seen, KINDS)
    full = [look for look in seen if look.kind == 1]  # only these would show what is in another namespace
    inside = [one for one in full if any(first <= one.taken_at - START <= last for first, last in merged)]
    assert (found.shown, found.asked) == (len(inside), len(full))
    assert found.shown <= found.asked
