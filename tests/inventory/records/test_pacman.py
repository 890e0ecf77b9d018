"""pacman's log."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.records import pacman

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC
LOG = """[2026-11-25T12:59:59+0100] [PACMAN] Running 'pacman -Syu'
[2026-11-25T13:00:00+0100] [ALPM] transaction started
[2026-11-25T13:00:01+0100] [ALPM] upgraded nginx (1.26.2-1 -> 1.26.2-2)
[2026-11-25T13:00:02+0100] [ALPM] installed redis (7.2.6-1)
[2026-11-25T13:00:03+0100] [ALPM] removed telnet (1-1)
[2026-11-25T13:00:04+0100] [ALPM-SCRIPTLET] upgraded nothing (1)
"""


def put(root, text):
    full = root / pacman.LOG
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(text)
    os.utime(full, (NOON + 3600, NOON + 3600))


def test_what_changed(tmp_path):
    put(tmp_path, LOG)
    found, gaps = pacman.events(str(tmp_path), NOON)
    assert gaps == ()
    assert [(one.at - NOON, one.subject, one.text) for one in found] == [
        (1.0, "nginx", "nginx upgraded 1.26.2-1 -> 1.26.2-2"),
        (2.0, "redis", "redis installed 7.2.6-1"),
        (3.0, "telnet", "telnet removed 1-1"),
    ]
    assert pacman.events(str(tmp_path), NOON + 100) == ((), ())


def test_a_machine_of_pacman_without_a_log_says_so(tmp_path):
    (tmp_path / pacman.DATABASE).mkdir(parents=True)
    (gap,) = pacman.events(str(tmp_path), 0.0)[1]
    assert gap.about == "facts"


@given(st.lists(st.sampled_from(LOG.split()), max_size=30).map(" ".join) | st.text(max_size=120))
def test_no_log_breaks_it(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("root")
    put(root, text.encode("utf-8", "replace").decode())
    pacman.events(str(root), 0.0)
