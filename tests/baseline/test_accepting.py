"""A wish becomes the rule that says it, or is refused with what to do instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.seen import DAY, DB, NOW, SSH, WEB, opening, owner

from hb_engine.baseline import accepting, blocks
from hb_engine.baseline.accepting import Wish
from hb_engine.model.baseline import Listen
from hb_engine.model.errors import BadInput
from hb_engine.model.opening import Netns, Registered, Unowned
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

WISH = Wish("front end", "web")
GONE = Reason("deleted-executable", "high", "it runs a deleted file")
OPEN = Reason("private-service-public", "high", "everyone can reach it")


def test_a_wish_becomes_a_rule():
    rule = accepting.rule_of(WEB, replace(WISH, until=int(NOW) + 60, accepts=("writable-path",)), NOW)
    assert blocks.block(rule) == (
        '[[allow]]\nid = "nginx-443"\nlisten = "tcp/443 on public"\nby = "unit:nginx.service and pkg:nginx"\n'
        'why = "front end"\nowner = "web"\naccepted = 2026-11-22\nuntil = 2026-11-22T14:06:11Z\n'
        'accepts = "writable-path"\n'
    )
    rule = accepting.rule_of(DB, replace(WISH, scope="private", host="db-1", review=20_000 * 86400 - 1), NOW, {"x"})
    assert (rule.listen[0].scope, rule.host, rule.level, rule.review) == ("private", "db-1", "host", 20_000 * 86400 - 1)


def test_what_is_forbidden_is_forbidden_to_everybody():
    rule = accepting.rule_of(WEB, replace(WISH, kind="forbid"), NOW)
    assert "by =" not in blocks.block(rule)
    assert '[[forbid]]\nid = "nginx-443"\nlisten = "tcp/443"\n' in blocks.block(rule)
    assert (
        accepting.rule_of(WEB, replace(WISH, kind="forbid", scope="private"), NOW).listen[0].text
        == "tcp/443 on private"
    )
    away = replace(WEB, netns=Netns(7, "", "container"))
    assert accepting.rule_of(away, replace(WISH, kind="forbid"), NOW).listen[0].text == "tcp/443 on netns:container"
    rule = accepting.rule_for((Listen("tcp", 23, 23),), replace(WISH, kind="forbid"), NOW, {"no-23"})
    assert (rule.id, rule.why, rule.owner) == ("no-23-2", "front end", "web")


def test_nobody_known_is_nobody_allowed():
    with pytest.raises(BadInput, match="tcp 443 is not known") as told:
        accepting.rule_of(opening(443, unowned=Unowned("not-permitted")), WISH, NOW)
    assert "as root" in told.value.remedy
    with pytest.raises(BadInput) as told:
        accepting.rule_of(opening(443, unowned=Unowned("not-found")), WISH, NOW)
    assert "hb why" in told.value.remedy
    assert accepting.rule_of(opening(443, unowned=Unowned("not-found")), replace(WISH, kind="forbid"), NOW)


@pytest.mark.parametrize(
    ("length", "day", "seconds"),
    [("8h", "", 8 * 3600), ("14d", "", 14 * 86400), ("", "", None)],
)
def test_when_it_ends(length, day, seconds):
    assert accepting.end_of(length, day, NOW) == (None if seconds is None else int(NOW) + seconds)


def test_a_day_is_over_when_it_is_over():
    assert accepting.end_of("", "2026-11-22", NOW) == 1795392000 - 1
    assert accepting.end_of("", "2026-11-22T15:00:00Z", NOW) == 1795359600
    assert accepting.review_of("180d", NOW) == int((NOW + 180 * DAY) // DAY * DAY + DAY - 1)
    assert accepting.review_of("2027-06-30", NOW) == 1814399999
    assert accepting.review_of("", NOW) is None


@pytest.mark.parametrize(
    ("length", "day", "words"),
    [
        ("0h", "", "--for: '0h' is no length"),
        ("8", "", "'8' of what"),
        ("soon", "", "--for: .*soon"),
        ("", "2026-11-21", "--until 2026-11-21 is past"),
        ("", "2026-11-22T14:00:00Z", "is past"),
        ("", "2026-02-30", "--until: there is no day 30"),
        ("", "8h", "--until: "),
        ("8h", "2026-12-01", "both say when it ends"),
    ],
)
def test_ends_that_are_none(length, day, words):
    with pytest.raises(BadInput, match=words) as told:
        accepting.end_of(length, day, NOW)
    assert told.value.remedy


@given(st.text(max_size=30))
def test_no_text_is_a_time_but_a_time(text):
    for ask in (
        lambda: accepting.end_of(text, "", NOW),
        lambda: accepting.end_of("", text, NOW),
        lambda: accepting.review_of(text, NOW),
    ):
        try:
            found = ask()
        except BadInput as error:
            assert str(error)  # noqa: PT017 - most texts raise, some do not
        else:
            assert (found is None) == (text == "")
            assert found is None or found > NOW


LOOPBACK = opening(443, owner(), scope="loopback")
UDP = opening(443, owner("/usr/bin/caddy", "caddy", "caddy.service"), transport="udp")


def test_one_opening_is_meant():
    seen = [SSH, WEB, LOOPBACK, UDP]
    assert accepting.meant(WEB.key, seen) == WEB
    assert accepting.meant(UDP.thread, seen) == UDP
    assert accepting.meant("22", seen) == SSH
    assert accepting.meant("udp/443", seen) == UDP
    assert accepting.meant("udp 443", seen) == UDP
    assert accepting.meant("tcp/23", seen) is None
    assert accepting.meant("apache2", seen) is None
    assert accepting.meant("tcp/443", seen, {WEB.key}) == LOOPBACK


def test_one_opening_is_meant_by_who_holds_it():
    seen = [SSH, WEB, UDP, replace(opening(8081), registered=(Registered("tproxy"),))]
    for name in ("nginx", "NGINX", "nginx.service", "/usr/sbin/nginx"):
        assert accepting.meant(name, seen) == WEB
    assert accepting.meant("caddy", seen) == UDP
    assert accepting.meant("tproxy", seen) == accepting.meant("tcp/tproxy", seen) == seen[-1]
    assert accepting.meant("udp/tproxy", seen) is None
    assert accepting.meant("ngin", seen) is None
    assert accepting.meant("", seen) is None
    with pytest.raises(BadInput, match="nginx is 2 openings"):
        accepting.meant("nginx", [WEB, LOOPBACK])


def test_where_several_are_meant_their_keys_are_told():
    with pytest.raises(BadInput, match="tcp/443 is 2 openings") as told:
        accepting.meant("tcp/443", [SSH, WEB, LOOPBACK, UDP])
    assert WEB.key in told.value.remedy
    assert LOOPBACK.key in told.value.remedy
    with pytest.raises(BadInput, match="2 openings"):
        accepting.meant("tcp/443", [WEB, LOOPBACK], {WEB.key, LOOPBACK.key})


def test_keys_can_be_typed_as_they_are_shown():
    odd = opening(9, owner("/opt/\udcff", None, None))
    assert accepting.meant("tcp/public/9/exe:/opt/\\xff/host", [odd, WEB]) == odd


def test_what_is_suspicious_is_accepted_by_name_only():
    lasting, names = {"deleted-executable"}, {"deleted-executable", "private-service-public"}
    odd = replace(WEB, verdict=Judgement("high", (GONE, OPEN)))
    with pytest.raises(BadInput, match="deleted file") as told:
        accepting.refuse(odd, WISH, lasting, names)
    assert "--accepts deleted-executable" in told.value.remedy
    accepting.refuse(odd, replace(WISH, accepts=("deleted-executable",)), lasting, names)
    accepting.refuse(replace(WEB, verdict=Judgement("high", (OPEN,))), WISH, lasting, names)
    accepting.refuse(odd, replace(WISH, kind="forbid"), lasting, names)
    accepting.refuse(WEB, WISH, lasting, names)
    remark = replace(GONE, severity="info")  # hb check does not tell it either
    accepting.refuse(replace(WEB, verdict=Judgement("quiet", (remark,))), WISH, lasting, names)


def test_no_word_makes_a_hidden_opening_quiet():
    hidden = replace(WEB, flags=("hidden",))
    with pytest.raises(BadInput, match="is hidden"):
        accepting.refuse(hidden, replace(WISH, accepts=("x",)), (), {"x"})
    accepting.refuse(hidden, replace(WISH, kind="forbid"), (), ())


def test_rules_that_there_are_not_cannot_be_accepted():
    with pytest.raises(BadInput, match="no rule 'writable-pth'") as told:
        accepting.refuse(WEB, replace(WISH, accepts=("writable-pth",)), (), {"writable-path"})
    assert "writable-path" in told.value.remedy


@pytest.mark.parametrize(
    ("name", "file"), [("", "accepted.toml"), ("web", "web.toml"), ("web.toml", "web.toml"), ("a.b.toml", "a.b.toml")]
)
def test_files(name, file):
    assert accepting.file_of(name) == file


@pytest.mark.parametrize("name", ["../x.toml", "a/b", ".toml", ".x.toml", "web.yaml", "a\\b", "/etc/passwd"])
def test_names_that_are_no_files_of_the_folder(name):
    with pytest.raises(BadInput) as told:
        accepting.file_of(name)
    assert told.value.remedy
