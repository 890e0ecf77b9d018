"""What is kept is of the very same sight, and made once however many ask."""

from __future__ import annotations

import threading

from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.searching.kept import Kept


def test_it_is_made_once_for_a_sight():
    made: list[int] = []

    def make(_, sight):
        made.append(sight.number)
        return len(made)

    kept = Kept(make)
    hub = kit.site().hub
    assert [kept.of(hub), kept.of(hub)] == [1, 1]
    hub.show(Sight(2, NOW))
    assert [kept.of(hub), kept.of(hub)] == [2, 2]
    assert made == [1, 2]


def test_another_hub_with_an_equal_number_has_its_own():
    """Numbers begin anew with each start."""
    kept = Kept(lambda _, sight: sight.taken_at)
    one, other = kit.site(Sight(1, NOW)).hub, kit.site(Sight(1, NOW + 1)).hub
    assert (kept.of(one), kept.of(other), kept.of(one)) == (NOW, NOW + 1, NOW)


def test_threads_that_ask_at_once_have_it_made_once():
    made: list[int] = []
    together = threading.Barrier(4)

    def make(*_):
        made.append(1)
        return len(made)

    kept = Kept(make)
    hub = kit.site().hub
    told: list[int] = []

    def ask():
        together.wait()
        told.append(kept.of(hub))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (told, made) == ([1] * 4, [1])


def test_what_has_no_times_is_as_good_of_a_look_that_showed_the_same():
    timed, timeless = Kept(lambda _, sight: [sight.taken_at]), Kept(lambda *_: [1], times=False)
    hub = kit.site().hub
    before = timed.of(hub), timeless.of(hub)
    hub.show(again(kit.SIGHT, NOW + 60))
    assert timed.of(hub) == [NOW + 60]
    assert timeless.of(hub) is before[1]
    hub.show(Sight(2, NOW + 60))
    assert timeless.of(hub) is not before[1]


def test_what_is_shown_stays_while_the_next_sight_is_made_ready():
    made: list[int] = []
    kept = Kept(lambda _, sight: made.append(sight.number))
    hub, other = kit.site().hub, Sight(2, NOW)
    kept.of(hub)
    kept.made(hub, other)
    kept.of(hub)
    hub.show(other)
    kept.of(hub)
    assert made == [1, 2]
