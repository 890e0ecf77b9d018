"""Patterns of other engines: spelled for Python, and never held back from an answer that they would match."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.opinions.patterns import LITERALS, Pattern, literals, read


@pytest.mark.parametrize(
    ("pcre", "answer"),
    [
        (rb"^\0\x01\x2$", b"\0\1\2"),
        (rb"^\x{41}\x41\101$", b"AAA"),
        (rb"^\cA\e\a$", b"\1\x1b\7"),
        (rb"^a\hb$", b"a\tb"),
        (rb"^a[\h]b$", b"a b"),
        (rb"^a\Rb\vc$", b"a\r\nb\nc"),
        (rb"^a\Nb\Hc\Vd$", b"a.b.c.d"),
        (rb"^\Qa.b(\E+$", b"a.b((("),
        (rb"^ab\z", b"ab"),
        (rb"^ab\Z", b"ab\n"),
        (rb"^[[:alpha:][:digit:]_]+$", b"ab3_"),
        (rb"^[]a]+$", b"]a]"),
        (rb"^[^]a]+$", b"bcd"),
        (rb"^[[a]+$", b"[a["),
        (rb"^[\b\t\101\c@]+$", b"\x08\tA\0"),
        (rb"^a{,3}b$", b"a{,3}b"),
        (rb"^a{x}b$", b"a{x}b"),
        (rb"^(?<name>a)\1$", b"aa"),
        (rb"^(?:a|b)(?=c)c(?<=c)(?<!d)(?!e)", b"bc"),
        (rb"^\m\_\-\/$", b"m_-/"),
        (rb"^a[\m\-]b$", b"amb"),
        (rb"^(?i)abc$", b"aBC"),
        (rb"^a++b*+(?>c)$", b"aabbc"),
        (rb"^(?#words)a$", b"a"),
        (rb"^\xe9$", b"\xe9"),
        ("^é$".encode("latin-1"), b"\xe9"),
        (rb"^\d\w\s\S\W\D$", b"1a .-x"),
    ],
)
def test_pcre_spelled_for_python(pcre, answer):
    made = read(pcre)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert re.search(made.spelled, answer), made.spelled
    assert made.possible(answer, answer.lower())
    assert not re.search(made.spelled, b"]a\x07 else")


@pytest.mark.parametrize("pcre", [rb"\Kb", rb"\pL", rb"(?|a|b)", rb"a(?i)b", b"a\\", b"(a", b"[a", b"*"])
def test_what_python_has_no_word_for_is_left_to_be_refused(pcre):
    with pytest.raises(re.error):
        re.compile(read(pcre).spelled)


@pytest.mark.parametrize(
    ("pcre", "needed"),
    [
        (rb"^220 (.*) FTP ready", (b" FTP ready", b"220 ")),
        (rb"colou?r", (b"colo", b"r")),
        (rb"ab+c", (b"ab", b"c")),
        (rb"ab*c", (b"a", b"c")),
        (rb"ab{0,2}c", (b"a", b"c")),
        (rb"ab{00}c", (b"a", b"c")),
        (rb"ab{2}c", (b"ab", b"c")),
        (rb"a|b", ()),
        (rb"x(a|b)y", (b"x", b"y")),
        (rb"x(?:abc)?y", (b"x", b"y")),
        (rb"\x41\r\n\.", (b"A\r\n.",)),
        (rb"(?x)a b", ()),
        (rb"[abc]\d.", ()),
        (rb"a)b", ()),
        (rb"(ab", ()),
        (rb"\Qa+b\E?c", (b"a+", b"c")),
    ],
)
def test_what_an_answer_must_contain(pcre, needed):
    assert read(pcre).needed == needed


def test_only_the_longest_are_kept():
    assert read(rb"aaaaa.bbbb.ccc.dd.e").needed == (b"aaaaa", b"bbbb", b"ccc", b"dd")
    assert LITERALS == 4


@pytest.mark.parametrize("made", [read(b"AbC", ignore_case=True), read(b"(?i)AbC"), read(b"^(?i)AbC")])
def test_without_regard_to_case_the_answers_lower_case_is_looked_at(made):
    assert made.needed == (b"abc",)
    assert made.possible(b"xABC", b"xabc")
    assert not made.possible(b"abd", b"abd")


def test_an_answer_without_a_needed_byte_is_not_tried():
    made = Pattern(b"ab.*cd", (b"ab", b"cd"))
    assert made.possible(b"ab cd", b"")
    assert not made.possible(b"ab c", b"")


def test_text_keeps_its_own_spelling_and_needs_ascii_only():
    assert literals("café?s".encode()).needed == (b"caf", b"s")
    assert literals(rb"^Foo\h").spelled == rb"^Foo\h"
    assert literals(rb"^(?i)Foo", ignore_case=False) == Pattern(b"(?i)^Foo", (b"foo",), folded=True)


PIECES = st.sampled_from(
    (
        *(b"a", b"b", b"AB", b".", b"[ab]", b"(a|b)", b"(?:ab)", b"^", b"$", b"|", b"?", b"*", b"+", b"{2}", b"{0,1}"),
        *(rb"\x61", rb"\101", rb"\n", rb"\.", rb"\Qa*\E", b"(", b")", b"(?i)", b"[^a]", rb"\d", b"{", b"}", b"(?!b)"),
    )
)


@given(st.lists(PIECES, max_size=8), st.text("abAB\n*.", max_size=10), st.booleans())
def test_no_match_is_ever_held_back(pieces, text, ignore_case):
    """The prefilter's whole worth is that it is sound."""
    made, answer = read(b"".join(pieces), ignore_case=ignore_case), text.encode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = re.search(made.spelled, answer, re.IGNORECASE if ignore_case else 0)
    except re.error:
        return
    assert not found or made.possible(answer, answer.lower())


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read(pattern, ignore_case):
    assert isinstance(read(pattern, ignore_case=ignore_case), Pattern)
    assert isinstance(literals(pattern, ignore_case=ignore_case), Pattern)
