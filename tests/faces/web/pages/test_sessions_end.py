"""Another browser's session is ended by somebody who may decide, and by nobody else."""

from __future__ import annotations

import pytest
from tests.faces.web import kit


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
def test_nobody_else_does(by, status):
    site = kit.site()
    assert ended(site, by, kit.WRITER.name) == status
    assert len(site.gate.sessions.listed()) == 2


@pytest.mark.parametrize("name", ["", "x", kit.READER.digest, kit.SECRETS[kit.READER], "a" * 4000])
def test_what_is_no_session_ends_none(name):
    site = kit.site()
    assert ended(site, kit.WRITER, name) == 303
    assert len(site.gate.sessions.listed()) == 2
