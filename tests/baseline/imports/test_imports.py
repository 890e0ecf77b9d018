"""Importers are found by listing their folder, and each has what an importer has."""

from __future__ import annotations

from hb_engine.baseline import imports


def test_every_importer_has_its_declaration_and_its_functions():
    found = imports.importers()
    assert [one.FORMAT.name for one in found] == sorted(one.FORMAT.name for one in found)
    assert "goss" in [one.FORMAT.name for one in found]
    for one in found:
        assert callable(one.claims)
        assert callable(one.read)
        assert one.FORMAT.endings


def test_nothing_imported_is_an_empty_text():
    assert imports.text(imports.Imported(())) == ""
    assert imports.text(imports.Imported((), ("service: no",))) == "# Not carried over (1):\n#   service: no\n"
