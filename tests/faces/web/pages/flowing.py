"""The way from a card to a written rule, as a browser goes it."""

from __future__ import annotations

from tests.baseline.seen import WEB
from tests.faces.web.pages import forms

from hb_engine.faces.web.addresses import short

ID = short(WEB.key)
GOOD = {"decision": "allow", "why": "front end", "owner": "team-web"}


def draft(browser, id_=ID, **words):
    """The answer to a card's form, filled in."""
    fields = forms.fields(browser.get(f"/drift/{id_}"), f"/drift/{id_}")
    return browser.post(f"/drift/{id_}", data={**fields, **GOOD, **words})


def decide(browser, id_=ID, **words):
    """The answer to a draft's form."""
    fields = forms.fields(draft(browser, id_, **words), f"/drift/{id_}/decision")
    return browser.post(f"/drift/{id_}/decision", data=fields, follow_redirects=False)
