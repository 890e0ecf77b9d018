"""What hb generate wrote, as a document: every file, whatever is in its text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.export.generating_json import generated

TEXTS = st.text(st.characters(codec="utf-8"))


def test_every_file_with_its_text():
    told = json.loads(generated("systemd", [("a.service.d/hb.conf", "[Service]\n"), ("b", "")], "drop-ins"))
    assert told == {
        "schema": "hb/1",
        "kind": "generated",
        "program": "systemd",
        "written": "drop-ins",
        "files": [{"name": "a.service.d/hb.conf", "text": "[Service]\n"}, {"name": "b", "text": ""}],
    }


def test_nothing_written_is_null_and_no_file_is_an_empty_list():
    told = json.loads(generated("zeek", []))
    assert (told["written"], told["files"]) == (None, [])


@given(TEXTS, TEXTS)
def test_any_text_reads_back_on_one_line_of_ascii(name, text):
    made = generated("zeek", [(name, text)])
    assert made.isascii()
    assert made.count("\n") == 1
    assert json.loads(made)["files"] == [{"name": name, "text": text}]
