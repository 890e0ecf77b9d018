"""Who holds an opening: units, containers, processes by the names that they chose, and why nobody is named."""

from __future__ import annotations

import pytest
from tests.faces.kit import BACKDOOR, CLIENT, HOSTILE, HTTPS, SSH, TAP, VXLAN, WEBBOX, hostile_look, opening

from hb_engine.faces.web.language import language
from hb_engine.faces.web.machines import who
from hb_engine.faces.words import UNOWNED
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Owner
from hb_engine.model.record import replace

ENGLISH = language("en")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (SSH, "ssh.service"),
        (BACKDOOR, '"kworker/u8:1" in cron.service'),
        (WEBBOX, "server.js in docker shop"),
        (VXLAN, "the kernel: VXLAN device vx0"),
        (TAP, "tcpdump in dump.service"),
        (CLIENT, "chrony.service"),
        (opening(1, Owner(7, "nc", "/bin/nc")), "nc (7)"),
        (opening(1, unit="cups.socket"), "cups.socket"),
        (opening(1, container=Container("podman", "0123456789abcdef")), "podman 0123456789ab"),
        (opening(1), "nobody is named"),
        (opening(80, kind="redirect", notes=("leads to 10.0.0.2:80",)), "nobody is named, leads to 10.0.0.2:80"),
    ],
)
def test_in_a_few_words(one, told):
    assert who.who(ENGLISH, one) == told


def test_several_programs_are_counted():
    other = replace(HTTPS.owners[0], pid=7, comm="helper", exe="/usr/bin/helper")
    assert who.who(ENGLISH, replace(HTTPS, owners=(*HTTPS.owners, other))) == "nginx.service +1"


@pytest.mark.parametrize("reason", UNOWNED)
def test_every_reason_for_nobody_has_words(reason):
    assert who.who(ENGLISH, opening(1, unowned=Unowned(reason))) != reason


def test_where_it_comes_from():
    assert who.home_of(SSH) == "ssh.service, openssh-server 1:9.2p1-2"
    assert who.home_of(WEBBOX) == "docker shop"
    assert who.home_of(VXLAN) == "\u2013"


def test_a_name_of_thousands_of_letters_keeps_to_its_cell():
    for one in hostile_look().openings:
        assert len(who.who(ENGLISH, one)) <= 2 * who.LONGEST
        assert len(who.home_of(one)) <= 2 * who.LONGEST


@pytest.mark.parametrize("text", HOSTILE)
def test_names_with_signs_of_sentences_are_names(text):
    one = opening(1, Owner(7, f"%(who)s {text}", "/bin/x"))
    assert "%(who)s"[:8] in who.who(ENGLISH, one)
