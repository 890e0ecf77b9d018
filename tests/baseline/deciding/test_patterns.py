"""Patterns: stars and question marks, files by name or path, units with and without suffix."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.deciding import patterns

letters = st.text(alphabet="ab*?", max_size=12)


@given(letters, st.text(alphabet="ab", max_size=12))
def test_stars_and_question_marks_are_those_of_shells(pattern, text):
    assert patterns.glob(pattern)(text) == fnmatch.fnmatchcase(text, pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("nginx", "nginx", True),
        ("nginx", "nginx2", False),
        ("web-*", "web-1", True),
        ("*-web", "a-web", True),
        ("a*b*c", "a--b--c", True),
        ("a*b*c", "a--c", False),
        ("ab*ba", "aba", False),  # the middle letter is not both
        ("*", "", True),
        ("?", "", False),
        ("w?b", "web", True),
        ("[ab]", "a", False),  # brackets are letters
        ("[ab]", "[ab]", True),
        ("a.b", "axb", False),  # and so are dots
    ],
)
def test_a_pattern_is_held_against_all_of_a_text(pattern, text, fits):
    assert patterns.glob(pattern)(text) is fits


def test_folding_takes_capitals_for_small_letters():
    assert patterns.glob("OpenSSH*", fold=True)("openssh 9")
    assert not patterns.glob("OpenSSH*")("openssh 9")


def test_many_stars_end():
    """A pattern that would keep a backtracking matcher busy for years."""
    assert not patterns.glob("*a" * 40 + "*b")("a" * 5000)
    assert not patterns.glob("?*a" * 12 + "b")("a" * 300)


@pytest.mark.parametrize("text", ["nginx", "", "a b"])
def test_what_has_no_star_is_plain(text):
    assert patterns.is_plain(text)
    assert not patterns.is_plain(f"{text}*")
    assert not patterns.is_plain(f"{text}?")


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/usr/sbin/nginx", "/usr/sbin/nginx", True),
        ("/usr/sbin/nginx", "/usr/sbin/nginx (deleted)", True),
        ("/usr/sbin/nginx", "/usr/local/sbin/nginx", False),
        ("nginx", "/usr/local/sbin/nginx", True),
        ("python3*", "/usr/bin/python3.11", True),
        ("python3*", "/opt/python3/bin/ruby", False),  # a folder of that name is no program of that name
        ("/usr/bin/*", "/usr/bin/a/b", True),
        ("*/java", "/opt/jdk/bin/java", True),
        ("Nginx", "/usr/sbin/nginx", False),
        ("c:/web/*", "C:\\Web\\srv.exe", True),
        ("C:\\web\\srv.exe", "c:/Web/srv.exe", True),
        ("SRV.exe", "C:\\Web\\srv.exe", True),
        ("\\\\share\\x.exe", "\\\\Share\\x.exe", True),
    ],
)
def test_paths(pattern, path, fits):
    assert patterns.path(pattern)(path) is fits


@pytest.mark.parametrize(
    ("pattern", "unit", "fits"),
    [
        ("nginx", "nginx.service", True),
        ("nginx", "nginx.socket", False),
        ("nginx.socket", "nginx.socket", True),
        ("nginx*", "nginx.socket", True),
        ("*", "init.scope", True),
        ("getty@*", "getty@tty1.service", True),
        ("php8.2-fpm", "php8.2-fpm.service", True),  # a dot is no suffix
        ("dev", "user@1000.service/app.slice/dev.service", False),  # whoever has an account may name one so
        ("dev.service", "user@1000.service/app.slice/dev.service", False),
        ("*.service", "user@1000.service/app.slice/dev.service", False),
        ("user@*", "user@1000.service/app.slice/dev.service", False),
        ("user@1000.service/*/dev", "user@1000.service/app.slice/dev.service", True),
        ("*", "user@1000.service/app.slice/dev.service", True),  # `not unit:*` is no unit at all
        ("user@1000.service/app.slice/dev.service", "user@1000.service/app.slice/dev.service", True),
        ("user@1000", "user@1000.service/app.slice/dev.service", False),
    ],
)
def test_units(pattern, unit, fits):
    assert patterns.unit(pattern)(unit) is fits
