"""What a page of differences says, and what it does not claim."""

from __future__ import annotations

from tests.app.looking.test_diff import REDIS, WEB, WIDE, seen

from hb_engine.app.looking.diff import between
from hb_engine.faces.cli import plain
from hb_engine.faces.stories import diff
from hb_engine.model.inventory import Coverage, Gap

NOW = 1100.0
BLIND = Coverage(privileged=True, gaps=(Gap("TCP sockets", "the kernel refused", "be root", "tcp"),))


def page(*found):
    return plain.render(diff.tell(found, NOW), unicode=True)


def test_what_could_not_be_compared_is_said_with_its_reason():
    text = page(between(seen(WEB, REDIS), seen(coverage=BLIND)))
    assert "no difference" in text
    assert "tcp 80, tcp 6379" in text
    assert "TCP sockets: the kernel refused" in text


def test_a_part_is_said_to_be_one():
    part = Coverage(privileged=True, partial="ports 80")
    assert "a part only (ports 80)" in page(between(seen(WEB, REDIS), seen(WEB, coverage=part)))


def test_many_machines_are_told_where_they_differ():
    same, other = between(seen(WEB), seen(WEB)), between(seen(REDIS), seen(WIDE))
    text = page(same, other, same)
    assert "2 machines without a difference" in text
    assert text.count("web-1") == 1


def test_every_kind_of_change_has_a_sign():
    assert set(diff.SIGNS) == set(diff.PLAIN) == {"opened", "closed", "widened", "narrowed", "owner", "facts"}
