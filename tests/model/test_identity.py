"""What an answer proves: a name, and nothing that was not told."""

from __future__ import annotations

import pytest

from hb_engine.model.identity import PROOFS, Certificate, Identity, Tls


def test_proofs_are_ordered_from_the_strongest():
    assert PROOFS == ("nonce", "structure", "banner", "pattern", "port")


def test_a_name_alone_claims_nothing_else():
    found = Identity("ssh")
    assert (found.product, found.version, found.cpe, found.facts, found.tls) == ("", "", (), (), None)
    assert found.proof in PROOFS
    assert not found.guarded


def test_what_a_handshake_told_may_be_half_of_it():
    met = Tls(problem="the server wants a certificate")
    assert (met.version, met.certificate, met.how) == ("", None, "implicit")


def test_a_certificate_without_dates_is_not_expired():
    assert (Certificate("CN=a", "CN=a").not_before, Certificate("CN=a", "CN=a").not_after) == (0, 0)


def test_an_identity_is_frozen():
    with pytest.raises(AttributeError):
        Identity("ssh").name = "telnet"  # type: ignore[misc]
