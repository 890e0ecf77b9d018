"""Templates of nmap's and of Recog's, filled with a stranger's bytes: bounded, one line, and empty where a part is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.kit import EVIDENCE
from hb_engine.identify.opinions.templates import fill, fill_cpe, interpolated

GROUPS = (b"whole", b"9_2", None, b"\1\x02", b"a\0b\0", b"My Server/1+x")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("fixed words", "fixed words"),
        ("v$1", "v9_2"),
        ("$2-", "-"),
        ("$9", ""),
        ("$0 $", "$0 $"),
        ('$SUBST(1,"_",".")', "9.2"),
        ('$SUBST(1,"_","")', "92"),
        ("$P(4)", "ab"),
        ('$I(3,">")', "258"),
        ('$I(3,"<")', "513"),
        ('$I(3,"?")', ""),
        ('$I(2,">")', ""),
        ("$SUBST(1)", ""),
        ("$NEW(1)", ""),
        ("$P(1) of $P(4)", "9_2 of ab"),
    ],
)
def test_nmaps_templates(template, told):
    assert fill(template, GROUPS) == told


def test_a_number_has_eight_bytes_at_most():
    assert fill('$I(1,">")', (b"", b"\xff" * 8)) == str(2**64 - 1)
    assert fill('$I(1,">")', (b"", b"\xff" * 9)) == ""


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("a:vendor:product", "cpe:/a:vendor:product"),
        ("a:vendor:product:$1", "cpe:/a:vendor:product:9_2"),
        ("a:vendor:product:$2", "cpe:/a:vendor:product"),
        ("a:vendor:$5", "cpe:/a:vendor:my_server%2f1%2bx"),
        ("", ""),
    ],
)
def test_cpes(template, told):
    assert fill_cpe(template, GROUPS) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("plain", "plain"),
        ("cpe:/a:x:y:{service.version}", "cpe:/a:x:y:9.2"),
        ("{service.version}{service.version}", "9.29.2"),
        ("cpe:/a:x:y:{missing}", ""),
        ("an open { brace", "an open { brace"),
        ("", ""),
    ],
)
def test_recogs_values(value, told):
    assert interpolated(value, {"service.version": "9.2"}) == told


def test_what_is_told_is_one_line_and_bounded():
    assert fill("$1", (b"", b"two\r\nlines\x1b[31m")) == "two lines [31m"
    assert len(fill("$1$1$1", (b"", b"x" * 500))) == EVIDENCE
    assert len(interpolated("{a}{a}", {"a": "x" * 190})) == EVIDENCE


@given(st.text(max_size=40), st.lists(st.none() | st.binary(max_size=20), max_size=10))
def test_any_template_over_any_groups(template, groups):
    for told in (fill(template, tuple(groups)), fill_cpe(template, tuple(groups)), interpolated(template, {"a": "b"})):
        assert len(told) <= EVIDENCE + len("cpe:/")
        assert "\n" not in fill(template, tuple(groups))
