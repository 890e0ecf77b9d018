"""Units and drop-ins that were changed, and units that were enabled."""

from __future__ import annotations

import os
import time

from hb_engine.inventory.linux.records import units

NOW = time.time()


def put(root, path, at=NOW):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text("[Service]\n")
    os.utime(full, (at, at))


def told(root, since=NOW - 60):
    found, gaps = units.events(str(root), since)
    assert gaps == ()
    return {(one.subject, one.text) for one in found}


def test_units_drop_ins_and_switches(tmp_path):
    put(tmp_path, "etc/systemd/system/backup.service")
    put(tmp_path, "etc/systemd/system/redis.service.d/listen.conf")
    put(tmp_path, "usr/lib/systemd/system/nginx.service", 1e9)  # a package put it there just now
    put(tmp_path, "usr/lib/systemd/system/notes.txt")
    (tmp_path / "etc/systemd/system/multi-user.target.wants").mkdir()
    (tmp_path / "etc/systemd/system/multi-user.target.wants/backup.service").symlink_to("/etc/x")
    assert told(tmp_path) == {
        ("backup.service", "/etc/systemd/system/backup.service changed"),
        ("redis.service", "/etc/systemd/system/redis.service.d/listen.conf changed"),
        ("nginx.service", "/usr/lib/systemd/system/nginx.service was put there"),
        ("backup.service", "backup.service was enabled for multi-user.target"),
    }
    assert told(tmp_path, time.time() + 60) == set()


def test_a_merged_usr_tells_each_unit_once(tmp_path):
    put(tmp_path, "usr/lib/systemd/system/nginx.service")
    (tmp_path / "lib").symlink_to("usr/lib")
    assert len(told(tmp_path)) == 1
