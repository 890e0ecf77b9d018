"""Filters let through what was meant, and call a mistake a mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.kit import LOOK

from hb_engine.faces.cli import filters
from hb_engine.faces.cli.options import parse
from hb_engine.faces.cli.verbs.ls import VERB
from hb_engine.model.errors import BadInput
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace


def matching(*line, look=LOOK):
    wanted = filters.tests(parse(VERB, list(line)))
    return [opening.port for opening in look.openings if all(test(opening) for test in wanted)]


def refused(*line):
    with pytest.raises(BadInput) as caught:
        matching(*line)
    return f"{caught.value.message} | {caught.value.remedy}"


ALL = [opening.port for opening in LOOK.openings]
CASES = {
    (): ALL,
    ("--port", "22,443"): [22, 443],
    ("--port", "400-500,6379"): [443, 6379],
    ("-p22", "-p", "443"): [22, 443],
    ("--port", "0-65535"): [port for port in ALL if port is not None],
    ("-t", "udp"): [68, 4789, 40123],
    ("-t", "packet,udp", "--port", "1-100"): [68],
    ("--process", "sshd"): [22],
    ("--process", "712"): [22],
    ("--process", "SSHD"): [22],
    ("--process", "ssh"): [],
    ("--process", "ssh*,ngin*"): [22, 443],
    ("--process", "*server*"): [6379, 8080],
    ("--process", "server.js"): [8080],
    ("--process", "kworker/u8:1"): [1703],
    ("--user", "www-data"): [443],
    ("--user", "postgres,redis"): [5432, 6379],
    ("--user", "1000"): [8080],
    ("--scope", "link"): [68],
    ("--scope", "link-"): [68, 5432, 8009],
    ("--scope", "link+"): [port for port in ALL if port not in (5432, 8009)],
    ("--scope", "private,link"): [68, 8080],
    ("--scope", "private+"): [port for port in ALL if port not in (68, 5432, 8009)],
    ("--scope", "loopback"): [5432, 8009],
    ("--scope", "this machine"): [5432, 8009],
    ("--scope", "this-machine"): [5432, 8009],
    ("--netns", "shop"): [8080],
    ("--netns", "container"): [8080],
    ("--netns", "4026532500"): [8080],
    ("--netns", "all"): ALL,
    ("--netns", "host"): [port for port in ALL if port != 8080],
    ("--kind", "kernel,tap"): [4789, None],
    ("nginx",): [443],
    ("postgresql-15",): [5432],
    ("ssh", "openssh"): [22],
    ("shop",): [8080],
    ("registry.example",): [8080],
    ("vxlan",): [4789],
    ("hb-engine",): [1703],
    ("eth0",): [None],
    ("nothing-like-it",): [],
    ("ssh", "--scope", "loopback"): [],
}


@pytest.mark.parametrize(("line", "ports"), CASES.items(), ids=lambda value: " ".join(map(str, value)) or "none")
def test_what_passes(line, ports):
    assert matching(*line) == ports


def test_everyone_is_public():
    assert matching("--scope", "everyone") == matching("--scope", "public")
    assert matching("--scope", "Public") == matching("--scope", "public")


def test_a_long_name_is_found_by_the_part_that_the_kernel_keeps():
    owner = replace(kit.BACKDOOR_OWNER, comm="prometheus-node", exe=None)
    look = replace(LOOK, openings=(replace(kit.BACKDOOR, owners=(owner,)),))
    assert matching("--process", "prometheus-node-exporter", look=look) == [1703]


def test_openings_without_owners_are_found_by_their_unit_and_user():
    blind = kit.unprivileged()
    assert matching("ssh.service", look=blind) == [22]
    assert 22 in matching("--user", "root", look=blind)
    assert matching("--process", "sshd", look=blind) == []


def test_a_named_namespace_is_not_the_host():
    look = replace(LOOK, openings=(replace(kit.SSH, netns=Netns(9, "host-a", "named")),))
    assert matching("--netns", "host-a", look=look) == [22]
    assert matching("--netns", "host", look=look) == []
    assert matching("--netns", "named", look=look) == [22]


MISTAKES = {
    ("--port", "70000"): "the highest port is 65535",
    ("--port", "90-80"): "Did you mean 80-90?",
    ("--port", "ssh"): "hb port ssh finds a name",
    ("--port", "-5"): "--port cannot be '-5'",
    ("--port", "1-2-3"): "--port cannot be '1-2-3'",
    ("--port", "99999999999999999999"): "--port cannot be",
    ("--port", "٢٢"): "--port cannot be",
    ("--scope", "world"): "one of loopback, link, private, public",
    ("--scope", "+"): "--scope cannot be ''",
    ("-t", "icmp"): "It is one of tcp, udp",
    ("--kind", "listner"): "Did you mean listener?",
    ("--sort", "size"): "It is one of port",
}


@pytest.mark.parametrize(("line", "said"), MISTAKES.items())
def test_what_cannot_match_is_a_mistake(line, said):
    assert said in refused(*line)


def test_a_transport_or_kind_that_slips_past_the_parser_is_a_mistake_too():
    with pytest.raises(BadInput, match="--kind cannot be 'x'"):
        filters._one_of(("x",), ("a", "b"), "kind", lambda opening: opening.kind)


PATTERNS = [("sshd", "sshd", True), ("sshd", "ssh*", True), ("sshd", "*d", True), ("sshd", "s*h*d", True)]
PATTERNS += [("sshd", "*", True), ("sshd", "s*x*d", False), ("sshd", "d*", False), ("ab", "ab*b", False)]
PATTERNS += [("aba", "ab*ba", False), ("", "*", True), ("", "", True), ("a", "", False)]


@pytest.mark.parametrize(("name", "pattern", "found"), PATTERNS)
def test_stars_stand_for_any_letters(name, pattern, found):
    assert filters.matches(name, pattern) is found


@given(st.text("ab", max_size=8), st.text("ab*", max_size=6))
def test_stars_mean_what_they_mean_elsewhere(name, pattern):
    from fnmatch import fnmatchcase

    assert filters.matches(name, pattern) == fnmatchcase(name, pattern)


@given(st.text(max_size=12))
def test_no_port_or_scope_raises_anything_but_bad_input(text):
    for make in (filters.ports, filters.scopes):
        try:
            make((text,) if text else ())
        except BadInput as error:
            assert error.remedy  # noqa: PT017 - either outcome is right
