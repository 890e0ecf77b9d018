"""The gate before a real server: links, cookies, users, awkward requests; every answer with its headers."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from tests.faces.web.guard.served import Served, echo

from hb_engine.faces.web.guard import gate as room
from hb_engine.faces.web.guard.gate import PAUSE, Gate, check_token, cookies
from hb_engine.faces.web.guard.links import Links
from hb_engine.faces.web.guard.owners import NOBODY
from hb_engine.faces.web.guard.requests import BODY, Headers
from hb_engine.faces.web.guard.sessions import Session
from hb_engine.model.errors import BadInput


async def at_once(_seconds):
    return


@pytest.fixture(scope="module")
def server():
    with Served() as found:
        yield found


@pytest.fixture
def fresh():
    """A server of one test's own."""
    with Served() as found:
        yield found


def come_in(server, right="read", *headers):
    """A session by a link: the cookie's name and value."""
    said = server.ask(f"/enter/{server.gate.links.give(right)}", headers=headers)
    assert said.status == 303
    return said["set-cookie"].partition(";")[0]


# -- links


def test_a_link_lets_one_browser_in(server):
    token = server.gate.links.give("write")
    said = server.ask(f"/enter/{token}")
    assert (said.status, said["location"], said.body) == (303, "/", b"")
    assert said["referrer-policy"] == "no-referrer"
    name, _, rest = said["set-cookie"].partition("=")
    assert name == f"hb_{server.port}"
    assert rest.endswith("; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax")
    assert token not in repr(said.headers)
    cookie = f"{name}={rest.partition(';')[0]}"
    assert server.ask("/ports/1703", headers=[("Cookie", cookie)]).json["right"] == "write"


def test_the_link_is_used_up_and_the_application_never_sees_it(server):
    token = server.gate.links.give("read")
    server.ask(f"/enter/{token}")
    for path, why in (
        (token, "used"),
        ("nothing-that-there-is", "unknown"),
        ("%2e%2e/x?token=y", "unknown"),
        ("", "unknown"),
    ):
        said = server.ask(f"/enter/{path}")
        assert (said.status, said["location"], said["set-cookie"]) == (303, f"/enter/{why}", "")
        assert said["referrer-policy"] == "no-referrer"
        assert server.ask(said["location"]).json["path"] == f"/enter/{why}"


def test_a_browser_that_is_in_already_is_led_home_by_its_used_link(server):
    token = server.gate.links.give("read")
    cookie = server.ask(f"/enter/{token}")["set-cookie"].partition(";")[0]
    said = server.ask(f"/enter/{token}", headers=[("Cookie", cookie)])
    assert (said.status, said["location"], said["set-cookie"]) == (303, "/", "")


def test_a_browser_has_one_session(fresh):
    before = come_in(fresh, "read")
    after = come_in(fresh, "write", ("Cookie", before))
    assert fresh.ask(headers=[("Cookie", before)]).json["user"] is None
    assert fresh.ask(headers=[("Cookie", after)]).json["right"] == "write"
    assert len(fresh.gate.sessions.listed()) == 1


@pytest.mark.parametrize(
    "headers", [[("Sec-Purpose", "prefetch")], [("Sec-Purpose", "prefetch;prerender")], [("Purpose", "prefetch")]]
)
def test_a_browser_that_fetches_ahead_does_not_use_it_up(server, headers):
    token = server.gate.links.give("read")
    said = server.ask(f"/enter/{token}", headers=headers)
    assert said.status == 503
    assert b"still good" in said.body
    assert server.ask(f"/enter/{token}").status == 303


def test_head_does_not_use_it_up_and_post_neither(server):
    token = server.gate.links.give("read")
    assert server.ask(f"/enter/{token}", "HEAD").status == 503
    assert server.ask(f"/enter/{token}", "POST", [("Origin", server.url)]).status == 503
    assert server.ask(f"/enter/{token}").status == 303


