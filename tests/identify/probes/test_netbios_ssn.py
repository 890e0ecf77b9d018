"""The session service is proved by its answer to a session request; SMB inside it tells the rest."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import netbios_ssn


def test_samba_inside_a_session():
    told = named("netbios_ssn-samba")
    assert (told.name, told.product, told.info) == ("netbios-ssn", "Samba smbd", "SMB 3.1.1, signing enabled")
    assert told.evidence == "positive session response"


def test_a_session_with_silence_inside_is_named_all_the_same():
    told = ask(netbios_ssn, b"\x82\0\0\0")
    assert (told.name, told.product) == ("netbios-ssn", "")


def test_a_refusal_has_a_reason():
    told = ask(netbios_ssn, b"\x83\0\0\1\x82")
    assert (told.guarded, told.info) == (True, "called name not present")


def test_the_request_is_68_bytes_of_names():
    asked = first_words(netbios_ssn)
    assert (asked[:4], len(asked)) == (b"\x81\0\0\x44", 72)


@pytest.mark.parametrize(
    "reply", [b"\x82\0\0\1", b"\x83\0\0\1\x00", b"\x83\0\0\2\x82\0", b"\x82\0\0", b"\x84\0\0\0", b""]
)
def test_near_misses(reply):
    assert ask(netbios_ssn, reply) is None
