"""What an answer comes to: every word of the list, from both sides of its line."""

from __future__ import annotations

import pytest

from hb_engine.judge.answers import Spoken, hold, same
from hb_engine.model.answer import Answer
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.opening import Registered

NAMES = {
    "http": {"http", "https", "http-alt", "www"},
    "ssh": {"ssh", "netconf-ssh"},
    "redis": {"redis"},
    "nats": {"nats"},
}
INSIDE = Tls("TLSv1.3")


def means(name):
    return frozenset(NAMES.get(name, ()))


def tls_names(name):
    return name in ("https", "imaps")


def held(identity=None, registered=(), spoken=None, **more):
    answer = Answer("tcp", 1703, more.pop("state", "open"), "syn-ack", identity=identity,
                    registered=tuple(Registered(name) for name in registered), **more)  # fmt: skip
    return hold(answer, spoken or Spoken(spoke=True), means, tls_names=tls_names)


@pytest.mark.parametrize(
    ("identity", "registered", "spoken", "word"),
    [
        (Identity("ssh"), ("ssh",), Spoken(), "confirmed"),
        (Identity("ssh"), ("netconf-ssh",), Spoken(), "confirmed"),
        (Identity("ssh"), ("SSH",), Spoken(), "confirmed"),
        (Identity("http"), ("hb-engine",), Spoken(), "other-service"),
        (Identity("http"), ("hb-engine", "www"), Spoken(), "confirmed"),
        (Identity("http", tls=INSIDE), ("https",), Spoken(), "confirmed"),
        (Identity("http"), ("https",), Spoken(), "tls-missing"),
        (Identity("ssh", tls=INSIDE), ("ssh",), Spoken(), "tls-unexpected"),
        (Identity("http", tls=INSIDE), ("http-alt",), Spoken(), "confirmed"),
        (Identity("ssh"), (), Spoken(), "unregistered"),
        (Identity("redis"), (), Spoken(at_home=True), "customary"),
        (Identity("nats"), ("vrml-multi-use",), Spoken(at_home=True), "customary"),
        (Identity("ssh"), ("ssh",), Spoken(at_home=True), "confirmed"),
        (None, ("ssh",), Spoken(silent=True), "silent"),
        (None, ("ssh",), Spoken(spoke=True), "unknown"),
        (None, ("ssh",), Spoken(untouched=True), "not-asked"),
        (None, ("wireguard",), Spoken(unprovable="it answers no stranger"), "unprovable"),
        (None, ("ssh",), Spoken(everything=True), "everything"),
        (None, ("ssh",), Spoken(everything=True, spoke=True), "unknown"),
    ],
)
def test_every_word(identity, registered, spoken, word):
    assert held(identity, registered, spoken).held == word


def test_a_mismatch_is_a_sentence_of_both():
    assert held(Identity("http"), ("hb-engine",)).mismatch == "registered as hb-engine, speaks http"
    assert held(Identity("http", tls=INSIDE), ("hb-engine",)).mismatch.endswith("speaks http inside TLS")
    assert held(Identity("ssh"), ("ssh",)).mismatch == ""


def test_custom_is_a_note_and_no_mismatch():
    told = held(Identity("nats"), ("vrml-multi-use",), Spoken(at_home=True))
    assert told.mismatch == ""
    assert told.notes == ("registered as vrml-multi-use, and by custom the port of nats",)


def test_clear_where_tls_is_registered_says_so():
    assert "in clear" in held(Identity("http"), ("https",)).mismatch


def test_starttls_is_no_tls_from_the_first_byte():
    later = Identity("ssh", tls=Tls("TLSv1.3", how="starttls"))
    assert held(later, ("ssh",)).held == "confirmed"


@pytest.mark.parametrize("state", ["closed", "filtered", "open|filtered", "closed|filtered", "unreachable"])
def test_ports_that_are_not_open_are_held_against_nothing(state):
    assert held(None, ("ssh",), state=state).held == ""


@pytest.mark.parametrize(("state", "word"), [("open|filtered", "unprovable"), ("closed", ""), ("unreachable", "")])
def test_only_silence_is_unprovable(state, word):
    """A port that said it is closed is closed, whatever lives there elsewhere."""
    assert held(None, ("wireguard",), Spoken(unprovable="silent by design"), state=state).held == word


def test_a_mismatch_names_what_is_really_registered():
    rows = (Registered("old-name", "", "unassigned"), Registered("hb-engine"))
    answer = Answer("tcp", 1703, "open", "syn-ack", identity=Identity("http"), registered=rows)
    told = hold(answer, Spoken(), means, tls_names=tls_names)
    assert told.mismatch == "registered as hb-engine, speaks http"


def test_rows_of_the_registry_that_name_nothing_register_nothing():
    answer = Answer(
        "tcp", 1703, "open", "syn-ack", identity=Identity("ssh"), registered=(Registered("", "x", "reserved"),)
    )
    assert hold(answer, Spoken(), means, tls_names=tls_names).held == "unregistered"


@pytest.mark.parametrize(
    ("registered", "spoken", "alike"),
    [
        ("http", "http", True),
        ("https", "http", True),
        ("http-alt", "http", True),
        ("http-proxy", "http", True),
        ("imaps", "imap", True),
        ("ldap", "ldaps", True),
        ("ssh", "telnet", False),
        ("hb-engine", "http", False),
        ("http", "ssh", False),
    ],
)
def test_names_that_mean_the_same(registered, spoken, alike):
    assert same(registered, spoken, means) is alike