@pytest.mark.parametrize(("accepted", "location"), [("de-AT,en;q=0.5", "/de"), ("ja", "/ja"), ("pl", "/"), ("", "/")])
def test_the_first_page_is_in_the_browser_s_language(server, accepted, location):
    token = server.gate.links.give("read")
    asked = [("Accept-Language", accepted)]
    assert server.ask(f"/enter/{token}", headers=asked)["location"] == location
    again = server.ask(f"/enter/{token}", headers=asked)["location"]
    assert again == f"{location.rstrip('/')}/enter/used"


def test_behind_a_tunnel_the_cookie_has_the_tunnel_s_port(server):
    token = server.gate.links.give("read")
    said = server.ask(f"/enter/{token}", host="localhost:9991")
    cookie = said["set-cookie"].partition(";")[0]
    assert cookie.startswith("hb_9991=")
    assert server.ask(host="localhost:9991", headers=[("Cookie", cookie)]).json["right"] == "read"
    assert server.ask(headers=[("Cookie", cookie)]).json["right"] is None


def test_wrong_links_wait_and_right_ones_do_not():
    waited = []

    async def pause(seconds):
        waited.append(seconds)

    with Served(gate=Gate(pause=pause)) as server:
        for number in range(5):
            server.ask(f"/enter/{number}")
        assert waited == [PAUSE] * 5
        assert server.gate.wrong == 5
        come_in(server)
        assert waited == [PAUSE] * 5


# -- cookies


def test_a_cookie_that_is_none_any_more_is_taken_away(fresh):
    cookie = come_in(fresh)
    [(session, _)] = fresh.gate.sessions.listed()
    assert fresh.gate.sessions.end(session.name)
    said = fresh.ask(headers=[("Cookie", cookie)])
    assert said.json["user"] is None
    assert said["set-cookie"].startswith(f"hb_{fresh.port}=; Path=/; Max-Age=0")


def test_another_port_s_cookie_of_our_name_gets_nobody_out(server):
    cookie = come_in(server)
    name = f"hb_{server.port}"
    for crowd in (f"{name}=x; {cookie}", f"{cookie}; {name}=x; other=1", f"{name}={'y' * 50};{name}=;{cookie}"):
        assert server.ask(headers=[("Cookie", crowd)]).json["right"] == "read"


def test_another_user_s_session_beside_one_s_own_gets_nobody_out():
    whose, server = owned()
    with server:
        theirs = come_in(server)
        whose[0] = 1001
        own = come_in(server, "write")
        for crowd in (f"{theirs}; {own}", f"{own}; {theirs}"):
            assert server.ask(headers=[("Cookie", crowd)]).json["right"] == "write"
        assert server.ask(headers=[("Cookie", theirs)]).status == 403


def test_cookies_of_many_shapes():
    headers = Headers([(b"cookie", b'a=1; b="2"; a=3;a; =x; a =4;'), (b"cookie", b"a=5")])
    assert cookies(headers, "a") == ("1", "3", "", "5")
    assert cookies(Headers([(b"cookie", b"a=1;" * 100)]), "a") == ("1",) * 8


# -- users


def owned(links=None):
    """A server where each connection's user is chosen by the test."""
    whose = [1000]
    return whose, Served(gate=Gate(links=links, pause=at_once), owner=lambda *_: whose[0])


def test_a_session_is_its_user_s():
    whose, server = owned()
    with server:
        cookie = come_in(server)
        assert server.ask(headers=[("Cookie", cookie)]).json["right"] == "read"
        whose[0] = 1001
        said = server.ask(headers=[("Cookie", cookie)])
        assert said.status == 403
        assert b"another user" in said.body
        assert said["set-cookie"] == ""
        whose[0] = 0  # root could read it all anyhow; a relay that belongs to root could be anybody's
        assert server.ask(headers=[("Cookie", cookie)]).status == 403
        whose[0] = 1000
        assert server.ask(headers=[("Cookie", cookie)]).json["right"] == "read"


