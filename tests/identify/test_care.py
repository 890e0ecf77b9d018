"""Where a byte does harm, none is sent: the table is held against what each entry is there for."""

from __future__ import annotations

import pytest

from hb_engine.identify.care import TABLE, fragile, may_ask, prints, reasons, tries
from hb_engine.identify.kit import Probe
from hb_engine.identify.question import Question

SAFE = Probe("http", tcp=(80, 9100), names=("prometheus",))
ROUGH = Probe("jdwp", tcp=(5005,), names=("debugger",), care="asked")
MODBUS = Probe("modbus", tcp=(502,), names=("mbap",), care="asked")
NEVER = Probe("crash", tcp=(7,), care="never")
SECRET = Probe("wireguard", udp=(51820,), unprovable="it answers no stranger")


def ask(port, *expected, transport="tcp", **more):
    return Question(transport, "192.0.2.1", port, expected=expected, **more)


@pytest.mark.parametrize(
    "port", [9100, 9107, 515, 2001, 4001, 10001, 102, 502, 789, 1911, 2404, 4840, 20000, 44818, 47808]
)
def test_fragile_ports_have_a_reason(port):
    assert fragile("tcp", port)


@pytest.mark.parametrize("port", [80, 9099, 9108, 516, 2000, 10000, 631, 9999])
def test_other_ports_have_none(port):
    assert fragile("tcp", port) == ""


def test_udp_is_another_matter():
    assert fragile("udp", 47808)
    assert fragile("udp", 9100) == ""


@pytest.mark.parametrize(
    ("probe", "question", "allowed"),
    [
        (SAFE, ask(80), True),
        (SAFE, ask(12345), True),
        (SAFE, ask(9100), False),
        (SAFE, ask(9100, "http"), False),  # a register says so of printers as well
        (SAFE, ask(9100, "http", sure=True), True),
        (SAFE, ask(9100, "prometheus", sure=True), True),
        (SAFE, ask(9100, "jetdirect", sure=True), False),
        (SAFE, ask(9100, asked=("http",)), True),
        (ROUGH, ask(5005), False),
        (ROUGH, ask(5005, "jdwp"), True),
        (ROUGH, ask(8000, "Debugger"), True),
        (ROUGH, ask(8000, "http"), False),
        (ROUGH, ask(8000, asked=("jdwp",)), True),
        (MODBUS, ask(502, "mbap"), False),
        (MODBUS, ask(502, "mbap", sure=True), True),
        (MODBUS, ask(502, asked=("modbus",)), True),
        (NEVER, ask(7, "crash", sure=True, asked=("crash",)), False),
        (SECRET, ask(51820, "wireguard", transport="udp", sure=True), False),
    ],
)
def test_what_may_be_asked(probe, question, allowed):
    assert may_ask(probe, question) is allowed


def test_no_two_entries_speak_of_the_same_port():
    seen: set[tuple[str, int]] = set()
    for entry in TABLE:
        told = {(transport, port) for transport in entry.transports for ports in entry.ports for port in ports}
        assert not told & seen
        seen |= told


@pytest.mark.parametrize(
    ("ports", "printer"),
    [({515, 631}, True), ({9100, 631, 80}, True), ({631}, False), ({80, 443}, False), (set(), False)],
)
def test_what_looks_like_a_printer(ports, printer):
    assert prints(ports) is printer


def test_management_controllers_get_one_packet():
    assert tries("udp", 623, 2) == 1
    assert tries("udp", 161, 2) == 2


def test_a_plan_can_tell_what_it_will_leave_out():
    plan = [ask(9100), ask(9101), ask(502), ask(502, "modbus", sure=True), ask(80), ask(9100, asked=("http",))]
    assert sorted(reasons(plan).values()) == [1, 2]
