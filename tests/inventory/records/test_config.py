"""Files of configuration that were changed, and the packages that they belong to."""

from __future__ import annotations

import os
import time

from hb_engine.inventory.linux import changes
from hb_engine.inventory.linux.records import config

NOW = time.time()


def put(root, path, text="x", at=NOW):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(text)
    os.utime(full, (at, at))


def told(root):
    return {(one.subject, one.text) for one in config.events(str(root), NOW - 60)[0]}


def test_changed_files_and_their_packages(tmp_path):
    put(tmp_path, "etc/nginx/nginx.conf")
    put(tmp_path, "etc/nginx/sites-enabled/shop")
    put(tmp_path, "etc/redis/redis.conf", at=1e9)
    put(tmp_path, f"{config.INFO}/nginx-common.conffiles", "/etc/nginx/nginx.conf\n/etc/init.d/nginx\n")
    put(tmp_path, f"{config.INFO}/redis:amd64.conffiles", "/etc/redis/redis.conf\n")
    assert told(tmp_path) == {
        ("nginx-common", "/etc/nginx/nginx.conf changed"),
        ("", "/etc/nginx/sites-enabled/shop changed"),
        ("redis", "/etc/redis/redis.conf was put there, or got other rights"),
    }


def test_what_machines_write_by_themselves_and_what_others_tell_is_left_out(tmp_path):
    for name in ("resolv.conf", "ld.so.cache", "systemd/system/x.service", "cron.d/x", "ssl/certs/a.pem", "passwd-"):
        put(tmp_path, f"etc/{name}")
    for name in ("nginx.conf.dpkg-old", "nginx.conf~", ".nginx.conf.swp"):
        put(tmp_path, f"etc/nginx/{name}")
    (tmp_path / "etc/nginx/link").symlink_to("nginx.conf")
    assert told(tmp_path) == set()


def test_more_files_than_are_looked_at_are_a_gap(tmp_path, monkeypatch):
    monkeypatch.setattr(changes, "MOST", 2)
    for at in range(4):
        put(tmp_path, f"etc/x/{at}")
    (gap,) = config.events(str(tmp_path), 0.0)[1]
    assert gap.what == "some changes below /etc"
