"""Every answer says what a browser is to refuse, and nothing about who answers."""

from __future__ import annotations

import pytest

from hb_engine.faces.web.guard.headers import CSP, Cookie, guarded


def test_the_policy_lets_nothing_in_from_elsewhere():
    rules = dict(rule.split(" ", 1) for rule in CSP.split("; "))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("frame-ancestors") == "'none'"
    assert set(rules) == {"script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"}
    assert set(rules.values()) == {"'self'"}
    assert "unsafe" not in CSP


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"content-security-policy", CSP.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    ],
)
def test_what_every_answer_has(name, value):
    assert guarded([]).count((name, value)) == 1
    weaker = [(name.upper(), b"whatever")] if name != b"cache-control" else []
    assert guarded(weaker).count((name, value)) == 1
    assert (name, b"whatever") not in guarded(weaker)


def test_a_page_may_say_how_long_it_is_kept_and_nobody_who_serves_it():
    told = guarded([(b"Cache-Control", b"public, max-age=9"), (b"Server", b"x"), (b"X-Powered-By", b"y"), (b"a", b"b")])
    assert [value for name, value in told if name == b"cache-control"] == [b"public, max-age=9"]
    assert not {b"server", b"x-powered-by"} & {name for name, _ in told}
    assert (b"a", b"b") in told


def test_a_page_may_say_less_of_where_it_was_and_not_more():
    strict, loose = (b"referrer-policy", b"no-referrer"), (b"Referrer-Policy", b"unsafe-url")
    assert [pair for pair in guarded([strict]) if pair[0] == strict[0]] == [strict]
    assert [pair for pair in guarded([loose]) if pair[0] == strict[0]] == [(strict[0], b"same-origin")]


def test_the_same_header_twice_stays_twice():
    assert guarded([(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")])[:2] == [
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]


def test_a_cookie_is_for_this_site_s_eyes():
    line = Cookie("hb_1703", "secret").line(60)
    assert line == b"hb_1703=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"


def test_a_cookie_is_taken_away():
    assert Cookie("hb_1703").line(60) == b"hb_1703=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"


def test_whatever_a_page_could_ask_of_a_person_is_off():
    off = dict(guarded([]))[b"permissions-policy"].decode()
    assert all(f"{name}=()" in off for name in ("camera", "microphone", "geolocation", "usb", "serial"))
