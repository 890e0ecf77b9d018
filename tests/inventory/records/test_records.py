"""The folder of records: each file declares itself, and none is listed anywhere."""

from __future__ import annotations

from hb_engine.inventory.linux import records
from hb_engine.model.event import EVENTS


def test_each_declares_a_record_and_can_be_asked(tmp_path):
    loaded = records.load()
    assert len({declared.name for declared, _ in loaded}) == len(loaded) == len(records.names())
    for declared, tell in loaded:
        assert declared.name in EVENTS or declared.name.split()[0] in EVENTS, declared
        assert declared.files
        found, gaps = tell(str(tmp_path), 0.0)
        assert found == ()
        assert all(gap.what and gap.why and gap.remedy for gap in gaps)


def test_a_zip_has_no_folder(monkeypatch):
    known = records.names()

    def refuse(_):
        raise NotADirectoryError

    monkeypatch.setattr(records.os, "listdir", refuse)
    assert records.names() == known