def test_whom_links_are_not_for_sees_nothing_at_all():
    whose, server = owned(Links(frozenset((0, 1000))))
    with server:
        token = server.gate.links.give("read")
        whose[0] = 1001
        for path in (f"/enter/{token}", "/", "/assets/x/hb.css"):
            said = server.ask(path)
            assert said.status == 403
            assert said["connection"] == "close"
        whose[0] = NOBODY
        assert b"could not be found out" in server.ask(f"/enter/{token}").body
        whose[0] = 1000
        assert server.ask(f"/enter/{token}").status == 303


def test_a_cookie_is_no_use_where_nobody_is_known():
    whose, server = owned()
    with server:
        cookie = come_in(server)
        whose[0] = NOBODY
        assert server.ask(headers=[("Cookie", cookie)]).status == 403


def test_where_users_are_not_told_apart_the_token_counts():
    whose, server = owned(Links(frozenset((0, 1000))))
    whose[0] = None
    with server:
        cookie = come_in(server)
        assert server.ask(headers=[("Cookie", cookie)]).json["right"] == "read"


# -- awkward requests


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:1703", "web-17"])
def test_a_name_that_leads_here_for_a_moment_gets_a_page_that_says_so(server, host):
    cookie = come_in(server)
    said = server.ask(host=host, headers=[("Cookie", cookie)])
    assert said.status == 421
    assert b"not served under that name" in said.body
    assert b"evil" not in said.body


