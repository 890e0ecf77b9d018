"""apk keeps no log: only when its database was written is known."""

from __future__ import annotations

import os

from hb_engine.inventory.linux.records import apk


def test_that_packages_changed_and_not_which(tmp_path):
    full = tmp_path / apk.DATABASES[1]
    full.parent.mkdir(parents=True)
    full.write_text("")
    os.utime(full, (5000, 5000))
    (event,), gaps = apk.events(str(tmp_path), 4000.0)
    assert (event.at, event.kind, event.subject, gaps) == (5000.0, "package", "", ())
    assert event.source == "/lib/apk/db/installed"
    assert apk.events(str(tmp_path), 5001.0) == ((), ())
