"""dnf's and yum's logs, and rpm's own index of install times."""

from __future__ import annotations

import os
import sqlite3
from struct import Struct

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.records import rpm

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC
LOG = """2026-11-25T11:59:57+0000 INFO --- logging initialized ---
2026-11-25T13:00:00+0100 SUBDEBUG Installed: nginx-2:1.24.0-4.el9.x86_64
2026-11-25T12:00:01+0000 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-27.el9.x86_64
2026-11-25T12:00:02+0000 SUBDEBUG Upgraded: openssl-libs-1:3.0.7-25.el9.x86_64
2026-11-25T12:00:03+0000 SUBDEBUG Erase: telnet-server-0.17-85.el9.x86_64
"""


def put(root, path, text, at=NOON + 3600):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(text)
    os.utime(full, (at, at))
    return full


def told(root, since=NOON - 60):
    return [(one.at - NOON, one.subject, one.text) for one in rpm.events(str(root), since)[0]]


def test_dnfs_log(tmp_path):
    put(tmp_path, rpm.DNF, LOG)
    assert told(tmp_path) == [
        (0.0, "nginx", "nginx installed 2:1.24.0-4.el9"),
        (1.0, "openssl-libs", "openssl-libs upgraded to 1:3.0.7-27.el9"),
        (3.0, "telnet-server", "telnet-server removed"),
    ]
    assert told(tmp_path, NOON + 2) == [(3.0, "telnet-server", "telnet-server removed")]


def test_yums_log_has_no_years(tmp_path):
    put(
        tmp_path, rpm.YUM, "Nov 25 12:00:00 Updated: nginx-1.20.1-10.el7.x86_64\nDec 30 12:00:00 Erased: x-1-1.noarch\n"
    )
    assert told(tmp_path) == [(0.0, "nginx", "nginx upgraded to 1.20.1-10.el7")]


def header(name, version, at):
    """The bytes of a package's header with what is asked of it."""
    entries, data = [], b""
    for tag, text in ((1000, name), (1001, version), (1002, "1.el9")):
        entries.append((tag, 6, len(data), 1))
        data += text.encode() + b"\0"
    data += bytes(-len(data) % 4)
    entries.append((1008, 4, len(data), 1))
    data += Struct("!I").pack(at)
    index = b"".join([Struct("!iIiI").pack(*entry) for entry in entries])
    return Struct("!II").pack(len(entries), len(data)) + index + data


def test_without_logs_the_database_tells_what_was_installed_when(tmp_path):
    path = put(tmp_path, rpm.DATABASES[1], "")
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)")
        made.execute("CREATE TABLE Installtid (key INTEGER, hnum INTEGER, idx INTEGER)")
        for number, (name, at) in enumerate((("old", NOON - 9e6), ("nginx", NOON))):
            made.execute("INSERT INTO Packages VALUES (?, ?)", (number, header(name, "1.24", int(at))))
            made.execute("INSERT INTO Installtid VALUES (?, ?, 0)", (int(at), number))
    made.close()
    assert told(tmp_path) == [(0.0, "nginx", "nginx installed 1.24-1.el9")]


def test_a_database_that_is_broken_is_a_gap(tmp_path):
    put(tmp_path, rpm.DATABASES[0], "no database at all" * 100)
    found, (gap,) = rpm.events(str(tmp_path), 0.0)
    assert found == ()
    assert "rpm -qa --last" in gap.remedy


@given(st.lists(st.sampled_from(LOG.split()), max_size=30).map(" ".join) | st.text(max_size=120))
def test_no_log_breaks_it(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("root")
    put(root, rpm.DNF, text.encode("utf-8", "replace").decode())
    put(root, rpm.YUM, text.encode("utf-8", "replace").decode())
    rpm.events(str(root), 0.0)
