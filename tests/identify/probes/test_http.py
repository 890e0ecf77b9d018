"""HTTP is proved by a status line; what it says of itself is told, and what it is not stays unnamed."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import http

NGINX = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 19\r\n\r\n<title>Hi!</title>\n"
ETCD = b"""HTTP/1.1 404 Not Found\r
Access-Control-Allow-Headers: accept, content-type, authorization\r
Content-Type: text/plain; charset=utf-8\r
X-Content-Type-Options: nosniff\r
Content-Length: 19\r
\r
404 page not found
"""


def test_a_page_is_named():
    named = hears(http, "tcp", NGINX)
    assert (named.name, named.product, named.version, named.proof) == ("http", "nginx", "1.22.1", "structure")
    assert dict(named.facts)["title"] == "Hi!"


def test_a_redirect_is_told_and_not_followed():
    talk = http.talk(peer())
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/x\r\nContent-Length: 0\r\n\r\n"))
    assert ("location", "http://elsewhere.invalid/x") in end.value.value.facts


def test_a_page_that_was_cut_short_is_named_too():
    assert hears(http, "tcp", Reply.of(NGINX[:40], "silent")).product == "nginx"
    assert hears(http, "tcp", Reply.of(NGINX[:17], "closed")).name == "http"


@pytest.mark.parametrize(
    "reply",
    [b"", b"SSH-2.0-OpenSSH_9.2p1\r\n", b"-ERR unknown command 'GET'\r\n", b"RTSP/1.0 400 Bad Request\r\n\r\n",
     b"SIP/2.0 400 Bad Request\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46", b"<xml>",
     b"HTTP/1.1 "],
)  # fmt: skip
def test_other_protocols_are_not_http(reply):
    assert hears(http, "tcp", Reply.of(reply, "closed")) is None
    assert not http.hint(reply)


def test_a_page_without_a_head_is_a_likeness_only():
    named = hears(http, "tcp", Reply.of(b"<html><body>old</body></html>", "closed"))
    assert (named.info, named.proof) == ("HTTP/0.9", "pattern")
    assert hears(http, "tcp", Reply.of(b"<html", "closed")) is None


def test_a_plain_request_where_tls_is_wanted():
    reply = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
    assert ("wants", "TLS") in hears(http, "tcp", Reply.of(reply, "closed")).facts


def test_a_status_line_to_anything_is_a_hint():
    assert http.hint(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_further_pages_are_asked_on_fresh_connections_and_at_most_three():
    talk, paths = http.talk(peer(port=2379)), []
    command = next(talk)
    with pytest.raises(StopIteration):
        for _ in range(20):
            if hasattr(command, "send"):
                paths.append(command.send.split(b" ")[1])
                command = talk.send(Reply.of(ETCD))
            else:
                command = talk.send(True)
    assert paths[0] == b"/"
    assert 2 <= len(paths) <= 4


def test_a_server_that_is_gone_for_the_second_page_keeps_its_name():
    assert hears(http, "tcp", ETCD, port=2379).name == "http"


@given(damaged(NGINX, ETCD))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(http.talk(peer(port=2379)), [part for reply in replies for part in (reply, True)]))


@pytest.mark.parametrize("reply", [NGINX, ETCD])
def test_every_beginning_is_borne(reply):
    for size in range(len(reply)):
        assert is_bounded(hears(http, "tcp", Reply.of(reply[:size], "closed")))
        http.hint(reply[:size])


@pytest.mark.parametrize(
    "words",
    [
        b"HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program.\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nIt looks like you are trying to access MongoDB over HTTP on the native driver port.",
        b"HTTP/1.1 404 Not Found\r\n\r\nIt looks like you are making an HTTP request to a Hadoop IPC port. x\r\n",
    ],
)
def test_who_says_in_http_that_it_is_no_web_server_is_none(words):
    assert hears(http, "tcp", words) is None
    assert not http.hint(words)
    assert http.hint(words.split(b"\r\n\r\n")[0] + b"\r\n\r\nIt looks like rain.\r\n")
