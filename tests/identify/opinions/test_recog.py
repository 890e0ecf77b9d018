"""Recog's XML, on files written for these tests: what is read, what is passed over, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.opinions import recog
from hb_engine.identify.opinions.recog import ALWAYS, Database, Fingerprint, Parameter, load, parse, spelled
from hb_engine.identify.opinions.worker import DOTALL, IGNORECASE
from hb_engine.model.errors import BadInput, DataError

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Words of our own, in Recog's format. -->
<fingerprints matches="lamp.banner" protocol="lamp" database_type="service" preference="0.90">
  <fingerprint pattern="^Lampd/(\\d\\S*) &amp; (\\S+)$" flags="REG_ICASE,REG_DOT_NEWLINE">
    <description>
      Lamp daemon,
      any version
    </description>
    <example service.version="4.2">Lampd/4.2 &amp; more</example>
    <param pos="0" name="service.product" value="Lampd"/>
    <param pos="1" name="service.version"/>
  </fingerprint>
  <fingerprint pattern="^é"/>
</fingerprints>
"""


def test_a_file():
    database = parse(FILE.encode(), "lamps.xml")
    assert database is not None
    first, second = database.fingerprints
    assert database == Database("lamps.xml", "lamp.banner", "lamp", (first, second))
    assert first == Fingerprint(
        4,
        rb"^Lampd/(\d\S*) & (\S+)$",
        ALWAYS | IGNORECASE | DOTALL,
        "Lamp daemon, any version",
        (Parameter(0, "service.product", "Lampd"), Parameter(1, "service.version")),
    )
    assert second == Fingerprint(13, "^é".encode(), ALWAYS)


def test_what_a_fingerprint_needs():
    database = parse(FILE.encode(), "lamps.xml")
    assert database is not None
    assert spelled(database.fingerprints[0]).needed == (b"lampd/", b" & ")
    assert spelled(database.fingerprints[1]).needed == ()


@pytest.mark.parametrize("text", ["<project/>", "<fingerprints/>", "<a><fingerprints matches='x'/></a>"])
def test_xml_of_another_kind_is_none(text):
    assert parse(text.encode(), "pom.xml") is None


def wrapped(inner, **root):
    attributes = " ".join([f'{name}="{value}"' for name, value in {"matches": "x", **root}.items()])
    return f"<fingerprints {attributes}>\n{inner}</fingerprints>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a.xml:1: "),
        ("words", "a.xml:1: "),
        ("<fingerprints matches='x'>\n", "a.xml:2: "),
        (wrapped("<fingerprint/>"), "a.xml:2: a fingerprint without a pattern"),
        (wrapped("\n<fingerprint pattern='a' flags='REG_NEW'/>"), "a.xml:3: 'REG_NEW' is no flag"),
        (wrapped("<fingerprint pattern='a'><param name='b'/></fingerprint>"), "a.xml:2: a param has a pos"),
        (wrapped("<fingerprint pattern='a'><param pos='-1' name='b'/></fingerprint>"), "a.xml:2: a param has a pos"),
        (wrapped("<fingerprint pattern='a'><param pos='1'/></fingerprint>"), "a.xml:2: a param has a pos"),
        ("<?xml version='1.0' encoding='klingon'?><fingerprints matches='x'/>", "a.xml:1: "),
        ("<a>" * 30, "more than 20 deep"),
    ],
)
def test_what_is_not_this_format_is_refused_with_its_line(text, words):
    with pytest.raises(DataError) as caught:
        parse(text.encode(), "a.xml")
    assert words in caught.value.message
    assert "--recog" in caught.value.remedy


BOMB = """<!DOCTYPE fingerprints [
<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<fingerprints matches="&c;"/>"""


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "<!DOCTYPE fingerprints SYSTEM 'file:///etc/passwd'><fingerprints matches='x'/>",
        "<!DOCTYPE fingerprints><fingerprints matches='x'/>",
    ],
    ids=["entities", "another file", "bare"],
)
def test_a_document_type_is_refused(text):
    with pytest.raises(DataError, match=r"a\.xml:1: a document type"):
        parse(text.encode(), "a.xml")


def test_fingerprints_without_number(monkeypatch):
    monkeypatch.setattr(recog, "MOST", 2)
    assert parse(wrapped("<fingerprint pattern='a'/>" * 2).encode(), "a.xml") is not None
    with pytest.raises(DataError, match="more than 2 fingerprints"):
        parse(wrapped("<fingerprint pattern='a'/>" * 3).encode(), "a.xml")


def test_a_description_is_bounded():
    long = wrapped(f"<fingerprint pattern='a'><description>{'x' * 100_000}</description></fingerprint>")
    database = parse(long.encode(), "a.xml")
    assert database is not None
    assert len(database.fingerprints[0].description) < 2 * recog.LONGEST


def test_a_folder_a_checkout_and_a_file(tmp_path):
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "lamps.xml").write_text(FILE, encoding="utf-8")
    (tmp_path / "xml" / "other.xml").write_text("<project/>")
    expected = (parse(FILE.encode(), "lamps.xml"),)
    assert load(str(tmp_path)) == load(str(tmp_path / "xml")) == load(str(tmp_path / "xml" / "lamps.xml")) == expected


def test_where_there_is_nothing_of_recogs(tmp_path):
    with pytest.raises(BadInput):
        load(str(tmp_path))
    with pytest.raises(BadInput):
        load(str(tmp_path / "missing.xml"))
    (tmp_path / "other.xml").write_text("<project/>")
    with pytest.raises(DataError, match="no fingerprints of Recog's"):
        load(str(tmp_path))


TAGS = st.sampled_from(
    (
        *("<fingerprints matches='a.b'>", "</fingerprints>", "<fingerprint pattern='(x)'>", "</fingerprint>", "words"),
        *("<param pos='1' name='a'/>", "<description>", "</description>", "<x/>", "&amp;", "&b;", "<!DOCTYPE a>"),
    )
)


@given(st.binary(max_size=100) | st.lists(TAGS, max_size=10).map(lambda tags: "".join(tags).encode()))
def test_any_bytes_are_a_database_or_none_or_refused(data):
    try:
        found = parse(data, "a.xml")
    except DataError:
        return
    assert found is None or isinstance(found, Database)
