"""A machine that never was, with a baseline in a folder of the test: what hb's flow is tried on."""

from __future__ import annotations

import os

from tests.baseline.seen import DB, NOW, SSH, WEB, inventory

from hb_engine.app.looking import collect, look
from hb_engine.baseline import lock
from hb_engine.model.baseline import Lock

FIRST = 'schema = "hb/1"\n\n[[role]]\nname = "web"\nhosts = ["web-*"]\n\n[[role]]\nname = "db"\nhosts = ["db-*"]\n'


class Machine:
    """What is open on it can be changed; where its baseline and its history are, is said."""

    def __init__(self, folder, monkeypatch) -> None:
        self.top = str(folder)
        self.folder = os.path.join(self.top, "hb.d")
        self.seen = inventory(SSH, WEB, DB)
        monkeypatch.setattr(look, "look", lambda *_, **__: self.seen)
        monkeypatch.setattr(collect, "collect", lambda *_, **__: self.seen)
        monkeypatch.setenv("HB_HISTORY", os.path.join(self.top, "history.db"))
        monkeypatch.delenv("HB_BASELINE", raising=False)
        monkeypatch.delenv("HB_OWNER", raising=False)
        monkeypatch.chdir(self.top)

    def opens(self, *openings, at=NOW):
        """From now on this is what is open."""
        self.seen = inventory(*openings, at=at)

    def begin(self, text=FIRST):
        """A baseline with these rules."""
        os.mkdir(self.folder)
        self.write("hb.toml", text)

    def write(self, name, text):
        """A file of the baseline."""
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        """A file of the baseline; None where there is none."""
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def lock(self):
        """What hb.lock holds."""
        path = os.path.join(self.top, "hb.lock")
        if not os.path.exists(path):
            return Lock()
        with open(path, encoding="utf-8") as file:
            return lock.parse(file.read(), path)

    def files(self):
        """Everything in the folder of the rules."""
        return sorted(os.listdir(self.folder))
