"""Nobody found though all was read is a finding; every other reason is passed on quietly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner

from hb_engine.judge.rules import no_owner_found as rule
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Unowned


def without(reason: str, detail: str = "", **changes: Any) -> Opening:
    return opening(1703, owners=(), unowned=Unowned(reason, detail), **changes)


@pytest.mark.parametrize(
    ("reason", "severity"),
    [
        ("not-found", "high"),
        ("in-flight", "low"),
        ("kernel", "info"),
        ("outside-pid-namespace", "info"),
        ("not-permitted", "info"),
        ("vanished", "info"),
        ("a-reason-of-tomorrow", "info"),
    ],
)
def test_it_speaks(reason, severity):
    ((heard_severity, _),) = heard(rule, without(reason, "a detail"))
    assert heard_severity == severity


@pytest.mark.parametrize(
    "it",
    [
        opening(),
        opening(80, owners=()),  # a forward or a redirect: nobody is missing
        opening(80, owner(), unowned=Unowned("not-found")),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_unprivileged_eyes_prove_nothing():
    blind = Coverage(privileged=False)
    assert heard(rule, without("not-found"), coverage=blind) == [("info", "no process that holds it was found")]


def test_words_for_people():
    assert heard(rule, without("kernel", "wireguard wg0"))[0][1] == "held by the kernel: wireguard wg0"
    assert heard(rule, without("not-permitted"))[0][1] == "no owner named: not permitted"


def test_what_is_known_of_the_socket_is_evidence():
    (reason,) = rule.judge(facts(without("not-found", unit="cron.service")))
    assert reason.evidence == ("its socket was made in cron.service",)
    (reason,) = rule.judge(facts(without("not-found", container=BOX)))
    assert reason.evidence == ("its socket was made in shop-cache-1",)


def test_what_is_hidden_is_left_to_its_own_rule():
    hidden = opening(4444, owners=(), unowned=Unowned("not-found"), flags=("hidden",))
    assert heard(rule, hidden) == []
