"""The unit files are ones that systemd takes, and nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from hb_engine.app.remembering import timer


def test_what_they_say():
    made = timer.timer("/usr/bin/hb")
    assert "ExecStart=/usr/bin/hb record --quiet\n" in made.service
    assert "OnCalendar=*:0/5\n" in made.timer
    assert made.cron == "*/5 * * * * root /usr/bin/hb record --quiet"
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=CAP_SYS_PTRACE", "UMask=0077"):
        assert line in made.service


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/opt/a b/hb", '"/opt/a b/hb"'),
        ("/opt/100%/hb", "/opt/100%%/hb"),
        ("/opt/$HOME/hb", "/opt/$$HOME/hb"),
        ('/opt/"x"/hb', '"/opt/\\"x\\"/hb"'),
    ],
)
def test_awkward_paths(path, written):
    assert f"ExecStart={written} record --quiet\n" in timer.timer(path).service


def test_cron_takes_a_percent_sign_for_a_line_end():
    assert timer.timer("/opt/100%/hb").cron.endswith("root /opt/100\\%/hb record --quiet")


def test_own_command_is_there(monkeypatch, tmp_path):
    assert os.path.isfile(timer.own_command())
    (tmp_path / "hb").write_text("#!/bin/sh\n")
    monkeypatch.setattr("sys.argv", [str(tmp_path / "hb"), "record"])
    assert timer.own_command() == str(tmp_path / "hb")
    monkeypatch.setattr("sys.argv", ["/nowhere/hb"])
    assert os.path.basename(timer.own_command()) == "hb"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="without systemd nobody can tell")
def test_systemd_takes_them(tmp_path):
    made = timer.timer("/bin/true")
    paths = []
    for ending, text in (("service", made.service), ("timer", made.timer)):
        paths.append(str(tmp_path / f"{made.name}.{ending}"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert made.name not in done.stderr, done.stderr