AWKWARD = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "no host, HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n", 400),
    "two hosts, the same": (b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", 400),
    "absolute form": (b"GET http://HOST/ HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "absolute form of another": (b"GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "authority form": (b"CONNECT evil.example:80 HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "asterisk form": (b"OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "TRACE": (b"TRACE / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
    "DELETE": (b"DELETE / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "bytes that are no text": (b"GET /\xff\xfe HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "a huge line": (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
    "a huge header": (b"GET / HTTP/1.1\r\nHost: HOST\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", 400),
    "a thousand headers": (b"GET / HTTP/1.1\r\nHost: HOST\r\n" + b"a: b\r\n" * 1000 + b"\r\n", 400),
    "a folded header": (b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\r\n b\r\nHost : x\r\n\r\n", 400),
    "a line feed in a header": (b"GET / HTTP/1.1\r\nHost: HOST\r\nX: a\nHost: evil.example\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a length and chunks": (
        (
            b"POST / HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Length: 3\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        400,
    ),
    "an upgrade": (b"GET / HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
    "a query of 20 kB": (b"GET /?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n", 200),
    "an empty form of another": (b"POST / HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.example\r\n\r\n", 403),
}


@pytest.mark.parametrize(("sent", "status"), AWKWARD.values(), ids=AWKWARD)
def test_awkward_requests(server, sent, status):
    said = server.raw(sent.replace(b"HOST", server.host.encode()))
    assert said.status == status
    assert said["content-security-policy"].startswith("default-src 'none'")
    assert said["x-content-type-options"] == "nosniff"
    assert said["cache-control"] == "no-store"
    assert said["server"] == ""
    assert server.ask().status == 200  # others are still answered


def test_chunks_are_a_body_too_and_their_trailers_are_no_headers(server):
    head = f"POST / HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nTransfer-Encoding: chunked\r\n\r\n"
    cookie = come_in(server)
    whole = f"{head}3\r\nabc\r\n2\r\nde\r\n0\r\nCookie: {cookie}\r\nHost: evil.example\r\n\r\n"
    said = server.raw(whole.encode())
    assert said.status == 200
    assert (said.json["body"], said.json["user"]) == (5, None)


def test_a_body_that_says_it_is_too_large(server):
    said = server.raw(
        f"POST / HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nContent-Length: {BODY + 1}\r\n\r\n".encode()
    )
    assert said.status == 413


def test_a_body_that_grows_too_large(server):
    head = f"POST / HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    fits = BODY // 0x8000
    assert server.raw(head.encode() + part * fits + b"0\r\n\r\n").json["body"] == BODY
    assert server.raw(head.encode() + part * (fits + 1)).status == 413


def test_a_body_that_never_comes(server, monkeypatch):
    monkeypatch.setattr(room, "SLOWEST", 0.01)
    head = f"POST / HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nContent-Length: 9\r\n\r\nabc"
    said = server.raw(head.encode())
    assert said.status == 408
    assert said["connection"] == "close"


def test_requests_in_one_piece_are_answered_in_their_order(server):
    cookie = come_in(server)
    one = f"GET /%d HTTP/1.1\r\nHost: {server.host}\r\n%s\r\n"
    sent = one % (1, "") + one % (2, f"Cookie: {cookie}\r\n") + one % (3, "")
    first, second, third = server.answers(sent.encode(), 3)
    assert [said.json["path"] for said in (first, second, third)] == ["/1", "/2", "/3"]
    assert [said.json["right"] for said in (first, second, third)] == [None, "read", None]


def test_what_comes_behind_a_refused_request_is_not_read(server):
    wrong = b"POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 60\r\n\r\n"
    hidden = f"GET /hidden HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
    first, second = server.answers(wrong + hidden, 2)
    assert (first.status, second.status) == (421, 0)


def test_head_is_get_without_its_body(server):
    said = server.raw(f"HEAD /x HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
    assert (said.status, said.body, said["content-type"]) == (200, b"", "application/json")


async def stream(scope, receive, send):
    """An answer without an end."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    while True:
        await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
        await asyncio.sleep(0.001)


def test_head_of_a_stream_ends_it():
    with Served(stream) as server:
        said = server.raw(f"HEAD / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
        assert said["content-type"] == "text/event-stream"
        assert said["content-security-policy"]


async def broken(scope, receive, send):
    """An application with a fault."""
    raise ZeroDivisionError


def test_a_fault_behind_the_gate_is_an_answer_and_not_a_traceback(capsys):
    with Served(broken) as server:
        said = server.ask()
        assert said.status == 500
        assert b"Zero" not in said.body
        assert said["content-security-policy"].startswith("default-src 'none'")
        assert server.raw(f"HEAD / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()).status == 500
    assert capsys.readouterr().err.count("Traceback") == 2


async def half(scope, receive, send):
    """An application with a fault in the middle of an answer."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise ZeroDivisionError


def test_half_an_answer_is_never_taken_for_the_whole(capsys):
    with Served(half) as server:
        assert server.ask().body == b"half"  # and the connection ends
        assert server.ask().status == 200
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_sockets_of_the_web_are_closed():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Gate().before(echo)({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_whatever_is_neither_goes_through():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(Gate().before(app)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


def test_whoever_leaves_in_the_middle_of_a_body_is_no_fault_to_tell_of(capsys):
    left = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return left.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:1703"), (b"origin", b"http://127.0.0.1:1703"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "state": {}}
    seen = []

    async def app(scope, receive, send):
        try:
            while True:
                seen.append((await receive())["type"])
        except Exception:
            seen.append("caught")
            raise

    asyncio.run(Gate().before(app)(scope, receive, send))
    assert (seen, sent, capsys.readouterr().err) == (["http.request"], [], "")


# -- forms


class Sent:
    """A request's headers."""

    def __init__(self, token="") -> None:
        self.headers = {"x-hb-csrf": token} if token else {}


def test_a_form_carries_its_session_s_token():
    session = Session("d", "read", 0, "token")
    check_token(session, {"csrf": "token"}, Sent())
    check_token(session, {}, Sent("token"))


@pytest.mark.parametrize(
    ("session", "form", "header"),
    [
        (Session("d", "read", 0, "token"), {}, ""),
        (Session("d", "read", 0, "token"), {"csrf": "tokem"}, "token"),
        (Session("d", "read", 0, "token"), {"csrf": "t\u00f6ken"}, ""),
        (Session("d", "read", 0, ""), {"csrf": ""}, ""),
        (None, {"csrf": "token"}, "token"),
        (None, {}, ""),
    ],
)
def test_any_other_form_is_refused(session, form, header):
    with pytest.raises(BadInput) as raised, contextlib.nullcontext():
        check_token(session, form, Sent(header))
    assert "Load the page again" in raised.value.remedy
