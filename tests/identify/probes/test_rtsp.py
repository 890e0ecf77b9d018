"""RTSP: a status with our sequence number."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import rtsp

GSTREAMER = captured("rtsp-gstreamer")[0]
SEQUENCE = GSTREAMER.split(b"CSeq: ")[1].split(b"\r\n")[0]


def test_one_request_for_the_server_as_a_whole():
    assert sent(rtsp.talk(peer())).startswith(b"OPTIONS * RTSP/1.0\r\nCSeq: " + SEQUENCE + b"\r\n")


@pytest.mark.parametrize(
    ("server", "product", "version"),
    [
        (b"Dss/5.5.5 (Build/489.16; Platform/Linux)", "Dss", "5.5.5"),
        (b"GStreamer RTSP server", "GStreamer RTSP server", ""),
        (b"Hipcam RealServer/V1.0", "Hipcam RealServer/V1.0", ""),
    ],
)
def test_servers(server, product, version):
    reply = b"RTSP/1.0 200 OK\r\nCSeq: " + SEQUENCE + b"\r\nServer: " + server + b"\r\n\r\n"
    named = hears(rtsp, "tcp", reply)
    assert (named.product, named.version, named.proof) == (product, version, "nonce")


def test_methods_are_told_and_a_wall_is():
    assert hears(rtsp, "tcp", GSTREAMER).facts[0][0] == "methods"
    assert hears(rtsp, "tcp", b"RTSP/1.0 401 Unauthorized\r\nCSeq: " + SEQUENCE + b"\r\n\r\n").guarded


def test_without_a_sequence_number_the_status_line_is_the_proof():
    assert hears(rtsp, "tcp", b"RTSP/1.0 400 Bad Request\r\n\r\n").proof == "banner"


@pytest.mark.parametrize(
    "reply",
    [
        GSTREAMER.replace(SEQUENCE, SEQUENCE[:-1] + b"9"),
        GSTREAMER.replace(b"RTSP/1.0", b"RTSP/1.1"),
        b"RTSP/1.0 OK\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nCSeq: " + SEQUENCE + b"\r\n\r\n",
        captured("sip-kamailio")[0],
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(rtsp, "tcp", reply) is None


def test_hints():
    assert rtsp.hint(b"RTSP/1.0 400 Bad Request\r\n\r\n")
    assert not rtsp.hint(b"HTTP/1.0 400 Bad Request\r\n\r\n")


@given(damaged(GSTREAMER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(rtsp, "tcp", *replies))
