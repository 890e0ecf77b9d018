"""The first page's numbers: what is notable is shown, what is not is counted, and neither is both."""

from __future__ import annotations

from tests.faces import judged
from tests.faces.kit import BACKDOOR, HOST, NOW, POSTGRES, QUIET, ROOT, opening, service, unprivileged
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine
from hb_engine.faces.web.machines import headline
from hb_engine.faces.web.machines.rows import Rows
from hb_engine.model.inventory import Host, Inventory
from hb_engine.model.record import replace

ROWS = Rows(kit.MACHINE)


def machine(*openings, name="m", report=None):
    return Rows(Machine(name, Inventory(HOST, NOW, ROOT, openings), report))


def test_what_is_odd_or_reaches_further_is_shown():
    shown = headline.notable(ROWS)
    assert shown[0].opening is BACKDOOR
    assert POSTGRES not in [row.opening for row in shown]


def test_the_rest_is_counted_and_nothing_twice():
    shown = headline.notable(ROWS)
    rest = headline.rest(ROWS, shown)
    assert len(shown) + rest.count == ROWS.numbers.openings
    assert rest.scopes == (("loopback", 1),)
    assert (rest.odd, rest.expected) == (0, False)


def test_all_expected_is_said_only_if_a_rule_covers_all():
    report = replace(judged.QUIET, held=(replace(judged.HELD[0], keys=(POSTGRES.key,)),))
    rest = headline.rest(Rows(Machine("m", QUIET, report)), headline.notable(Rows(Machine("m", QUIET, report))))
    assert rest.expected is False  # its rows are others, so all three are left
    ruled = Rows(Machine("m", replace(QUIET, openings=(POSTGRES,)), report))
    assert headline.rest(ruled, headline.notable(ruled)).expected is True


def test_nothing_left_is_not_all_expected():
    alone = machine(BACKDOOR)
    assert headline.rest(alone, headline.notable(alone)) == headline.Rest((), 0, 0, 0, expected=False)


def test_what_nobody_is_named_for_is_not_called_fine():
    blind = Rows(Machine("m", unprivileged(QUIET)))
    rest = headline.rest(blind, headline.notable(blind))
    assert (rest.count, rest.odd, rest.blind) == (1, 0, 1)


def test_odd_ones_that_had_no_room_are_counted_as_odd():
    crowd = machine(*[replace(BACKDOOR, port=2000 + n) for n in range(headline.MOST + 5)])
    rest = headline.rest(crowd, headline.notable(crowd))
    assert (rest.count, rest.odd) == (5, 5)


def test_the_worst_of_many_machines_three_of_each():
    crowd = [machine(*[replace(BACKDOOR, port=2000 + n) for n in range(5)], name=f"m{n}") for n in range(4)]
    found = headline.worst(crowd)
    assert len(found) == headline.FEW
    assert all([one.machine.name for one, _ in found].count(name) <= 3 for name in ("m0", "m1", "m2", "m3"))
    assert [(one.machine.name, row.opening.port) for one, row in found[:5]] == [
        ("m0", 2000), ("m1", 2000), ("m2", 2000), ("m3", 2000), ("m0", 2001),
    ]  # fmt: skip


def test_the_worst_of_all_stands_first_whatever_else_its_machine_has():
    graver = replace(BACKDOOR, verdict=replace(BACKDOOR.verdict, severity="critical"))
    high = replace(BACKDOOR, verdict=replace(BACKDOOR.verdict, severity="high"))
    many = machine(*[replace(high, port=2000 + n) for n in range(3)], name="many")
    found = headline.worst([many, machine(graver, name="one")])
    assert [row.severity for _, row in found] == ["critical", "high", "high", "high"]
    assert found[0][0].machine.name == "one"


def test_a_machine_that_is_odd_only_by_what_is_missing_hides_no_other():
    quiet = machine(opening(22, service("ssh", 2, "/usr/sbin/sshd", "openssh-server")))
    assert headline.worst([quiet]) == ()
    found = headline.worst([quiet, machine(BACKDOOR, name="bad")])
    assert [one.machine.name for one, _ in found] == ["bad"]


def test_systems_in_short():
    assert headline.system(ROWS) == "Debian 12"
    assert headline.system(Rows(Machine("m", Inventory(Host("m", ""), NOW, ROOT, ())))) == ""
