"""`from`: sources, and what is said of sentences that are none, at which character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language.nodes import LONGEST, Mistake
from hb_engine.baseline.language.origins import parse


def refused(text):
    with pytest.raises(Mistake) as raised:
        parse(text)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("any", ("any",)),
        ("net:10.20.0.0/16", ("net:10.20.0.0/16",)),
        ("net:10.0.0.5", ("net:10.0.0.5/32",)),
        ("host:proxy-1 ,net:FD00::/8", ("host:proxy-1", "net:fd00::/8")),
        ("any, any", ("any",)),
    ],
)
def test_sources(text, sources):
    assert parse(text) == sources


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        (
            "net:10.0.0.1/8, host:x",
            4,
            (
                "'10.0.0.1/8' is an address inside of a network | "
                "Write 10.0.0.0/8 for the network, or 10.0.0.1 for the address alone."
            ),
        ),
        ("10.0.0.0/8", 0, "'10.0.0.0/8' does not say what it is | Write net:10.0.0.0/8."),
        ("web-1", 0, "'web-1' does not say what it is | Write host:web-1."),
        ("all", 0, "'all' is called any | Write any."),
        ("nett:10.0.0.0/8", 0, "there is no source nett: | Did you mean net:10.0.0.0/8?"),
        ("net:x", 4, "'x' is no network | Write one such as 10.0.0.0/8 or fd00::/8."),
        ("net:", 4, "nothing stands after net: | Write such as net:10.20.0.0/16, host:proxy-1, or any."),
        ("host:", 5, "nothing stands after host: | Write such as net:10.20.0.0/16, host:proxy-1, or any."),
        ("net:10.0.0.0/8 host:x", 14, "a comma is missing here | Write net:10.0.0.0/8, host:x."),
        (",", 0, "a source is missing here | Write such as net:10.20.0.0/16, host:proxy-1, or any."),
        ("net:10.0.0.0/8,", 14, "a source is missing here | Write such as net:10.20.0.0/16, host:proxy-1, or any."),
        ("role:web", 0, "there is no source role: | Write such as net:10.20.0.0/16, host:proxy-1, or any."),
        ("0.0.0.0/0", 0, "'0.0.0.0/0' is called any | Write any."),
    ],
)
def test_sentences_that_are_none(text, at, told):
    assert refused(text) == (at, told)


def test_too_much():
    assert refused("x" * (LONGEST + 1))[1].startswith("from has more than")


@given(st.lists(st.sampled_from(["any", "host:a", "net:10.0.0.0/8", "net:fd00::/8"]), min_size=1, max_size=4))
def test_what_is_written_is_what_is_read(sources):
    assert parse(", ".join(sources)) == tuple(dict.fromkeys(sources))


@given(st.text("net:host:any,0123456789./ ", max_size=40) | st.text(max_size=20))
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text):
    assert is_told_well(parse, text)
