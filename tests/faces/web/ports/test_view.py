"""The page put together: which sections it has, how large it is, and that its parts are made once."""

from __future__ import annotations

import asyncio

import pytest
from tests.faces.kit import DAY, HOST, NOW, ROOT, SSH
from tests.faces.web import kit

from hb_engine.app.hub.questions.port_past import Looked, PortPast
from hb_engine.app.hub.questions.ports_past import PortsPast
from hb_engine.app.hub.scanned import Kept
from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.app.hub.votes import Votes
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import language
from hb_engine.faces.web.page import Ask
from hb_engine.faces.web.ports import commands
from hb_engine.faces.web.ports.view import SHOWN, static, view
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace


def made(port, transport="", sight=kit.SIGHT, answers=None, query=None):
    known = answers or {}

    async def answer(question, **words):
        if question not in known:
            raise BadInput(f"there is no question {question!r}", "")
        return known[question](**words)

    hub = Hub(kit.REGISTRY, kit.THREATS, answer, clock=lambda: NOW)
    hub.show(sight)
    ask = Ask(hub, language("en"), kit.READER, path="", params={}, query=query or {}, form={}, now=NOW)
    return asyncio.run(view(ask, port, transport))


def test_what_does_not_change_is_made_once():
    assert static("en", kit.REGISTRY, kit.THREATS, 22, "") is static("en", kit.REGISTRY, kit.THREATS, 22, "")
    assert static("de", kit.REGISTRY, kit.THREATS, 22, "") is not static("en", kit.REGISTRY, kit.THREATS, 22, "")


def test_port_0_has_no_network():
    told = made(0)
    assert (told["machines"], told["checks"], told["closing"], told["answers"]) == ([], (), (), ())
    assert (told["before"], told["after"]) == (None, 1)
    assert made(65535)["after"] is None


def test_few_machines_have_a_card_each_and_of_many_the_quiet_ones_share_a_table():
    few = made(9)
    assert (len(few["machines"]), few["quiet_machines"]) == (2, [])
    sight = Sight(
        3, NOW, tuple([Machine(f"m{n}", Inventory(HOST, NOW, ROOT, (SSH,) if n < 2 else ())) for n in range(80)])
    )
    many = made(22, sight=sight)
    assert len(many["machines"]) == 2
    assert len(many["machines"]) + len(many["quiet_machines"]) == SHOWN
    assert many["others"] == 80 - SHOWN


def test_this_machine_s_address_is_asked_from_elsewhere():
    assert made(22)["example"]
    here = replace(kit.MACHINE, seen=replace(kit.MACHINE.seen, host=replace(HOST, addresses=("fd00::5", "10.0.0.5"))))
    told = made(22, sight=Sight(4, NOW, (here,)))
    assert not told["example"]
    assert "nmap -Pn -sV -p 22 10.0.0.5" in [text for one in told["checks"][3].commands for text in one.texts]


def test_a_unit_of_another_machine_is_not_stopped_here():
    def stops(told):
        return [one.id for one in told["closing"] if one.id == "stop"]

    assert stops(made(22))
    assert not stops(made(22, sight=Sight(5, NOW, (kit.OTHER,))))
    assert not stops(made(1703))  # a stranger in cron's unit


def test_votes_are_those_of_the_port():
    told = made(22, answers={"useful-count": lambda: (Votes(21, 9, 9), Votes(22, 1, 2))})
    assert told["votes"] == Votes(22, 1, 2)
    assert made(23, answers={"useful-count": lambda: (Votes(22, 1, 2),)})["votes"] is None
    assert made(22)["votes"] is None


def test_history_is_asked_once_and_not_where_it_is_in_trouble():
    asked = []

    def past(port):
        asked.append(port)
        return PortPast(port, "", (), (Looked("web-17", NOW - DAY, NOW),))

    answers = {"port-past": past, "ports-past": lambda: PortsPast((9,), (Looked("web-17", NOW - DAY, NOW),))}
    assert made(9, answers=answers)["past"].message == ""
    assert asked == [9]
    assert made(10, answers=answers)["past"].message == ""  # nothing was ever seen there, and one answer has it
    assert asked == [9]
    sight = replace(kit.SIGHT, troubles=(Trouble("history", "no history is kept", "Keep one."),))
    assert made(9, sight=sight, answers=answers)["past"].message == "no history is kept"
    assert asked == [9]

    def broken(**_):
        raise DataError("history is damaged", "Repair it.")

    assert "damaged" in made(9, answers={"ports-past": broken})["past"].message
    assert "damaged" in made(9, answers={**answers, "port-past": broken})["past"].message


def test_the_picture_is_made_of_what_is_kept():
    assert made(22)["chart"] is None
    assert made(22, answers={"pressure-kept": Kept})["chart"] is None


def test_the_port_is_the_same_for_all_readers():
    assert made(1703, "tcp")["tabs"] == ("tcp", "udp")
    assert made(9)["tabs"] == ("tcp", "udp", "sctp", "dccp")
    assert commands.EXAMPLE.startswith("192.0.2.")


@pytest.mark.parametrize("port", [1, 1703, 65535])
def test_neighbours_lead_on(port):
    told = made(port)
    assert told["before"] == port - 1
    assert told["block"] <= port < told["block"] + 256
