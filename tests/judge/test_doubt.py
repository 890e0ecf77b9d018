"""Doubt is what was read and looks odd; what was not read, or has a package, is none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.judge.builders import BOX, facts, opening, owner, stray

from hb_engine.judge.doubt import doubt_of
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Unowned

NOBODY: dict[str, Any] = {"owners": (), "unowned": Unowned("not-found")}


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (opening(7, stray()), "runs /srv/app/server, which is in no package"),
        (opening(7, owner(exe_state="deleted")), "a file that is not on disk"),
        (opening(7, owner(exe_state="memfd")), "a file that is not on disk"),
        (opening(7, owner("/usr/bin/nc")), "is a bare nc"),
        (opening(7, owner("/usr/bin/python3", script="/srv/x.py")), "the script /srv/x.py, which is in no package"),
        (opening(7, **NOBODY), "no process holds it"),
        (opening(7, owner(), stray()), "/srv/app/server"),
    ],
)
def test_doubt_is_a_clause(of, words):
    assert words in doubt_of(facts(of))


@pytest.mark.parametrize(
    ("of", "known"),
    [
        (opening(7, owner()), {}),
        (opening(7, stray(container=BOX)), {}),
        (opening(7, stray()), {"packages_asked": False}),
        (opening(7, stray("/snap/x/1/bin/y")), {}),
        (opening(7, stray(None)), {}),
        (opening(7, owner("/usr/bin/python3", script="http.server")), {}),
        (opening(7, **NOBODY), {"coverage": Coverage(privileged=False)}),
        (opening(7, owners=(), unowned=Unowned("not-permitted")), {}),
    ],
)
def test_what_is_vouched_for_or_was_not_read_is_no_doubt(of, known):
    assert doubt_of(facts(of, **known)) == ""
