"""The register's cells in words."""

from __future__ import annotations

import pytest
from tests.faces import registers
from tests.faces.kit import DAY, NOW

from hb_engine.faces.export import registering
from hb_engine.model.record import replace


def line(name, register=registers.ONE):
    return next(one for one in (*register.allowed, *register.forbidden) if one.rule.id == name)


def test_approval():
    assert registering.approval(line("web-https")) == "2026-10-13, by team-web"
    assert registering.approval(line("debug")) == "no date, by alice"
    assert registering.approval(line("time")) == "no date, by nobody; pack debian"


@pytest.mark.parametrize(
    ("due", "overdue", "told"),
    [
        (None, False, "no day is set"),
        (NOW - DAY / 2, True, "2026-11-22, overdue by 1 day"),
        (NOW - 20 * DAY, True, "2026-11-02, overdue by 20 days"),
        (NOW + 100 * DAY, False, "2027-03-02"),
        (NOW + 300 * DAY, False, "2027-09-18, later than six months from now"),
    ],
)
def test_review(due, overdue, told):
    changed = replace(line("web-https"), due=None if due is None else int(due), is_overdue=overdue)
    assert registering.review(changed, NOW) == told


def test_reach_and_security():
    assert registering.reach(line("ssh-admin")) == "every address; from net:10.20.0.0/16, host:bastion-1"
    assert registering.reach(line("time")) == "this machine only"
    assert registering.security(line("web-https")) == "TLS 1.2 or newer; certificate san *.shop.example"
    assert registering.security(line("old-ftp")).endswith("asks for TLS; no security feature is recorded")
    assert "Limited by: reaches private at most; only from net:10.20.7.0/24" in registering.security(line("snmp"))
    assert registering.security(line("debug")) == ""


def test_machines_are_named_where_they_are_few():
    assert registering.named(()) == ""
    assert registering.named(("a", "b", "c", "d")) == "a, b, c, d"
    assert registering.named(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"
    assert registering.open_now(line("ssh-admin", registers.MANY), 10) == [
        "tcp/22 public by unit:ssh.service on web-17, db-3, db-4 and 7 more"
    ]


def test_numbers():
    told = {label: (number, bad) for label, number, bad in registering.numbers(registers.MANY)}
    assert told["openings without approval"] == (4, True)
    assert told["review overdue"] == (1, True)
    assert told["insecure services that nothing limits"] == (2, True)
    assert told["opening that could not be judged"] == (1, True)
    assert told["things that could not be seen"] == (18, True)


def test_forbidden():
    assert registering.forbidden(line("no-clear-text")) == "anywhere"
    assert registering.forbidden(line("no-docker")) == "private networks and wider"


def test_status():
    told = [registering.status(one) for one in registers.MANY.unapproved]
    assert told[0] == "Open, and no rule is about it (against the baseline)"
    assert told[2] == "Open, and no rule is about it (there before the baseline, and not decided since)"
    assert told[3] == "Forbidden (against the baseline)"
