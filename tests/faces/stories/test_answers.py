"""One answer in words: what speaks, what is registered, what is wrong, and how grave that is."""

from __future__ import annotations

import pytest
from tests.faces import scans
from tests.faces.kit import DAY, NOW

from hb_engine.faces.stories import answers
from hb_engine.model.answer import HELD, Rest
from hb_engine.model.identity import Tls
from hb_engine.model.record import replace
from hb_engine.model.verdict import SEVERITIES


def remarks(answer, now=NOW):
    return list(answers.remarks(answer, now))


def with_tls(now_and_ends=None, **more):
    certificate = replace(scans.CERTIFICATE, **(now_and_ends or {"not_after": int(NOW + 90 * DAY)}))
    tls = Tls("TLSv1.3", versions=("TLSv1.3", "TLSv1.2"), certificate=certificate)
    return replace(scans.WEB, held="confirmed", identity=replace(scans.NGINX, tls=replace(tls, **more)))


@pytest.mark.parametrize("held", HELD)
def test_every_word_is_known_to_be_grave_or_not(held):
    assert answers.severity(replace(scans.SSH, held=held), NOW) in SEVERITIES


def test_a_mismatch_is_grave_and_a_confirmed_service_is_not():
    assert answers.severity(scans.WRONG, NOW) == "high"
    assert answers.severity(scans.SSH, NOW) == "none"
    assert answers.severity(scans.LONELY, NOW) == "medium"
    assert answers.severity(scans.PRINTER, NOW) == "none"
    assert answers.worst(scans.HOST, NOW) == "high"
    assert answers.worst(scans.NOTHING, NOW) == "none"


def test_a_port_that_is_not_open_is_never_grave():
    assert answers.severity(replace(scans.WRONG, state="filtered"), NOW) == "none"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (scans.SSH, "ssh"),
        (scans.WEB, "http in TLS"),
        (scans.ODD, "unknown"),
        (scans.PRINTER, "not asked"),
        (scans.SMTP, ""),
        (replace(scans.ODD, held="silent"), "silent"),
        (replace(scans.ODD, held="unprovable"), "cannot be known"),
    ],
)
def test_what_speaks(answer, says):
    assert answers.service(answer) == says


def test_starttls_is_not_a_service_inside_tls():
    assert answers.service(with_tls(how="starttls")) == "http"
    assert answers.service(with_tls(problem="alert 40")) == "http"


def test_products():
    assert answers.product(scans.SSH) == "OpenSSH 9.2p1 (Debian 2+deb12u3)"
    assert (
        answers.product(replace(scans.SSH, identity=replace(scans.OPENSSH, product="", version="")))
        == "Debian 2+deb12u3"
    )
    assert answers.product(scans.ODD) == ""


def test_a_registered_name_is_said_as_such():
    assert remarks(scans.PRINTER) == ["registered as hp-pdl-datastr"]
    assert remarks(scans.SMTP) == ["admin-prohibited", "registered as smtp"]
    assert remarks(scans.SSH) == []


def test_the_mismatch_stands_first_and_nothing_twice():
    assert remarks(scans.WRONG) == ["registered as https, and ssh speaks there"]
    assert remarks(scans.LONELY) == ["nothing is registered here", "wants a password"]
    assert remarks(replace(scans.ODD, registered=())) == ["nothing is registered here", "fingerprint 9f31ab07c2d455e1"]


@pytest.mark.parametrize(
    ("dates", "said", "severity"),
    [
        ({"not_after": int(NOW - 3 * DAY)}, "its certificate ended 3 days ago", "medium"),
        ({"not_after": int(NOW + 5 * DAY)}, "its certificate ends in 5 days", "low"),
        (
            {"not_before": int(NOW + 2 * DAY), "not_after": int(NOW + 90 * DAY)},
            "its certificate begins in 2 days",
            "medium",
        ),
    ],
)
def test_certificates_out_of_their_time(dates, said, severity):
    assert remarks(with_tls(dates)) == [said]
    assert answers.severity(with_tls(dates), NOW) == severity


def test_a_certificate_in_its_time_is_no_news():
    assert remarks(with_tls()) == []
    assert remarks(with_tls(certificate=None)) == []
    assert remarks(with_tls({"not_after": 0, "not_before": 0})) == []


def test_old_versions():
    found = with_tls(versions=("TLSv1.3", "TLSv1", "SSLv3"))
    assert remarks(found) == ["still takes SSLv3 and TLSv1"]
    assert answers.severity(found, NOW) == "low"
    assert remarks(with_tls(version="TLSv1.1", versions=())) == ["still takes TLSv1.1"]


def test_a_handshake_that_failed():
    found = with_tls(problem="alert 40")
    assert remarks(found)[0] == "TLS did not come about: alert 40"
    assert answers.severity(found, NOW) == "info"


def test_counts():
    host = replace(
        scans.NOTHING, rest=(Rest("tcp", "closed", "reset", 10, ""), Rest("tcp", "filtered", "not-asked", 5, ""))
    )
    assert answers.counts(host) == {"closed": 10, "not asked": 5}
    assert answers.counted(host) == "0 open of 10"
    assert answers.counted(replace(host, rest=())) == "no port asked"
    assert answers.counted(scans.HOST) == "8 open of 65,584"
