"""Second opinions as a whole: loaded from a user's own files, asked about answers, and never more than notes."""

from __future__ import annotations

import os
import sys

import pytest

from hb_engine.identify.opinions import WORN_OUT, Opinions, load, patience
from hb_engine.model.errors import BadInput, CannotLook, DataError
from hb_engine.model.identity import Identity

PROBES = rb"""
Probe TCP NULL q||
match lamp m|^SSH-2\.0-Lamp_(\S+)| p/Lamp/ v/$1/
match endless m|^(a+)+$|
"""
RECOG = """<fingerprints matches="ssh.banner" protocol="ssh"><fingerprint pattern="^Lamp_(\\S+)">
<param pos="0" name="service.product" value="Lamp of Recog's"/><param pos="1" name="service.version"/>
</fingerprint></fingerprints>"""
HEARD = (("listen", b"SSH-2.0-Lamp_4.2\r\n"),)
INSTALLED = "/usr/share/nmap/nmap-service-probes"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "nmap-service-probes").write_bytes(PROBES)
    (tmp_path / "ssh.xml").write_text(RECOG)
    return tmp_path


@pytest.fixture
def both(files):
    opinions = load(str(files / "nmap-service-probes"), str(files / "ssh.xml"), seconds=0.5)
    yield opinions
    opinions.close()


def test_both_databases_have_their_say(both):
    first, second = both.of(HEARD, None, "tcp")
    assert (first.source, first.product, first.version, first.where) == ("nmap-service-probes", "Lamp", "4.2", "line 3")
    assert (second.source, second.product, second.where) == ("recog", "Lamp of Recog's", "ssh.xml:1")


def test_notes_beside_an_identity_and_without_one(both):
    assert both.notes(HEARD, Identity("ssh"), "tcp") == (
        "second opinion (nmap-service-probes line 3): lamp, Lamp 4.2",
        "second opinion (recog ssh.xml:1): Lamp of Recog's 4.2",
    )
    assert both.notes(HEARD, None, "tcp")[1] == "second opinion (recog ssh.xml:1): ssh, Lamp of Recog's 4.2"


def test_one_database_alone(files):
    for opinions, source in (
        (load(nmap_probes=str(files)), "nmap-service-probes"),
        (load(recog=str(files)), "recog"),
    ):
        assert [one.source for one in opinions.of(HEARD, None, "tcp")] == [source]
        opinions.close()


def test_without_a_database_nothing_is_said():
    assert load().notes(HEARD, None, "tcp") == ()
    assert isinstance(load(), Opinions)


@pytest.mark.slow
def test_a_pattern_without_an_end_is_a_note(both):
    notes = both.notes((("listen", b"a" * 64 + b"b"),), None, "tcp")
    assert notes == ("second opinion: the pattern in nmap-service-probes line 4 comes to no end and was given up",)
    assert both.of(HEARD, None, "tcp")  # and the others go on


@pytest.mark.slow
def test_after_too_many_of_them_one_note_says_so(both, monkeypatch):
    monkeypatch.setattr(patience, "GIVEN_UP", 1)
    assert both.notes((("listen", b"a" * 64 + b"b"),), None, "tcp") == (WORN_OUT,)
    assert both.notes(HEARD, None, "tcp") == (WORN_OUT,)


def test_where_no_process_can_be_begun_a_note_says_so_and_nothing_is_lost(both, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (note,) = both.notes(HEARD, None, "tcp")
    assert note.startswith("second opinion: no process for foreign patterns can be begun")
    with pytest.raises(CannotLook):
        both.of(HEARD, None, "tcp")


def test_what_cannot_be_loaded_is_said_before_anything_is_asked(files):
    with pytest.raises(BadInput):
        load(nmap_probes=str(files / "missing"))
    with pytest.raises(BadInput):
        load(recog=str(files / "missing"))
    with pytest.raises(DataError, match=r"ssh\.xml:1"):
        load(nmap_probes=str(files / "ssh.xml"))
    with pytest.raises(DataError, match="nmap-service-probes:"):
        load(recog=str(files / "nmap-service-probes"))


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists(INSTALLED), reason="nmap is not installed: its own file is held by nobody here")
def test_the_file_that_nmap_installed():
    """It is read in place; nothing of it is kept, and greetings are made up."""
    opinions = load(nmap_probes=INSTALLED)
    try:
        assert opinions.nmap is not None
        assert opinions.nmap.book.count > 10_000
        assert len(opinions.nmap.book.probes) > 100
        (opinion,) = opinions.of((("listen", b"SSH-2.0-OpenSSH_9.2p1\r\n"),), Identity("ssh"), "tcp")
        assert (opinion.service, opinion.product, opinion.version) == ("ssh", "OpenSSH", "9.2p1")
        page = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n"
        (opinion,) = opinions.of((("tls http", page),), Identity("http"), "tcp")
        assert (opinion.service, opinion.product, opinion.version) == ("http", "nginx", "1.22.1")
        assert opinions.of((("listen", b"words that nobody ever wrote down\r\n"),), None, "tcp") == ()
    finally:
        opinions.close()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists(INSTALLED), reason="nmap is not installed: its own file is held by nobody here")
def test_every_pattern_of_it_comes_to_an_end_and_none_that_matches_is_held_back():
    """Held against an ordinary page, of which some cannot be taken apart in any sensible time."""
    page = b"HTTP/1.0 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + b"page not found " * 40
    opinions = load(nmap_probes=INSTALLED, seconds=1.0)
    matched = list[bool]()
    try:
        assert opinions.nmap is not None
        for probe in opinions.nmap.book.probes:
            for line, pattern in opinions.nmap._of(probe):
                try:
                    if opinions.patience.match(pattern.spelled, line.flags, page):
                        matched.append(pattern.possible(page, page.lower()))
                except (patience.Slow, patience.Unread):
                    continue
        assert len(opinions.patience.slow) < patience.GIVEN_UP
        assert not opinions.patience.unread
    finally:
        opinions.close()
    assert matched
    assert all(matched)
