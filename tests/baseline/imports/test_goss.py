"""What a goss file says of ports becomes rules; what it says besides is told, and nothing is guessed."""

from __future__ import annotations

import importlib.util
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline import imports
from hb_engine.baseline.language import parse as language
from hb_engine.model.errors import BadInput, DataError

YAML = pytest.mark.skipif(importlib.util.find_spec("yaml") is None, reason="PyYAML is not installed")
TEXT = """\
port:
  tcp:22:
    listening: true
    ip:
    - 0.0.0.0
  tcp6:22:
    listening: true
    ip:
    - '::'
  udp:323:
    listening: true
    ip: [127.0.0.1]
  tcp:23:
    listening: false
  tcp:5432:
    title: the shop's database
    meta:
      owner: dba
      ticket: OPS-1
    listening: true
    ip: [10.0.0.5]
service:
  sshd:
    enabled: true
    running: true
"""
RULES = """\
# goss wants it on 0.0.0.0
# goss wants it on ::
# goss does not say who holds it: add `by`
[[require]]
id = "goss-22"
listen = "tcp/22 on public"
why = "tcp:22 must listen, says goss"
owner = "unassigned"

# goss wants it on 127.0.0.1
# goss does not say who holds it: add `by`
[[require]]
id = "goss-udp-323"
listen = "udp/323 on loopback"
why = "udp:323 must listen, says goss"
owner = "unassigned"

[[forbid]]
id = "goss-23"
listen = "tcp/23"
why = "tcp:23 must not listen, says goss"
owner = "unassigned"

# goss wants it on 10.0.0.5
# goss does not say who holds it: add `by`
[[require]]
id = "goss-5432"
listen = "tcp/5432 on private"
why = "the shop's database"
owner = "dba"

# Not carried over (2):
#   service: hb looks at ports, goss tests this too
#   port tcp:5432: meta ticket has no place in a rule
"""


def told(value):
    return imports.read("goss.json", json.dumps(value), "unassigned")


@YAML
def test_yaml():
    found = imports.read("goss.yaml", TEXT, "unassigned")
    assert imports.text(found) == RULES
    assert found.tool == "goss"
    assert language.read([("goss.toml", imports.text(found))]).errors == ()


def test_json_needs_nothing():
    found = told({"port": {"tcp:80": {"listening": True, "ip": []}, "tcp:21": {"listening": False}}})
    assert [(rule.kind, rule.listen[0].scope) for rule, _ in found.rules] == [
        ("require", "public"),
        ("forbid", "loopback"),
    ]
    assert found.left_out == ()


def test_an_address_is_told_once_however_often_goss_wrote_it():
    """As goss add port does for a server of several workers."""
    ((_, comments),) = told({"port": {"tcp:8080": {"listening": True, "ip": ["0.0.0.0", "0.0.0.0"]}}}).rules
    assert comments[0] == "goss wants it on 0.0.0.0"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tcp:80", {"listening": {"or": [True, False]}}, "neither true nor false"),
        ("tcp:80", {}, "neither true nor false"),
        ("tcp:80", {"listening": True, "skip": True}, "skipped"),
        ("tcp:80", "yes", "no table"),
        ("{{ .Vars.port }}", {"listening": True}, "a template"),
        ("tcp:0", {"listening": True}, "no port"),
        ("tcp:65536", {"listening": True}, "no port"),
        ("sctp:80", {"listening": True}, "no port"),
        ("tcp:\u0663", {"listening": True}, "no port"),
    ],
)
def test_what_cannot_be_carried_over_is_told(name, value, words):
    found = told({"port": {name: value}})
    assert found.rules == ()
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith(f"port {name}: ")
    assert words in found.left_out[0]


def test_what_is_lost_of_a_rule_is_told():
    found = told({"port": {"tcp:80": {"listening": True, "ip": {"contain-element": "::"}, "local": 1}}})
    assert found.left_out == ("port tcp:80: local has no place in a rule", "port tcp:80: ip is a matcher")
    found = told({"port": {"tcp:80": {"listening": True, "ip": ["nowhere", "127.0.0.1"]}}})
    assert (found.rules[0][0].listen[0].scope, found.left_out) == ("loopback", ("port tcp:80: nowhere is no address",))


def test_files_of_nobody_known():
    values: tuple[dict[str, object], ...] = ({"allow": []}, {}, {"port": []}, {"port": {}, "mine": 1})
    for value in values:
        with pytest.raises(BadInput, match="no tool"):
            told(value)
    with pytest.raises(DataError, match=r"goss.json:1:"):
        imports.read("goss.json", "{", "x")


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 99999), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
ENTRY = st.dictionaries(st.sampled_from(["listening", "ip", "title", "meta", "skip", "x"]), VALUES, max_size=4)
NAMES = st.one_of(st.sampled_from(["tcp:80", "tcp6:80", "udp:53"]), st.text(max_size=8))


@pytest.mark.slow
@given(st.dictionaries(NAMES, st.one_of(ENTRY, VALUES), max_size=4))
def test_whatever_stands_in_a_file_becomes_rules_that_read(ports):
    try:
        found = told({"port": ports})
    except DataError:  # too deep, or a text that JSON has and files of rules have not
        return
    parsed = language.read([("goss.toml", imports.text(found))])
    assert len(parsed.baseline.rules) == len(found.rules)
    assert parsed.errors == ()
