"""Looking, naming and judging, with a machine made by hand; and the list of rules from a folder and from an archive."""

from __future__ import annotations

import os
import zipfile

import pytest
from tests.app import kit

from hb_engine.app.looking import look as app
from hb_engine.judge import rules
from hb_engine.model.errors import CannotLook
from hb_engine.model.record import replace


def test_every_opening_is_named_and_judged(machine):
    seen = app.look()
    assert [one.port for one in seen.openings] == [22, 53, 53, None]
    assert [[entry.name for entry in one.registered] for one in seen.openings] == [["ssh"], ["domain"], ["domain"], []]
    assert all(one.verdict is not None for one in seen.openings)


def test_evidence_passes_unchanged(machine):
    seen = app.look()
    plain = tuple([replace(one, registered=(), verdict=None) for one in seen.openings])
    assert replace(seen, openings=plain) == machine.seen


def test_what_was_asked_for_is_asked(machine):
    app.look(frozenset((22,)), fresh=True)
    assert machine.asked == [(frozenset((22,)), True)]


def test_the_lists_of_threats_reach_the_rules(machine):
    """Exploiter is listed for 1703; what listens there comes from no package."""
    owner = replace(kit.SSHD, exe="/opt/x/server", package=None, unit=None)
    known = replace(kit.SSH, owners=(kit.SSHD,))
    machine.seen = kit.inventory(replace(kit.SSH, port=1703, owners=(owner,)), known)
    verdict = app.look().openings[0].verdict
    assert verdict is not None
    assert "threat-listed-unexpected" in {reason.rule for reason in verdict.reasons}


def test_an_empty_machine_is_an_answer(machine):
    machine.seen = kit.inventory()
    assert app.look().openings == ()


def test_what_cannot_be_looked_at_is_not_swallowed(machine):
    machine.refusal = CannotLook("no /proc here")
    with pytest.raises(CannotLook, match="no /proc"):
        app.look()


def test_rules_are_found_in_an_archive_too(monkeypatch, tmp_path):
    archive = str(tmp_path / "hb.pyz")
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("rules/one.py", "rules/__init__.py", "rules/notes.txt", "other/two.py", "rules/spoken/three.py"):
            file.writestr(f"hb_engine/judge/{name}", "")
    monkeypatch.setattr(rules, "__path__", [os.path.join(archive, "hb_engine", "judge", "rules")])
    assert app.rule_names() == ["one", "spoken.three"]
    assert app.rule_names("") == ["one"]
