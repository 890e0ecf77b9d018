"""The story's facts: by port, by registered name, by process; and a name that means nothing here."""

from __future__ import annotations

import hashlib
import os
import sys

import pytest
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app.looking import why
from hb_engine.model.errors import BadInput


@pytest.fixture(autouse=True)
def folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_closed_port_has_a_page_and_says_what_was_asked():
    story = why.why("udp/1703")
    assert (story.openings, story.port, story.transport) == ((), 1703, "udp")
    assert story.page is not None
    assert story.coverage.sources


def test_a_registered_name_stands_for_its_port():
    assert why.why("hb-engine").port == 1703


def test_a_name_that_is_neither_here_nor_registered():
    with pytest.raises(BadInput) as raised:
        why.why("no-such-thing-at-all")
    assert "hb ls" in raised.value.remedy


@pytest.mark.root
@pytest.mark.slow
def test_an_opening_with_the_digest_of_what_runs():
    needs_root()

    def work():
        with tcp(1703):
            story = why.why("1703")
            (opening,) = story.openings
            details = story.details[opening.key]
            with open(f"/proc/{os.getpid()}/exe", "rb") as file:
                assert details["sha256"] == hashlib.sha256(file.read()).hexdigest()
            assert details["size"]
            name = os.path.basename(os.path.realpath(sys.executable))
            assert 1703 in {one.port for one in why.why(name).openings}

    in_namespace(work)
