"""Of all answers that are kept of servers, only those that take SMB 1 are said."""

from __future__ import annotations

from tests.judge.captures import spoken_of

from hb_engine.judge.rules.spoken import protocol_too_old as rule


def test_it_speaks_of_these_and_is_silent_of_all_others():
    assert spoken_of(rule) == {"smb-samba-nt1": "high", "smb-samba-nt1-only": "high"}
