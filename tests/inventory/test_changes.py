"""Files that were changed, by their inodes."""

from __future__ import annotations

import os
import time

from hb_engine.inventory.linux import changes
from hb_engine.inventory.linux.changes import below


def put(root, path, at=None):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text("x")
    if at is not None:
        os.utime(full, (at, at))
    return full


def test_new_content_and_files_that_were_put_there(tmp_path):
    now = time.time()
    put(tmp_path, "etc/a/new.conf", now + 100)
    put(tmp_path, "etc/packaged.conf", 1e9)  # an old mtime, and a ctime of now
    found, whole = below(str(tmp_path), "etc", now - 3600)
    told = {one.path: one for one in found}
    assert whole
    assert told["etc/a/new.conf"].at == now + 100
    assert told["etc/a/new.conf"].content
    assert not told["etc/packaged.conf"].content
    assert told["etc/packaged.conf"].at >= now - 3600
    assert below(str(tmp_path), "etc", now + 50)[0] == [told["etc/a/new.conf"]]
    assert below(str(tmp_path), "etc", now + 200) == ([], True)


def test_links_are_told_and_not_followed(tmp_path):
    put(tmp_path, "elsewhere/x")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/link").symlink_to("../elsewhere")
    found, _ = below(str(tmp_path), "etc", 0.0)
    assert [(one.path, one.link) for one in found] == [("etc/link", True)]


def test_some_are_passed_over(tmp_path):
    put(tmp_path, "etc/a/x")
    put(tmp_path, "etc/b/y")
    put(tmp_path, "etc/mtab")
    assert [one.path for one in below(str(tmp_path), "etc", 0.0, ("etc/a", "etc/mtab"))[0]] == ["etc/b/y"]


def test_what_is_not_there_has_not_changed(tmp_path):
    assert below(str(tmp_path), "etc", 0.0) == ([], True)


def test_more_than_is_looked_at_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(changes, "MOST", 3)
    for at in range(5):
        put(tmp_path, f"etc/{at}")
    found, whole = below(str(tmp_path), "etc", 0.0)
    assert (len(found), whole) == (3, False)


def test_the_depth_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(changes, "DEEPEST", 2)
    put(tmp_path, "etc/1/2/3/4/x")
    put(tmp_path, "etc/1/2/y")
    assert [one.path for one in below(str(tmp_path), "etc", 0.0)[0]] == ["etc/1/2/y"]
