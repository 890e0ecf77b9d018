"""Which openings a story is about: by number, by registered name, by process, unit, package or container."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.looking import why as app
from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.owner import Container
from hb_engine.model.record import replace


@pytest.fixture(autouse=True)
def _no_files(monkeypatch):
    """Evidence is read from live processes; these have pids that may be anybody's."""
    monkeypatch.setattr(app, "_details", lambda openings: {one.key: {"size": "1 MiB"} for one in openings})


def told(text):
    return [(one.transport, one.port) for one in app.why(text).openings]


def test_by_number(machine):
    story = app.why("53")
    assert [(one.transport, one.port) for one in story.openings] == [("tcp", 53), ("udp", 53)]
    assert (story.port, story.transport) == (53, None)
    assert story.page is not None
    assert set(story.details) == {one.key for one in story.openings}


def test_nothing_is_taken_from_memory(machine):
    app.why("22")
    assert machine.asked == [(frozenset((22,)), True)]
    assert machine.hidden


def test_one_transport(machine):
    assert told("udp/53") == [("udp", 53)]


def test_a_closed_port_is_a_story_too(machine):
    story = app.why("1703")
    assert story.openings == ()
    assert story.page is not None
    assert story.coverage == machine.seen.coverage


@pytest.mark.parametrize("name", ["sshd", "ssh.service", "ssh", "openssh-server", "SSHD"])
def test_by_process_unit_and_package(machine, name):
    machine.seen = kit.inventory(kit.SSH, kit.DNS)
    assert told(name) == [("tcp", 22)]


def test_by_container(machine):
    boxed = replace(kit.SSH, owners=(replace(kit.SSHD, container=Container("docker", "4f", "shop-cache")),))
    machine.seen = kit.inventory(boxed, kit.DNS)
    assert told("shop-cache") == [("tcp", 22)]


def test_a_process_with_several_ports_is_told_whole(machine):
    machine.seen = kit.inventory(kit.SSH, replace(kit.SSH, port=2222))
    story = app.why("sshd")
    assert [one.port for one in story.openings] == [22, 2222]
    assert (story.port, story.page) == (None, None)


def test_a_registered_name_that_nothing_here_goes_by_is_its_port(machine):
    assert told("domain") == [("tcp", 53), ("udp", 53)]


def test_a_name_that_means_nothing_is_said(machine):
    with pytest.raises(BadInput) as raised:
        app.why("no-such-thing")
    assert "no-such-thing" in raised.value.message
    assert raised.value.remedy


def test_what_cannot_be_looked_at_is_not_swallowed(machine):
    machine.refusal = CannotLook("no /proc here")
    with pytest.raises(CannotLook):
        app.why("22")


def test_a_name_on_one_transport(machine):
    assert told("udp/domain") == [("udp", 53)]
