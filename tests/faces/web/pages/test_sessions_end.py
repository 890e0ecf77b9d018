"""Who ends another browser's session: whoever may decide; who looks, those of the same user that only look too."""

from __future__ import annotations

import pytest
from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.faces.web.guard.sessions import Session, Sessions, digest
from hb_engine.faces.web.pages.sessions_end import may_end

THIEF = Session(digest("thief"), "read", kit.READER.uid, "t", "root", NOW)


def ended(site, by, name):
    """The status of asking for an end, with the right token."""
    with kit.client(site, by) as browser:
        form = {"csrf": by.csrf if by else "", "session": name}
        return browser.post("/sessions/end", data=form, follow_redirects=False).status_code


def test_a_writer_ends_it_and_is_led_back():
    site = kit.site()
    assert ended(site, kit.WRITER, kit.READER.name) == 303
    assert [one for one, _ in site.gate.sessions.listed()] == [kit.WRITER]
    assert ended(site, kit.WRITER, kit.READER.name) == 303  # it has ended: that was wanted


@pytest.mark.parametrize(("by", "status"), [(kit.READER, 403), (None, 401)])
def test_who_only_looks_ends_nobody_who_decides_and_a_stranger_nobody(by, status):
    site = kit.site()
    assert ended(site, by, kit.WRITER.name) == status
    assert len(site.gate.sessions.listed()) == 2


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        ((0, "write"), (1000, "write"), True),
        ((0, "write"), (None, "read"), True),
        ((0, "read"), (0, "read"), True),
        ((None, "read"), (None, "read"), True),  # users are not told apart here
        ((0, "read"), (0, "write"), False),
        ((0, "read"), (1000, "read"), False),
        ((1000, "read"), (0, "read"), False),
        ((1000, "read"), (None, "read"), False),
    ],
)
def test_who_may_end_whom(own, other, may):
    made = [Session(digest(f"secret {place}"), right, uid) for place, (uid, right) in enumerate((own, other))]
    assert may_end(*made) is may
    assert not may_end(None, made[1])


def test_who_looks_ends_a_session_of_the_same_user_that_looks_and_keeps_their_own():
    site = kit.site()
    site.gate.sessions = Sessions((kit.READER, kit.WRITER, THIEF))
    assert ended(site, kit.READER, THIEF.name) == 303
    assert {one for one, _ in site.gate.sessions.listed()} == {kit.READER, kit.WRITER}


@pytest.mark.parametrize("name", ["", "x", kit.READER.digest, kit.SECRETS[kit.READER], "a" * 4000])
def test_what_is_no_session_ends_none(name):
    site = kit.site()
    assert ended(site, kit.WRITER, name) == 303
    assert len(site.gate.sessions.listed()) == 2
