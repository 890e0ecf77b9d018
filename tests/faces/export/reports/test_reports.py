"""The formats are found by listing their folder, and a mistake names what was meant."""

from __future__ import annotations

import os

import pytest
from tests.faces import judged as made
from tests.faces.kit import NOW

from hb_engine.faces.export import reports
from hb_engine.model.errors import BadInput


def test_the_folder_is_the_list():
    folder = os.path.dirname(reports.__file__)
    assert set(reports.names()) == {name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py")} - {
        "__init__"
    }
    assert {"csv", "junit", "markdown", "nagios", "prometheus", "sarif"} <= set(reports.names())


@pytest.mark.parametrize("name", reports.names())
def test_each_declares_itself_and_writes(name):
    module = reports.load(name)
    assert module.FORMAT.name == name
    assert module.FORMAT.what
    assert module.FORMAT.ending.startswith(".")
    for found in ((), (made.QUIET,), made.MANY):
        text = module.write(found, "1.2.3", NOW)
        assert text.endswith("\n")
        text.encode("utf-8")  # no half surrogate
        assert module.write(found, "1.2.3", NOW) == text


@pytest.mark.parametrize("name", reports.names())
@pytest.mark.parametrize("text", made.AWKWARD, ids=range(len(made.AWKWARD)))
def test_each_can_be_written_to_a_file_of_utf_8(name, text):
    reports.load(name).write((made.saying(text),), "1.2.3", NOW).encode("utf-8")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("sarrif", "Did you mean sarif?"),
        ("qqqqqq", "It is one of csv, junit, markdown, nagios, prometheus, sarif."),
        ("__init__", "It is one of csv, junit, markdown, nagios, prometheus, sarif."),
        ("../scan_csv", "It is one of csv, junit, markdown, nagios, prometheus, sarif."),
    ],
)
def test_mistakes(name, remedy):
    with pytest.raises(BadInput) as caught:
        reports.load(name)
    assert (caught.value.message, caught.value.remedy) == (f"there is no format {name!r}", remedy)
