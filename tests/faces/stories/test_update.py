"""What an update did, in a few lines."""

from __future__ import annotations

from tests.faces import kit
from tests.faces.kit import said

from hb_engine.faces.stories.update import tell


def test_what_changed():
    told = said(tell(kit.updated("updated", 340, 2, 17)))
    assert told.startswith("The registry's data is new: 340 rows added, 2 removed, 17 changed.\n")
    assert "of 2026-11-20" in told
    assert "/home/x/hb/iana.tsv" in told


def test_one_row_and_none():
    assert "1 row added." in said(tell(kit.updated("updated", 1)))
    assert "is new, and says the same." in said(tell(kit.updated("updated")))


def test_nothing_newer_and_too_soon():
    assert said(tell(kit.updated("unchanged"))).startswith("The registry has nothing newer.")
    assert "less than a day ago" in said(tell(kit.updated("recent")))
    assert said(tell(kit.updated("odd"))).startswith("odd.")


def test_a_note_is_told():
    assert "note   its state could not be kept" in said(tell(kit.updated(note="its state could not be kept")))
