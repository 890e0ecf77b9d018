"""What a baseline expects is asked for first, and it alone lets bytes through to a fragile port."""

from __future__ import annotations

from hb_engine.app.looking.naming import Namer
from hb_engine.app.looking.own import QUICK
from hb_engine.identify.care import may_ask
from hb_engine.model.answer import Answer, ScannedHost
from hb_engine.model.opening import Registered

HOST = ScannedHost("127.0.0.1")
OPEN = Answer("tcp", 502, "open", "syn-ack")


def namer(**more):
    registered = (Registered("mbap"), Registered("asa-appl-proto"))
    return Namer(
        lambda _t, _p: registered, QUICK, random=lambda size: b"\7" * size, clock=lambda: 1.0, **more
    )  # fmt: skip


def allowed(made, question):
    return {module.probe.name for module in made.library.at("tcp", 502) if may_ask(module.probe, question)}


def test_a_registration_opens_no_fragile_port():
    made = namer()
    question = made._question(HOST, OPEN)
    assert question.expected == ("mbap", "asa-appl-proto")
    assert not question.sure
    assert allowed(made, question) == set()


def test_a_baseline_does_for_what_it_names():
    made = namer(expects={("tcp", "127.0.0.1", 502): ("modbus",)})
    question = made._question(HOST, OPEN)
    assert question.sure
    assert question.expected == ("modbus",)
    assert allowed(made, question) == {"modbus"}


def test_what_it_expects_elsewhere_changes_nothing():
    made = namer(expects={("tcp", "127.0.0.2", 502): ("modbus",), ("tcp", "127.0.0.1", 9100): ("jetdirect",)})
    assert not made._question(HOST, OPEN).sure


def test_another_name_lets_nothing_through():
    made = namer(expects={("tcp", "127.0.0.1", 502): ("http",)})
    assert allowed(made, made._question(HOST, OPEN)) == set()
