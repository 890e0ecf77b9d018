"""Records in a memo, and the names by which a path may be listed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.inventory.packages.trees import link, put

from hb_engine.inventory.linux.packages.records import Found, Question, Recorded, decoded, encoded, pack, unpack
from hb_engine.inventory.linux.packages.root import Root

FIELD = st.text(st.characters(exclude_characters="\x1e\x1f"), max_size=10)
RECORD = st.builds(Recorded, FIELD, FIELD, FIELD, FIELD, FIELD, FIELD)


@given(st.lists(RECORD, max_size=4))
def test_records_survive_a_memo(records):
    text = pack(records)
    assert text is not None
    assert unpack(text) == records


def test_a_field_with_a_separator_is_not_remembered():
    assert pack([Recorded("rpm", "evil\x1e", "1")]) is None
    assert pack([Recorded("rpm", "x", "1\x1f2")]) is None


@given(st.text(max_size=40))
def test_any_text_unpacks_or_is_none(text):
    found = unpack(text)
    assert found is None or all(isinstance(record, Recorded) for record in found)


def test_the_same_record_twice_is_one():
    found = Found()
    for name in ("a", "a", "b"):
        found.add("/x", Recorded("dpkg", name, "1"))
    assert [record.name for record in found.records["/x"]] == ["a", "b"]


def test_names_of_a_question(tmp_path):
    put(tmp_path, "/usr/bin/dash")
    link(tmp_path, "/bin", "usr/bin")
    question = Question(Root(str(tmp_path)), ["/usr/bin/dash", "/opt/\udcff"])
    assert question.names() == {
        b"/usr/bin/dash": "/usr/bin/dash",
        b"/bin/dash": "/usr/bin/dash",
        b"/opt/\xff": "/opt/\udcff",
    }


def test_a_listed_name_leads_to_a_path_through_folders_only(tmp_path):
    put(tmp_path, "/srv/opt/x/tool")
    link(tmp_path, "/opt", "srv/opt")
    link(tmp_path, "/usr/bin/tool", "/srv/opt/x/tool")
    question = Question(Root(str(tmp_path)), ["/srv/opt/x/tool"])
    assert question.leads_to(b"/opt/x/tool") == "/srv/opt/x/tool"
    assert question.leads_to(b"/usr/bin/tool") is None  # a package that brings a link does not own what it leads to
    assert question.leads_to(b"/opt/x/other") is None


def test_bytes_and_text_are_the_same_name():
    assert decoded(encoded("/\udcff\n")) == "/\udcff\n"
