"""One GET against servers that misbehave, each in its own way."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine import __version__
from hb_engine.model.errors import BadInput, TooSoon, Unreachable
from hb_engine.registry import web
from hb_engine.registry.web import Answer

from .conftest import reply


def get(url, limit=1000, timeout=5.0, **more):
    return web.fetch(url, {"User-Agent": web.user_agent()}, limit=limit, timeout=timeout, **more)


def refused(url, word, **more):
    with pytest.raises(Unreachable) as caught:
        get(url, **more)
    assert word in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.remedy
    return caught.value


def test_a_plain_answer(peer):
    peer.answer = lambda handler: reply(handler, b"hello", headers={"ETag": '"x"'})
    found = get(peer.url + "a?json")
    assert (found.status, found.body, found.header("etag"), found.header("absent")) == (200, b"hello", '"x"', "")
    path, headers = peer.asked[0]
    assert path == "/a?json"
    assert headers["user-agent"] == f"hb-engine/{__version__}"
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [304, 400, 403, 404, 429, 500, 503])
def test_every_status_is_an_answer(peer, status):
    peer.answer = lambda handler: reply(handler, b"", status, {"Retry-After": "7"})
    assert get(peer.url).status == status


def test_progress_is_told(peer):
    peer.answer = lambda handler: reply(handler, bytes(200_000))
    told = []
    get(peer.url, limit=300_000, progress=lambda size, announced: told.append((size, announced)))
    assert told[-1] == (200_000, 200_000)
    assert [size for size, _ in told] == sorted(size for size, _ in told)


def test_progress_without_a_length(peer):
    peer.answer = lambda handler: reply(handler, b"abc", length=-1)
    told = []
    assert get(peer.url, progress=lambda *pair: told.append(pair)).body == b"abc"
    assert told == [(3, None)]


def test_too_long_as_announced(peer):
    peer.answer = lambda handler: reply(handler, b"", length=10**9)
    refused(peer.url, "1000000000 bytes")


def test_too_long_without_a_word(peer):
    peer.answer = lambda handler: reply(handler, bytes(100_000), length=-1)
    refused(peer.url, "longer than the 1000 bytes")


def test_cut_short(peer):
    peer.answer = lambda handler: reply(handler, b"half", length=8)
    refused(peer.url, "ended after 4 of 8 bytes")


def test_cut_short_in_a_chunk(peer):
    def answer(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"8\r\nhalf")
        handler.close_connection = True

    peer.answer = answer
    refused(peer.url, "gave no answer")


def test_a_body_that_drips(peer):
    def answer(handler):
        reply(handler, b"one", length=1000)
        handler.wfile.flush()
        peer.release.wait(10)

    peer.answer = answer
    ticks = iter(range(0, 1000, 100))
    refused(peer.url, "too slowly", clock=lambda: float(next(ticks)))


def test_silence(peer):
    peer.answer = lambda _: peer.release.wait(10)
    refused(peer.url, "timed out", timeout=0.05)


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    refused(f"http://127.0.0.1:{port}/", "refused")


@pytest.mark.parametrize("first", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"\x00\xff" * 50, b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_not_http(peer, first):
    def answer(handler):
        handler.wfile.write(first)

    peer.answer = answer
    refused(peer.url, "gave no answer")


def test_a_compressed_body(peer):
    peer.answer = lambda handler: reply(handler, b"\x1f\x8b", headers={"Content-Encoding": "gzip\x1b[2J"})
    refused(peer.url, "coding")


def test_redirects_within_the_host(peer):
    def answer(handler):
        if handler.path == "/old":
            reply(handler, b"", 302, {"Location": "/new"})
        else:
            reply(handler, b"here")

    peer.answer = answer
    assert get(peer.url + "old").body == b"here"
    assert [path for path, _ in peer.asked] == ["/old", "/new"]


@pytest.mark.parametrize(
    "target",
    ["http://localhost:1/", "https://example.org/", "http://127.0.0.1:1/", "//example.org/x", "https://127.0.0.1/"],
)
def test_redirects_elsewhere(peer, target):
    peer.answer = lambda handler: reply(handler, b"", 301, {"Location": target})
    error = refused(peer.url, "sends us elsewhere")
    assert "another host" in error.remedy
    assert len(peer.asked) == 1


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://[", "http://a:99999999/"])
def test_redirects_to_nonsense(peer, target):
    peer.answer = lambda handler: reply(handler, b"", 302, {"Location": target})
    refused(peer.url, "")


def test_redirects_without_end(peer):
    peer.answer = lambda handler: reply(handler, b"", 302, {"Location": f"/{len(peer.asked)}"})
    refused(peer.url, "in circles")
    assert len(peer.asked) == web.REDIRECTS + 1


def test_a_redirect_to_nowhere(peer):
    peer.answer = lambda handler: reply(handler, b"", 302)
    assert get(peer.url).status == 302


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "iana.org", "", "data:text/plain,x"])
def test_only_the_web(url):
    with pytest.raises(BadInput):
        get(url)


@pytest.mark.parametrize("url", ["http://", "http:///x", "http://[::1/", "http://127.0.0.1:port/"])
def test_urls_that_lead_nowhere(url):
    refused(url, "gave no answer")


def test_who_we_are():
    assert web.user_agent() == f"hb-engine/{__version__}"
    assert web.user_agent("me@example.org") == f"hb-engine/{__version__} (me@example.org)"
    assert web.user_agent("a@b", "https://x.example/") == f"hb-engine/{__version__} (+https://x.example/; a@b)"
    assert web.user_agent("", "https://x.example/") == f"hb-engine/{__version__} (+https://x.example/)"


@pytest.mark.parametrize("mail", ["nobody", "a@b\r\nX: y", "a@b (c)", "a b@c", 'a"@b', "ä@b", "a@b;c"])
def test_mail_addresses_that_break_out(mail):
    with pytest.raises(BadInput) as caught:
        web.user_agent(mail)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("status", [200, 304])
def test_good_statuses(status):
    web.refuse_errors(Answer(status, (), b""), "it", 0)


def test_bad_statuses():
    for status, kind in ((403, Unreachable), (404, Unreachable), (500, Unreachable), (302, Unreachable)):
        with pytest.raises(kind, match=str(status)):
            web.refuse_errors(Answer(status, (), b""), "it", 0)
    for status in (429, 503):
        with pytest.raises(TooSoon) as caught:
            web.refuse_errors(Answer(status, (("retry-after", "90"),), b""), "it", 0)
        assert "2 minutes" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("40", 40.0),
        (" 0 ", 0.0),
        ("", 300.0),
        ("soon", 300.0),
        ("-5", 300.0),
        ("٣", 300.0),
        ("99999999999", 86400.0),
        ("Thu, 01 Jan 1970 00:10:00 GMT", 500.0),
        ("Thu, 01 Jan 1970 00:00:10 GMT", 1.0),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 86400.0),
        ("Thu, 99 Foo 1970", 300.0),
    ],
)
def test_how_long_to_wait(text, seconds):
    assert web.wait_of(text, 100.0) == seconds


@given(st.text())
def test_any_retry_after(text):
    assert 0 <= web.wait_of(text, 1.7e9) <= web.LONGEST_WAIT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 second"), (1, "1 second"), (1.5, "2 seconds"), (60, "1 minute"), (61, "2 minutes"), (7200, "2 hours")],
)
def test_waits_in_words(seconds, words):
    assert web.spoken(seconds) == words
