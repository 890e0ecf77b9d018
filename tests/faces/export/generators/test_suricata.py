"""Suricata's rules hold to their grammar, sids are unique and stay, and no text of a rule becomes syntax.

Where Suricata is installed it tests the file itself; else parsuricata's parser reads it, and the grammar here does.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from tests.faces import judged, orders

from hb_engine.faces.export.generators import suricata
from hb_engine.model.baseline import Listen
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

NET = r"(?:[0-9.]+|[0-9a-f:]+)(?:/\d+)?"
PORTS = r"(?:any|\d+(?::\d+)?|\[\d+(?::\d+)?(?:,\d+(?::\d+)?)*\])"
RULE = re.compile(
    rf"alert (tcp|udp|sctp) (any|!\[{NET}(?:,{NET})*\]) any -> (\$HOME_NET|\[{NET}(?:,{NET})*\]) ({PORTS}) "
    r'\(msg:"([A-Za-z0-9 ._/,()-]+)"; (?:flow:to_server; flags:S,12; )?'
    r"threshold:type limit, track by_src, seconds 3600, count 1; classtype:policy-violation; "
    r"(?:metadata:hb_rule [A-Za-z0-9._-]+; )?sid:(1\d{6}); rev:1;\)"
)


def text(order):
    return suricata.write(order)[0][1]


def alerts(order):
    """(transport, source, to, ports, message, sid) of each rule; every other line is empty or a comment."""
    found = []
    for line in text(order).splitlines():
        if line and not line.startswith("#"):
            match = RULE.fullmatch(line)
            assert match, line
            found.append(match.groups())
    return found


@given(orders.texts)
def test_no_text_becomes_syntax(given_):
    assert len(alerts(orders.saying(given_))) >= 1


def test_every_order_holds_to_the_grammar_and_sids_are_unique():
    for order in orders.ALL.values():
        sids = [found[-1] for found in alerts(order)]
        assert len(sids) == len(set(sids))


def test_no_line_is_longer_than_suricata_reads():
    """What stands behind 8,191 bytes is taken for a line of its own."""
    assert (
        max(len(line.encode()) for order in (*orders.ALL.values(), orders.LARGE) for line in text(order).splitlines())
        < 8191
    )
    closed = [found for found in alerts(orders.LARGE) if found[4] == "hb closed tcp port"]
    assert len(closed) > 1
    quiet = {span for found in closed for span in found[3].strip("[]").split(",")}
    assert "1001:1006" in quiet
    assert "not said here: tcp/3: 200 sources are too many for one rule" in text(orders.LARGE)


def test_sids_stay_with_what_they_are_about():
    def by_message(order):
        return {found[4]: found[5] for found in alerts(order)}

    before = by_message(orders.CLOSED)
    moved = replace(
        orders.CLOSED, host=replace(orders.HOST, addresses=("192.0.2.9",)), rules=orders.RULES[::-1], version="9"
    )
    after = by_message(replace(moved, rules=(*moved.rules, orders.rule("another", orders.at("tcp", 1)))))
    assert before == after


def test_two_of_one_number_are_told_apart():
    same = orders.rule("same", orders.at("tcp", 1), orders.at("tcp", 1), kind="forbid")
    first, second = (int(found[-1]) for found in alerts(replace(orders.ORDER, rules=(same,))))
    assert second == first + 1


def test_what_is_forbidden():
    found = {each[4]: each[:4] for each in alerts(orders.ORDER)}
    assert found["hb forbidden port tcp/23 (no-telnet)"] == (
        "tcp",
        "any",
        "[10.0.0.5,198.51.100.7,fd00::5,2001:db8::5,fe80::5]",
        "23",
    )
    assert found["hb forbidden port tcp/2375-2376 (no-docker)"][2:] == (
        "[10.0.0.5,198.51.100.7,fd00::5,2001:db8::5]",
        "2375:2376",
    )
    assert not [message for message in found if "no-apache" in message]
    assert "left to you: it forbids unit:apache2.service alone" in text(orders.ORDER)


def test_other_sources():
    found = {each[4]: each[1] for each in alerts(orders.ORDER)}
    assert found["hb other source to tcp/22 (ssh)"] == "![10.20.0.0/16,fd00:20::/32]"
    assert "tcp/9100: from host:prometheus-1; write its address as net:" in text(orders.ORDER)
    second = orders.rule("ssh-too", orders.at("tcp", 20, 30), sources=("net:192.0.2.0/24",))
    both = {each[4]: each[1] for each in alerts(replace(orders.ORDER, rules=(orders.SSH, second)))}
    assert both["hb other source to tcp/22 (ssh)"] == "![10.20.0.0/16,fd00:20::/32,192.0.2.0/24]"
    everyone = orders.rule("all", Listen("tcp", place="any"))
    assert "tcp/22: all lets others in" in text(replace(orders.ORDER, rules=(orders.SSH, everyone)))


def test_closed():
    found = {each[4]: each[3] for each in alerts(orders.CLOSED)}
    assert found["hb closed udp port"] == "[0:67,69:442,444:65535]"
    assert found["hb closed tcp port"].startswith("[0:21,24:442,")  # 22 is allowed, 23 has an alert of its own
    assert "5432" not in found["hb closed tcp port"].replace("5432:", "")
    assert "tcp: rules allow every port" in text(replace(orders.ODD, closed=True))


@pytest.mark.parametrize(
    ("addresses", "scope", "to"),
    [
        ((), "public", "$HOME_NET"),
        (("10.0.0.5", "192.0.2.1"), "public", "[192.0.2.1]"),
        (("10.0.0.5", "192.0.2.1"), "private", "[10.0.0.5,192.0.2.1]"),
        (("127.0.0.1", "::1"), "loopback", ""),
        (("fe80::1%eth0",), "link", "[fe80::1]"),
        (("fe80::1%eth0",), "private", ""),
        (("x", "10.0.0.0/8", "any"), "link", ""),
    ],
)
def test_where_the_machine_is(addresses, scope, to):
    order = replace(orders.ORDER, host=Host("x", "", addresses=addresses))
    assert suricata.homes(order, scope) == to


def test_ports():
    assert [suricata.ports(spans) for spans in ([(1, 1)], [(1, 9)], [(1, 1), (5, 9)], [(0, 65535)])] == [
        "1",
        "1:9",
        "[1,5:9]",
        "any",
    ]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("suricata"), reason="Suricata is not installed")
def test_suricata_takes_it(tmp_path):
    path = tmp_path / suricata.FILE
    for order in (*orders.ALL.values(), orders.LARGE, *map(orders.saying, judged.AWKWARD)):
        path.write_text(text(order), encoding="utf-8")
        done = subprocess.run(
            ["suricata", "-T", "-S", path, "-l", tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_another_parser_reads_the_same():
    parsuricata = pytest.importorskip("parsuricata", reason="parsuricata is not installed")
    for order in (orders.ORDER, orders.CLOSED, orders.ODD):
        found = parsuricata.parse_rules(text(order))
        assert [(rule.protocol, str(rule.dst_port)) for rule in found] == [
            (each[0], each[3]) for each in alerts(order)
        ] or len(found) == len(alerts(order))
        for rule, mine in zip(found, alerts(order), strict=True):
            options = {option.keyword: str(option.settings) for option in rule.options if option.settings}
            assert options["sid"] == mine[5]
            assert options["msg"].strip('"') == mine[4]
