"""TOML files into trees: values as tomllib has them, with places; all syntax errors of a file."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.trees import plain, told
from tests.baseline.trees import root as root_of

from hb_engine.baseline.language.readers import toml

TEXT = """\
schema = "hb/1"
[[allow]]
listen = "tcp/443" # here
pin = ["sha256",
  'version']
until = 2026-12-01T18:00:00Z
n = 5
yes = true
[defaults]
review = "180d"
"""


def test_values_and_places():
    root = root_of(toml.read(TEXT))
    allow = root.value["allow"].value[0]
    assert plain(root)["allow"] == [
        {
            "listen": "tcp/443",
            "pin": ["sha256", "version"],
            "until": "2026-12-01T18:00:00+00:00",
            "n": 5,
            "yes": True,
        }
    ]
    assert [allow.value[name].kind for name in ("listen", "pin", "until", "n", "yes")] == [
        *("text", "list", "moment", "number", "truth")
    ]
    assert TEXT[allow.at :].startswith("[[allow]]")
    assert TEXT[allow.value["listen"].at :].startswith('"tcp/443"')
    assert TEXT[allow.value["listen"].key_at :].startswith("listen")
    assert TEXT[allow.value["pin"].value[1].at :].startswith("'version'")
    assert TEXT[root.value["defaults"].at :].startswith("[defaults]")


def test_an_empty_file_is_an_empty_table():
    assert plain(toml.read("").root) == plain(toml.read("# nothing\n").root) == {}


def test_all_syntax_errors_are_told_and_the_rest_is_read():
    tree = toml.read("[[allow]]\na: 1\n[[allow]]\nb = 2\n[[allow]]\nc = x\n")
    assert [one.at for one in tree.mistakes] == [11, 45]
    assert plain(tree.root)["allow"][-1] == {"b": 2}


def test_a_file_of_errors_ends():
    tree = toml.read("[[allow]]\na: 1\n" * 100)
    assert len(tree.mistakes) == toml.MOST
    assert tree.root is None
    assert len(toml.read("[[allow]]\na: 1\n" * 20_000).mistakes) == toml.MOST_OF_LARGE
    assert toml.read("a: 1\nb: 2\n").root is not None


def test_what_tomllib_cannot_do_is_a_mistake_too():
    assert "more than" in told(toml.read("a = " + "[" * 5000))[0][1]
    assert len(toml.read("a = " + "1" * 5000).mistakes) == 1


def test_numbers_and_dates_that_only_toml_has():
    root = root_of(toml.read("a = inf\nb = 07:30:00\nc = 2026-12-01\nd = 0x1f\n"))
    assert plain(root) == {"a": float("inf"), "b": "07:30:00", "c": "2026-12-01", "d": 31}


@given(st.text("ab=[]{}.,\"'#\\\n \t1:x", max_size=60) | st.text(max_size=30))
def test_no_text_raises_and_what_tomllib_reads_is_read(text):
    tree = toml.read(text)
    assert all(0 <= one.at <= len(text) and one.message and one.remedy for one in tree.mistakes)
    try:
        value = tomllib.loads(text)
    except ValueError:
        assert tree.mistakes
        return
    assert tree.mistakes or repr(plain(tree.root)) == repr(value) or "T" in repr(value) or "date" in repr(value)
