"""The register out of reports and rules: every rule once, what is open under it, and nothing made to look better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import judged, registers
from tests.faces.kit import HOST, HTTPS, NOW, ROOT

from hb_engine.app.ruling.register import Open, insecure_services, place, register
from hb_engine.model.baseline import Baseline, Listen, Rule, Speaks, Where
from hb_engine.model.record import replace
from hb_engine.model.report import Held, Report


def lines(*rules, keys=()):
    held = tuple([Held(rule.id, rule.kind, rule.where, keys=keys) for rule in rules])
    report = Report(HOST, NOW, ROOT, held=held)
    return register((report,), Baseline(rules), NOW, registers.names)


def one(*listen, keys=(), **more):
    rule = registers.rule("x", *listen, **more)
    made = lines(rule, keys=keys)
    return (*made.allowed, *made.forbidden)[0]


def test_every_rule_that_is_for_a_machine_is_a_line_in_the_order_of_ports():
    assert [line.rule.id for line in registers.ONE.allowed] == [
        *("old-ftp", "ssh-admin", "web-http", "snmp", "time", "web-https", "shop-db", "debug", "metrics", "rpc"),
    ]
    assert [line.rule.id for line in registers.ONE.forbidden] == ["no-clear-text", "no-docker"]


def test_rules_of_packs_under_which_nothing_is_open_are_counted():
    """Whoever names a pack does not approve each server that it knows; what is open is approved by it."""
    packed = registers.rule("packed", registers.tcp(110), pack="mail")
    mine, never = (
        registers.rule("mine", registers.tcp(1)),
        registers.rule("n", registers.tcp(2), kind="forbid", pack="p"),
    )
    made = lines(packed, mine, never)
    assert [line.rule.id for line in made.allowed] == ["mine"]
    assert [line.rule.id for line in made.forbidden] == ["n"]
    assert made.unused == 1
    used = lines(packed, keys=("tcp/public/110/unit:dovecot.service/host",))
    assert [line.rule.id for line in used.allowed] == ["packed"]
    assert used.unused == 0


def test_rules_of_other_machines_and_ended_ones_are_left_out():
    elsewhere = registers.rule("elsewhere", registers.tcp(1))
    made = register((registers.WEB,), Baseline((*registers.RULES, elsewhere)), NOW, registers.names)
    assert not {"elsewhere", "long-gone"} & {line.rule.id for line in made.allowed}


def test_what_is_open_under_a_rule():
    line = one(
        registers.tcp(443), keys=("tcp/public/443/exe:/usr/bin/a b/host", "udp/private/ephemeral/unit:x@1.service/host")
    )
    assert line.open == (
        Open("tcp/443", "public", "exe:/usr/bin/a b", ("web-17",)),
        Open("udp/ephemeral", "private", "unit:x@1.service", ("web-17",)),
    )
    shared = next(line for line in registers.MANY.allowed if line.rule.id == "snmp")
    assert shared.open[0].machines[:2] == ("web-17", "db-3")
    assert len(shared.machines) == 10


@pytest.mark.parametrize("key", ["", "x", "a/b", "a/b/c", "////", "tcp/public/1/a/b/c"])
def test_keys_of_any_shape(key):
    assert len(one(registers.tcp(1), keys=(key,)).open) == 1


@given(st.lists(judged.anything, max_size=3))
def test_any_text_makes_a_register(texts):
    for text in texts:
        made = registers.saying(text)
        assert (len(made.allowed), len(made.forbidden), len(made.unapproved)) == (1, 1, 1)


def test_what_is_open_without_approval():
    assert [(each.machine, each.verdict.kind, each.verdict.state) for each in registers.MANY.unapproved] == [
        ("web-17", "new", "drift"),
        ("web-17", "widened", "drift"),
        ("web-17", "new", "debt"),
        ("db-3", "forbidden", "drift"),
    ]


def test_what_could_not_be_judged_stands_apart():
    assert [(each.machine, each.verdict.key) for each in registers.MANY.unjudged] == [("db-3", HTTPS.key)]
    assert registers.ONE.unjudged == ()


def test_reviews():
    assert one(registers.tcp(1), review=int(NOW)).is_overdue
    assert not one(registers.tcp(1), review=int(NOW) + 1).is_overdue
    never = one(registers.tcp(1), review=None)
    assert (never.due, never.is_overdue) == (None, False)


def test_approval_wants_an_owner_and_a_need():
    assert one(registers.tcp(1)).approved
    assert not one(registers.tcp(1), owner="").approved
    assert not one(registers.tcp(1), why="").approved


@pytest.mark.parametrize(
    ("listen", "more", "insecure"),
    [
        (registers.tcp(23), {}, ("telnet: passwords and all",)),
        (registers.tcp(443), {}, ()),
        (registers.tcp(80), {"speaks": Speaks(("https",))}, ()),
        (registers.tcp(8443), {"speaks": Speaks(("http",))}, ("http: nothing is encrypted",)),
        (registers.tcp(8443), {"speaks": Speaks(("telnet",))}, ("telnet: passwords and all",)),
        (registers.tcp(143), {"speaks": Speaks(("imap",), "1.2")}, ()),
        (registers.tcp(20, last=24), {}, ("ftp", "telnet")),
        (Listen("any", 161, 161), {}, ("snmp",)),
        (Listen("tcp", 1, 65535), {}, ()),
    ],
)  # fmt: skip
def test_what_is_insecure(listen, more, insecure):
    found = one(listen, **more).insecure
    assert [text[: len(short)] for text, short in zip(found, insecure, strict=True)] == list(insecure)


def test_what_is_open_counts_where_a_rule_names_too_many_ports():
    assert one(Listen("tcp", 1, 65535), keys=("tcp/public/21/unit:ftpd.service/host",)).insecure[0].startswith("ftp: ")


@pytest.mark.parametrize(
    ("listen", "more", "features"),
    [
        (registers.tcp(21), {}, ()),
        (registers.tcp(21), {"sources": ("any",)}, ()),
        (registers.tcp(21), {"sources": ("net:10.0.0.0/8",)}, ("only from net:10.0.0.0/8",)),
        (registers.tcp(21, "private"), {}, ("reaches private at most",)),
        (registers.tcp(21, interface="eth1"), {}, ("only on eth1",)),
        (registers.tcp(21, networks=("10.0.0.0/8",)), {}, ("only on 10.0.0.0/8",)),
        (registers.tcp(21), {"speaks": Speaks(("ftp",), "1.2")}, ("TLS 1.2 or newer",)),
    ],
)
def test_security_features(listen, more, features):
    line = one(listen, **more)
    assert line.features == features
    assert line.unmitigated == (not features)


def test_forbidden_lines_say_from_where_on():
    assert one(Listen("tcp", 23, 23, text="tcp/23"), kind="forbid").reach == "loopback"
    assert one(registers.tcp(23, "private"), kind="forbid").reach == "private"
    assert one(registers.tcp(23, "public"), kind="forbid").reach == "public"


def test_places():
    listens = (registers.tcp(1), registers.tcp(1, last=9), Listen("raw", place="any"), Listen("udp", place="ephemeral"))
    assert [place(each) for each in listens] == ["tcp/1", "tcp/1-9", "raw/any", "udp/ephemeral"]


def test_usual_ports_of_insecure_services():
    assert insecure_services("tcp", 6379) == ("redis", "nothing is encrypted unless TLS is configured")
    assert insecure_services("udp", 6379) is None


def test_two_rules_of_one_name_stay_two():
    rules = [registers.rule("", registers.tcp(port), line=port) for port in (1, 2)]
    assert len(lines(*rules).allowed) == 2
    assert replace(rules[0], where=Where("hb.d/web.toml", 1, 1)) == rules[0]
    assert isinstance(rules[0], Rule)
