"""A desk without its process: a machine that never was, its baseline in a folder, and what the pages would ask."""

from __future__ import annotations

import os

from tests.app.flow import Machine
from tests.baseline.seen import HOST, WEB

from hb_engine.app.hub import deciding
from hb_engine.app.hub.questions import Place, load
from hb_engine.app.looking import look

WRITING = Place(writing=True)


class Desk(Machine):
    """A machine, and questions about it that are answered here."""

    def __init__(self, folder, monkeypatch) -> None:
        super().__init__(folder, monkeypatch)
        monkeypatch.setattr(look, "look", lambda *_, **__: self.seen)
        self.audit = os.path.join(self.top, "audit.ndjson")
        monkeypatch.setenv("HB_AUDIT", self.audit)
        os.chmod(self.top, 0o700)
        self.place = WRITING

    def ask(self, question, **words):
        """The answer to a question."""
        return load(question)[1](self.place, **words)

    def wish(self, opening=WEB, **words):
        """What a form would say of an opening."""
        usual = {
            "key": opening.key, "host": HOST.name, "seen": deciding.fingerprint(opening), "decision": "allow",
            "why": "front end", "owner": "team-web",
        }  # fmt: skip
        return {**usual, **words}

    def draft(self, opening=WEB, **words):
        """A draft of it."""
        return self.ask("draft", **self.wish(opening, **words))

    def confirmed(self, draft, ticket="t1"):
        """What the form of a draft would say."""
        one = draft.asked
        names = ("key", "host", "seen", "decision", "why", "owner", "until", "days", "review", "only", "scope", "file")
        told = {name: getattr(one, name) for name in names}
        return {
            **told,
            "accepts": list(one.accepts),
            "mark": draft.mark,
            "ticket": ticket,
            "user": "alice",
            "uid": 1000,
        }

    def decide(self, opening=WEB, ticket="t1", **words):
        """An opening decided."""
        return self.ask("decide", **self.confirmed(self.draft(opening, **words), ticket))
