"""Findings carry what was heard where second opinions want it, and nowhere else."""

from __future__ import annotations

import pytest
from tests.peers import serving

from hb_engine.identify.loading import Library, Module
from hb_engine.identify.probes import http, ssh
from hb_engine.identify.question import Question, Settings
from hb_engine.identify.room import identify

LIBRARY = Library([Module("ssh", ssh.PROBE, ssh.talk, None), Module("http", http.PROBE, http.talk, None)])
GREETING = b"SSH-2.0-OpenSSH_9.2p1\r\n"


def server(connection):
    connection.send(GREETING)
    connection.drain()


@pytest.mark.parametrize(("answers", "heard"), [(False, ()), (True, (("listen", GREETING),))])
def test_answers_are_kept_where_they_are_wanted(answers, heard):
    settings = Settings(wait=0.5, slow=0.2, budget=0.3, talk=2.0, answers=answers)
    with serving.tcp(server) as seen:
        question = Question("tcp", "127.0.0.1", seen.port, expected=("ssh",))
        (finding,) = identify([question], settings, seed=b"seed", clock=lambda: 1700000000.0, library=LIBRARY)
    assert finding.identity is not None
    assert finding.heard == heard
