"""Leaving ends the session that asks for it, and no other."""

from __future__ import annotations

from tests.faces.web import kit


def test_whoever_leaves_is_a_stranger_again():
    site = kit.site()
    with kit.client(site) as browser:
        said = browser.post("/leave", data={"csrf": kit.READER.csrf})
        assert said.status_code == 200
        assert "This browser is out" in said.text
        after = browser.get("/sessions")
        assert after.status_code == 401
        assert "hb_1703=;" in after.headers["set-cookie"]
    assert [one for one, _ in site.gate.sessions.listed()] == [kit.WRITER]


def test_nobody_is_sent_away_by_another_site():
    with kit.client(kit.site()) as browser:
        assert browser.post("/leave").status_code == 400
        form = {"csrf": kit.READER.csrf}
        assert browser.post("/leave", data=form, headers={"origin": "http://evil.example"}).status_code == 403
        assert browser.get("/leave").status_code in (404, 405)
        assert browser.get("/sessions").status_code == 200


def test_a_stranger_has_nothing_to_leave():
    with kit.client(kit.site(), None) as stranger:
        assert stranger.post("/leave", data={"csrf": ""}).status_code == 401
