"""One screen: how many ways in, the worst on top, what next. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import LOOK, NOW, QUIET, golden, said

from hb_engine.faces.stories import summary
from hb_engine.model.record import replace


def tell(look, rows=None):
    return summary.tell(look, NOW, 0.041, rows)


@pytest.mark.parametrize("width", [None, 60, 80, 120])
@pytest.mark.parametrize(("name", "look"), [("busy", LOOK), ("quiet", QUIET), ("nobody", kit.unprivileged())])
def test_the_screen(name, look, width):
    golden(f"summary-{name}-{width or 'plain'}.txt", said(tell(look), width))


def test_counts():
    head = said(tell(LOOK)).split("\n")[0]
    assert head == "web-17 · Debian 12 · 9 ways in, 6 open to everyone · 2 need a look"
    assert "1 needs a look" in said(tell(replace(LOOK, openings=(kit.REDIS,))))
    assert "1 way in, 0 open to everyone · nothing odd" in said(tell(replace(LOOK, openings=(kit.POSTGRES,))))


def test_what_is_left_out_is_counted_by_scope_and_its_worst_is_said():
    told = said(tell(LOOK, 1))
    assert (
        "1 on this machine only, 1 on this link, 1 on private nets, 5 open to everyone: 1 of them need a look" in told
    )
    assert "hb ls --sort severity" in told
    assert "2 clients and idle sockets   hb ls --all" in told


def test_a_quiet_opening_on_loopback_is_not_listed_but_one_with_a_reason_is():
    assert "5432" not in said(tell(QUIET))
    odd = replace(kit.POSTGRES, verdict=kit.REDIS.verdict)
    assert "5432" in said(tell(replace(LOOK, openings=(odd,))))


def test_nothing_open_is_said_only_as_far_as_was_asked():
    told = said(tell(replace(LOOK, openings=())))
    assert "nothing is open here, as far as was asked" in told
    assert "hb --help" in told


def test_what_comes_next_is_the_worst():
    assert " next  hb why 1703\n" in said(tell(LOOK))
    assert " next  hb why 22   hb --help\n" in said(tell(QUIET))
    assert "hb why tcpdump" in said(tell(replace(LOOK, openings=(replace(kit.TAP, verdict=kit.REDIS.verdict),))))


def test_recent_starts_are_news_of_what_needs_a_look_only():
    assert summary.remark(kit.BACKDOOR, NOW).endswith("and is none; started 3 minutes ago")
    assert "started" not in summary.remark(kit.BACKDOOR, NOW + 2 * 86400)
    assert summary.remark(kit.SSH, NOW) == "ssh"
    assert summary.remark(kit.TAP, NOW) == ""


def test_a_machine_without_a_name_or_system():
    from hb_engine.model.inventory import Host

    assert said(tell(replace(QUIET, host=Host("", "")))).startswith("this machine · unknown system")
