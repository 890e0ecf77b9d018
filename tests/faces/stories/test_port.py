"""The page of a port. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import ATTRIBUTION, PRESSURE, golden, said

from hb_engine.faces.stories import port
from hb_engine.model.record import replace

ELSEWHERE = (kit.Elsewhere("OpenBSD", False, True, "low ports need root"), kit.Elsewhere("macOS", False, False, "x"))
HERE = kit.Found("1703", kit.PAGE, openings=(kit.BACKDOOR,), coverage=kit.ROOT, elsewhere=ELSEWHERE)


@pytest.mark.parametrize("width", [None, 60, 80, 120])
def test_the_page_of_1703(width):
    golden(f"port-1703-{width or 'plain'}.txt", said(port.tell(HERE), width))


def test_the_wide_page():
    golden("port-1703-wide.txt", said(port.tell(HERE, wide=True, pressed=(PRESSURE, ATTRIBUTION)), 120))


def test_a_page_with_every_odd_row():
    found = kit.Found("80", kit.PAGE_80, openings=(), coverage=kit.ROOT)
    golden("port-80.txt", said(port.tell(found)))


def told(**changes):
    return said(port.tell(replace(HERE, **changes)))


def test_what_is_here():
    assert 'here     tcp: "kworker/u8:1" in cron.service, every address   hb why 1703\n' in told()
    assert "udp: closed\n" in told()
    assert "here     closed, as far as was asked   hb why 1703" in told(openings=())


def test_closed_is_said_only_of_what_was_asked():
    assert "nothing seen, but not all could be asked" in told(openings=(), coverage=kit.NOBODY)
    assert "nothing seen, but not all could be asked" in told(openings=(), coverage=None)
    assert "udp: nothing seen, but not all could be asked" in told(coverage=kit.NOBODY)
    assert "could not look: netlink refused" in told(openings=None, coverage=None, problem="netlink refused")
    assert "could not look: this system was not asked" in told(openings=None, coverage=None)


def test_a_transport_that_was_not_asked_for_is_not_called_closed():
    page = told(transport="tcp")
    assert "udp: closed" not in page
    assert "1703  hb-engine (tcp)\n" in page
    assert "udp: closed, as far as was asked" in told(transport="udp", openings=())


def test_owners_without_names_are_counted():
    assert "1 owner could not be named" in told(openings=kit.unprivileged().openings[3:4])


def test_another_namespace_is_named():
    assert "server.js in docker shop, 172.17.0.3, in namespace shop" in told(openings=(kit.WEBBOX,))


def test_many_openings_are_counted_the_worst_first():
    many = (*[replace(kit.SSH, inodes=(n,)) for n in range(20)], kit.BACKDOOR)
    page = told(openings=many)
    assert "and 13 more" in page
    assert page.index("kworker") < page.index("ssh.service")


def test_trouble_with_the_data_is_said_beside_the_answer():
    assert "trouble  the updated data is corrupt" in told(problem="the updated data is corrupt")
    assert "trouble" not in told()


def test_the_dynamic_range_is_never_assigned():
    page = said(port.tell(kit.Found("50000", kit.DYNAMIC, openings=(), coverage=kit.ROOT)))
    assert "50000  not registered" in page
    assert "never assigned: for outgoing connections and private use" in page


def test_other_systems_are_for_the_wide_page():
    page = said(port.tell(HERE, wide=True))
    assert "OpenBSD: for outgoing connections; low ports need root" in page
    assert "macOS: an ordinary port; x" in page
    assert "OpenBSD" not in told()


def test_many_rows_are_counted():
    rows = tuple(replace(kit.HB, name=f"n{n}") for n in range(9))
    assert "and 4 more rows (--wide)" in told(page=replace(kit.PAGE, assignments=rows))
    page = said(port.tell(replace(HERE, page=replace(kit.PAGE, assignments=rows)), wide=True))
    assert "n8 (tcp)" in page


def test_pressure_that_could_not_be_had_says_why():
    assert "scanned  wait. Ask later." in said(port.tell(HERE, trouble="wait. Ask later."))
