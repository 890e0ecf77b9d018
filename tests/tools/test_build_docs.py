"""The generator of the reference pages: it writes, it notices what is old, and it takes nothing undocumented."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from hb_engine.model.inventory import Gap, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.record import record

build: Any = importlib.import_module("tools.build_docs")
cli: Any = importlib.import_module("tools.docs.cli_page")
json_page: Any = importlib.import_module("tools.docs.json_page")
meanings: Any = importlib.import_module("tools.docs.meanings")
registry_page: Any = importlib.import_module("tools.docs.registry_page")
protocols: Any = importlib.import_module("tools.docs.protocols_page")
comments: Any = importlib.import_module("tools.docs.comments")


@pytest.fixture
def few(monkeypatch):
    """Two short pages in the place of the real ones: {name: text}, which a test may change."""
    texts = {"one.md": "# One\n", "two.md": "# Two\n"}
    monkeypatch.setattr(build, "PAGES", {name: lambda name=name: texts[name] for name in texts})
    return texts


def test_pages_are_written_and_then_current(few, tmp_path):
    assert build.main([], str(tmp_path)) == 0
    assert build.main(["--check"], str(tmp_path)) == 0
    assert (tmp_path / "docs/reference/one.md").read_text(encoding="utf-8") == "# One\n"


def test_an_old_page_is_named_with_the_command_to_run(few, tmp_path, capsys):
    build.main([], str(tmp_path))
    few["two.md"] = "# Two, and more\n"
    assert build.main(["--check"], str(tmp_path)) == 1
    told = capsys.readouterr().err
    assert "docs/reference/two.md" in told
    assert "make docs" in told
    assert "+# Two, and more" in told
    assert "one.md" not in told


def test_a_missing_page_and_a_stray_one_are_old_too(few, tmp_path, capsys):
    assert build.main(["--check"], str(tmp_path)) == 1
    build.main([], str(tmp_path))
    (tmp_path / "docs/reference/three.md").write_text("by hand")
    assert build.main(["--check"], str(tmp_path)) == 1
    assert "three.md" in capsys.readouterr().err


def test_checking_writes_nothing(few, tmp_path):
    build.main(["--check"], str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_other_words_are_refused(few, tmp_path, capsys):
    assert build.main(["--chekc"], str(tmp_path)) == 2
    assert "--check" in capsys.readouterr().err


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes():
    assert build.built() == build.built()


# -- nothing undocumented


def test_a_field_without_a_meaning_is_an_error(monkeypatch):
    monkeypatch.delitem(meanings.FIELDS, "gap.why")
    with pytest.raises(LookupError, match=r"gap\.why"):
        json_page.page()


def test_a_meaning_without_a_field_is_an_error(monkeypatch):
    monkeypatch.setitem(meanings.FIELDS, "gap.whim", "of the moment")
    with pytest.raises(LookupError, match=r"gap\.whim"):
        json_page.page()


def test_a_variable_that_nobody_explains_is_an_error(monkeypatch):
    monkeypatch.delitem(cli.OURS, "HB_BPF")
    with pytest.raises(LookupError, match="HB_BPF"):
        cli.page()


def test_a_variable_that_nothing_reads_is_an_error(monkeypatch):
    monkeypatch.setitem(cli.OURS, "HB_MAGIC", "nothing")
    with pytest.raises(LookupError, match="HB_MAGIC"):
        cli.page()


def test_a_status_that_nobody_explains_is_an_error(monkeypatch):
    monkeypatch.delitem(registry_page.MEANINGS, "reserved")
    with pytest.raises(LookupError, match="reserved"):
        registry_page.page()


@pytest.mark.parametrize(("table", "word"), [("ASKED", "never"), ("SPEAKS", "either")])
def test_a_word_of_a_probe_that_nobody_explains_is_an_error(table, word, monkeypatch):
    monkeypatch.delitem(getattr(protocols, table), word)
    with pytest.raises(LookupError, match=word):
        protocols.page()


# -- what stands on the page of protocols


@pytest.fixture(scope="module")
def told():
    """The page of protocols."""
    return str(protocols.page())


def test_every_protocol_has_its_row_and_its_part(told):
    for name in ("redis", "ssh", "modbus", "ms-wbt-server"):
        assert f"\n| [{name}](#{name}) |" in told
        assert f"\n## {name}\n" in told


def test_a_row_says_where_a_protocol_is_at_home_and_when_it_is_asked(told):
    assert "| [domain](#domain) | TCP 53; TLS 853; UDP 53 | client | safe |" in told
    assert "| [modbus](#modbus) | TCP 502; TLS 802 | client | asked |" in told
    assert "| [wireguard](#wireguard) | UDP 51820 | client | cannot be proved |" in told


def test_a_part_has_the_specification_the_names_and_what_cannot_be_proved(told):
    assert "https://redis.io/docs/latest/develop/reference/protocol-spec/" in told
    assert "Also registered as `redis-sentinel`" in told
    assert "answers no packet that is not authenticated" in told


def test_ports_that_get_no_byte_and_applications_are_there(told):
    assert "| TCP | 9100 to 9107 |" in told
    assert "products/grafana.py) | 3000 | `/api/health` | Grafana, which draws." in told


# -- how the documents are looked at


def test_examples_have_something_in_every_field():
    seen = json_page.filled(Inventory)
    assert isinstance(seen.openings[0], Opening)
    assert seen.openings[0].owners[0].parents[0].comm == "text"
    assert seen.coverage.gaps == (Gap("text", "text", "text", "text"),)


@record
class Example:
    """A record with and without comments."""

    said: int  # what it is
    silent: str = "# no comment"


def test_comments_beside_fields_are_found():
    assert comments.comments_of(Example) == {"said": "what it is"}
    assert comments.comments_of(Netns)["id"] == "the inode of its nsfs file"


def test_every_document_of_the_contract_is_there():
    assert set(json_page.written()) == set(meanings.DOCUMENTS)
