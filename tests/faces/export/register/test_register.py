"""The register's formats are found by listing their folder; each writes any register, whatever stands in it."""

from __future__ import annotations

import pytest
from tests.faces import judged, registers

from hb_engine.faces.export import register
from hb_engine.model.errors import BadInput


def test_the_folder_is_the_list():
    assert register.names() == ("csv", "html", "json", "markdown")


@pytest.mark.parametrize("name", register.names())
def test_each_writes_text_that_utf_8_takes(name):
    module = register.load(name)
    assert module.FORMAT.name == name
    for made in (registers.ONE, registers.MANY, registers.EMPTY, *map(registers.saying, judged.AWKWARD)):
        text = module.write(made, "1.2.3")
        assert text.encode("utf-8").endswith(b"\n")
        assert module.write(made, "1.2.3") == text


def test_a_mistake_names_what_was_meant():
    with pytest.raises(BadInput) as caught:
        register.load("htm")
    assert caught.value.remedy == "Did you mean html?"
