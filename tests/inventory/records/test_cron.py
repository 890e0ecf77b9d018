"""Cron tables that were changed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.kit.sockets import as_nobody, needs_root

from hb_engine.inventory.linux.records import cron

NOW = time.time()


def put(root, path, at=NOW):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text("* * * * * true\n")
    os.utime(full, (at, at))


def test_the_systems_tables_and_users_own(tmp_path):
    put(tmp_path, "etc/crontab")
    put(tmp_path, "etc/cron.d/backup")
    put(tmp_path, "etc/cron.hourly/clean")
    put(tmp_path, "var/spool/cron/crontabs/deploy")
    put(tmp_path, "var/spool/cron/crontabs/tmp.x81")
    put(tmp_path, "var/spool/cron/anna")
    found, gaps = cron.events(str(tmp_path), NOW - 60)
    assert gaps == ()
    assert {(one.subject, one.user, one.text) for one in found} == {
        ("crontab", "", "/etc/crontab changed"),
        ("backup", "", "/etc/cron.d/backup changed"),
        ("clean", "", "/etc/cron.hourly/clean changed"),
        ("deploy", "deploy", "the crontab of deploy changed"),
        ("anna", "anna", "the crontab of anna changed"),
    }
    assert cron.events(str(tmp_path), time.time() + 60) == ((), ())


@pytest.mark.root
def test_tables_that_may_not_be_listed_are_a_gap():
    needs_root()
    with TemporaryDirectory() as name:  # tmp_path is root's alone
        root = Path(name)
        put(root, "var/spool/cron/crontabs/deploy")
        os.chmod(root, 0o711)  # noqa: S103 -- nobody must come as far as the folder that he may not list
        os.chmod(root / "var/spool/cron/crontabs", 0o700)
        (gap,) = as_nobody(lambda: cron.events(name, 0.0))[1]
    assert "users' cron tables" in gap.what
