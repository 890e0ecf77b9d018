"""Parameters: what fits is read, and nothing else; what was probably meant is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, PATHS, Parameter, Route, read
from hb_engine.faces.web.api.shapes_lists import Ports
from hb_engine.model.errors import BadInput

ROUTE = Route(
    "/x",
    "x",
    "An example",
    Ports,
    (
        LIMIT,
        CURSOR,
        Parameter("q", "words"),
        Parameter("scope", "how far", "word", ("loopback", "public")),
        Parameter("open", "whether", "truth"),
        Parameter("port", "a number", "number"),
    ),
)
NAMES = {one.name for one in ROUTE.parameters}
NEEDS = Route("/y", "y", "Another", Ports, (Parameter("q", "words"),), required=("q",))


def test_what_is_not_said_is_as_usual():
    assert read(ROUTE, b"") == {"limit": 100, "cursor": None, "q": None, "scope": None, "open": None, "port": None}


def test_what_is_said():
    found = read(ROUTE, b"limit=7&q=a%20b+c&scope=public&open=false&port=0&")
    assert (found["limit"], found["q"], found["scope"], found["open"], found["port"]) == (
        7,
        "a b c",
        "public",
        False,
        0,
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (b"limt=5", "Did you mean limit?"),
        (b"zzz=5", "There are limit, cursor, q, scope, open, port."),
        (b"scope=publik", "Did you mean public?"),
        (b"scope=", "There are loopback, public."),
        (b"open=1", "There are true, false."),
        (b"open=True", "There are true, false."),
        (b"limit=0", "It lies from 1 to 500."),
        (b"limit=501", "It lies from 1 to 500."),
        (b"limit=07", "It lies from 1 to 500."),
        (b"limit=+7", "It lies from 1 to 500."),
        (b"limit=7.0", "It lies from 1 to 500."),
        (b"limit=", "It lies from 1 to 500."),
        ("limit=\u0667".encode(), "bytes"),
        (b"limit=%D9%A7", "It lies from 1 to 500."),
        (b"port=65536", "It lies from 0 to 65535."),
        (b"port=99999999999999999999", "It lies from 0 to 65535."),
        (b"port=-1", "It lies from 0 to 65535."),
        (b"q=", "1 to 200"),
        (b"q=" + b"a" * 201, "1 to 200"),
        (b"q=%ff", "UTF-8"),
        (b"q=\xff", "UTF-8"),
        (b"q=a&q=b", "Give it once."),
        (b"=a", "There are"),
        (b"q", "1 to 200"),
        (b"q=" + b"a" * 5000, "4096"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_meant(query, said):
    with pytest.raises(BadInput) as caught:
        read(ROUTE, query)
    assert said in f"{caught.value.message} {caught.value.remedy}"


def test_what_must_be_given():
    assert read(NEEDS, b"q=a") == {"q": "a"}
    with pytest.raises(BadInput, match="q is missing"):
        read(NEEDS, b"")


@given(st.binary(max_size=60))
def test_whatever_is_asked_is_read_or_refused(query):
    try:
        found = read(ROUTE, query)
    except BadInput as error:
        found = {"limit": len(error.message), **dict.fromkeys(NAMES - {"limit"}, error.remedy)}
        assert all(found.values())
    assert set(found) == NAMES
    assert 1 <= found["limit"] <= 500


def test_schemas_say_the_bounds():
    assert LIMIT.schema == {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
    assert PATHS["id"].schema["pattern"] == "^[0-9a-f]{16}$"
    assert Parameter("a", "b", "truth").schema == {"type": "boolean"}
    assert Parameter("a", "b", "word", ("x",)).schema == {"type": "string", "enum": ["x"]}
    assert Parameter("a", "b").schema == {"type": "string", "minLength": 1, "maxLength": 200}
