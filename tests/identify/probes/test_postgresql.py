"""PostgreSQL: TLS offered and refused, the release by the line of an error, pgbouncer by its words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reconnect, Reply, StartTls
from hb_engine.identify.probes import postgresql
from hb_engine.identify.transcript import NONCE
from hb_engine.model.identity import Tls

PLAIN = captured("postgresql-plain")[1]
BOUNCER = captured("postgresql-pgbouncer")[1]


def error(**told):
    body = b"".join(letter.encode() + value.encode() + b"\0" for letter, value in told.items()) + b"\0"
    return b"E" + (4 + len(body)).to_bytes(4, "big") + body


def unsupported(line, file="postmaster.c", spoken="3.0 to 3.0", **more):
    words = f"unsupported frontend protocol 999.12337: server supports {spoken}"
    return error(S="FATAL", V="FATAL", C="0A000", M=words, F=file, L=str(line), R="ProcessStartupPacket", **more)


@pytest.mark.parametrize(
    ("refused", "version", "info"),
    [
        (PLAIN, "15", ""),
        (unsupported(2099, spoken="2.0 to 3.0"), "10", ""),
        (unsupported(2145, spoken="2.0 to 3.0"), "13", ""),
        (unsupported(2145), "14", ""),
        (unsupported(2153), "16", ""),
        (unsupported(685, "backend_startup.c"), "17", ""),
        (unsupported(713, "backend_startup.c", "3.0 to 3.2"), "18", ""),
        (unsupported(9999), "", "14 to 16"),
        (unsupported(9999, spoken="2.0 to 3.0"), "", "10 to 13"),
        (unsupported(9999, "backend_startup.c", "3.0 to 3.2"), "", "18 or later"),
        (unsupported(1, "elsewhere.c"), "", "9.6.0 or later"),
        (unsupported(2099, "../src/postmaster.c", "2.0 to 3.0"), "10", ""),
    ],
)
def test_the_release_by_the_line_that_refused(refused, version, info):
    named = hears(postgresql, "tcp", b"N", refused)
    assert (named.product, named.version, named.info, named.starttls) == ("PostgreSQL DB", version, info, "absent")
    assert named.proof == "nonce"


def test_no_line_means_two_releases():
    for releases in postgresql.LINES.values():
        lines = [line for each in releases.values() for line in each]
        assert len(lines) == len(set(lines))


def test_older_servers_do_not_tell_the_severity_twice():
    told = {"S": "FATAL", "C": "0A000", "M": "x", "F": "postmaster.c", "L": "1", "R": "ProcessStartupPacket"}
    named = hears(postgresql, "tcp", b"N", error(**told))
    assert named.info == "before 9.6.0"
    assert named.proof == "structure"


def test_pgbouncer_by_its_words():
    named = hears(postgresql, "tcp", b"N", BOUNCER)
    assert (named.product, named.proof) == ("PgBouncer", "nonce")


def test_pgpool_hangs_up_on_such_a_protocol_and_refuses_who_names_nobody():
    pool = captured("postgresql-pgpool")[3]
    named = hears(postgresql, "tcp", b"N", Reply.of(b"", "closed"), True, pool)
    assert (named.product, named.proof) == ("pgpool-II", "structure")
    assert hears(postgresql, "tcp", b"N", Reply.of(b"", "closed"), False).proof == "pattern"


def test_others_are_named_without_a_product():
    named = hears(postgresql, "tcp", b"N", error(S="ERROR", C="08P01", M="no such protocol"))
    assert (named.name, named.product, named.version) == ("postgresql", "", "")


def test_nobody_is_named_and_no_password_sent():
    talk: Any = postgresql.talk(peer())
    assert next(talk).send == postgresql.SSL_REQUEST
    startup = talk.send(Reply.of(b"N")).send
    assert startup == b"\0\0\0\x08\x03\xe7" + NONCE[:2]


def test_tls_begins_where_it_is_offered():
    talk: Any = postgresql.talk(peer())
    next(talk)
    assert talk.send(Reply.of(b"S")) == StartTls(("postgresql",))
    assert talk.send(Tls("TLSv1.3")).send.startswith(b"\0\0\0\x08\x03\xe7")
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(PLAIN))
    assert (end.value.value.starttls, end.value.value.tls.version) == ("offered", "TLSv1.3")


def test_a_handshake_that_fails_is_followed_by_a_fresh_connection():
    talk: Any = postgresql.talk(peer())
    next(talk)
    talk.send(Reply.of(b"S"))
    assert talk.send(None) == Reconnect()
    assert talk.send(True).send.startswith(b"\0\0\0\x08\x03\xe7")
    named = hears(postgresql, "tcp", b"S")
    assert (named.proof, named.starttls) == ("pattern", "offered")


def test_inside_tls_it_is_not_asked_for():
    assert hears(postgresql, "tcp", PLAIN, tls=True).starttls == ""


def test_a_letter_and_then_nothing_is_a_likeness_only():
    assert hears(postgresql, "tcp", b"N").proof == "pattern"


def test_a_server_that_is_full_says_so_at_once():
    named = hears(postgresql, "tcp", error(S="FATAL", C="53300", M="sorry, too many clients already"))
    assert named.guarded
    assert hears(postgresql, "tcp", b"EFATAL:  the database system is starting up\n\0").proof == "banner"


@pytest.mark.parametrize(
    "answer", [b"", b"G", b"NN", b"SSH-2.0-x\r\n", b"ERROR\r\n", b"ERROR\nmessage:x\n\nno\n\0", b"E", b"E\0\0\0\4"]
)
def test_what_answers_otherwise(answer):
    assert hears(postgresql, "tcp", answer) is None


@pytest.mark.parametrize("refused", [PLAIN[:-1], changed(PLAIN, 4), changed(PLAIN, 0), PLAIN + b"\0", b"-ERR\r\n"])
def test_what_is_no_error_of_postgresql(refused):
    assert hears(postgresql, "tcp", b"N", refused) is None


@given(damaged(b"N", PLAIN, BOUNCER, b"S"))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(postgresql, "tcp", *replies))
