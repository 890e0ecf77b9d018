"""The generators are found by listing their folder; each writes text of plain lines for any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.faces import judged, orders
from tests.faces.kit import golden, is_safe

from hb_engine.faces.export import generators
from hb_engine.model.errors import BadInput


def test_the_folder_is_the_list():
    assert generators.names() == ("nftables", "suricata", "systemd", "zeek")


@pytest.mark.parametrize("name", generators.names())
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_pages(name, closed):
    files = generators.load(name).write(orders.CLOSED if closed else orders.ORDER)
    golden(f"generate-{name}{'-closed' if closed else ''}.txt", "".join(f"== {path}\n{text}" for path, text in files))


@pytest.mark.parametrize("name", generators.names())
@given(text=orders.texts)
def test_any_order_becomes_plain_lines(name, text):
    for path, written in generators.load(name).write(orders.saying(text)):
        assert is_safe(path)
        assert is_safe(written.replace("\t", ""))
        assert written.splitlines() == written.removesuffix("\n").split("\n")
        assert not any(line.endswith("\\") for line in written.splitlines())
        written.encode("utf-8")


@pytest.mark.parametrize("name", generators.names())
def test_each_says_that_nothing_is_applied_and_how_to_try(name):
    module = generators.load(name)
    assert module.FORMAT.name == name
    for order in orders.ALL.values():
        for _, text in module.write(order):
            assert "hb never applies it." in text.splitlines()[1]
            assert module.write(order) == module.write(order)


@pytest.mark.parametrize("name", generators.names())
def test_what_ended_is_left_out(name):
    for _, text in generators.load(name).write(orders.CLOSED):
        code = [line for line in text.splitlines() if "8000" in line and not line.lstrip().startswith("#")]
        assert not [line for line in code if "debug" in line]


@pytest.mark.parametrize("name", generators.names())
def test_awkward_texts(name):
    for text in judged.AWKWARD:
        for _, written in generators.load(name).write(orders.saying(text)):
            assert is_safe(written.replace("\t", ""))


def test_mistakes():
    with pytest.raises(BadInput) as caught:
        generators.load("iptables")
    assert caught.value.message == "there is no generator 'iptables'"
