"""What is kept is of the very same sight, and made once however many ask."""

from __future__ import annotations

import threading

from tests.faces.kit import NOW
from tests.faces.web import kit

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
