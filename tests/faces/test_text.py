"""Strangers' text never reaches a terminal as anything but what can be seen."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import HOSTILE, is_safe

from hb_engine.faces import text

CASES = {
    "plain": ("nginx", "nginx"),
    "letters of other scripts": ("naïve 日本 Ελλάς", "naïve 日本 Ελλάς"),
    "escape sequence": ("\x1b[2J", "\\x1b[2J"),
    "line feed": ("a\nb\r\tc", "a\\nb\\r\\tc"),
    "C1": ("\x9b31m", "\\x9b31m"),
    "right-to-left override": ("txt.\u202egpj", "txt.\\u202egpj"),
    "isolates": ("\u2066x\u2069", "\\u2066x\\u2069"),
    "zero width": ("a\u200bb\u200d\ufeff", "a\\u200bb\\u200d\\ufeff"),
    "bytes that were no UTF-8": ("\udcff\udc80", "\\xff\\x80"),
    "a lone surrogate": ("\ud800", "\\ud800"),
    "no-break space": ("a\xa0b", "a\\xa0b"),
    "letters that look like nothing": ("\u3164\u115f\u2800", "\\u3164\\u115f\\u2800"),
    "beyond the basic plane": ("\U000e0001", "\\U000e0001"),
    "line separators": ("a\u2028b\u2029\x85", "a\\u2028b\\u2029\\x85"),
    "a mark on its own": ("\u0301\u0302\u0303", "\\u0301\\u0302\\u0303"),
    "an accent in two parts": ("e\u0301", "e\u0301"),
    "a pile of marks": ("e" + "\u0301" * 5, "e" + "\u0301" * 3 + "\\u0301" * 2),
    "emoji": ("🔥", "🔥"),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("raw", "shown"), CASES.values(), ids=CASES)
def test_what_cannot_be_seen_is_written_out(raw, shown):
    assert text.escape(raw) == shown


@given(st.text())
def test_no_text_comes_through_with_a_control(raw):
    assert is_safe(text.escape(raw).replace("\n", "\0"))


@given(st.binary())
def test_no_bytes_of_a_process_name_come_through(raw):
    shown = text.escape(raw.decode("utf-8", "surrogateescape"))
    assert shown.isprintable()
    shown.encode("utf-8")  # raises for half a surrogate pair


@given(st.text(st.characters(categories=["L", "N", "P"], exclude_characters=text.INVISIBLE)))
def test_visible_text_is_left_alone(raw):
    assert text.escape(raw) == raw


@given(st.text(), st.integers(0, 40))
def test_clipped_text_fits(raw, columns):
    shown = text.clip(text.escape(raw), columns)
    assert text.width(shown) <= columns


@given(st.text(), st.integers(1, 40))
def test_clipping_cuts_only_what_does_not_fit_and_says_so(raw, columns):
    whole = text.escape(raw)
    shown = text.clip(whole, columns)
    assert (shown == whole) == (text.width(whole) <= columns)
    if shown != whole:
        assert shown.endswith(text.ELLIPSIS)
        assert whole.startswith(shown[:-1])


def test_wide_characters_take_two_columns_and_marks_none():
    assert text.width("日本") == 4
    assert text.width("\uff21") == 2
    assert text.width("e\u0301") == 1
    assert text.width("naïve") == 5
    assert text.clip("日本語", 4) == "日…"
    assert text.clip("日本語", 5) == "日本…"


def test_hostile_names_of_any_length_are_clipped_to_their_column():
    for name in HOSTILE:
        assert text.width(text.clip(text.escape(name), 12)) <= 12


def test_our_symbols_have_plain_forms_and_the_rest_is_escaped():
    assert text.to_ascii("✗ a → b … ▁█") == "x a -> b ~ 18"
    assert text.to_ascii("日") == "\\u65e5"
    assert text.to_ascii("plain") == "plain"


def test_quotes_show_where_a_name_ends():
    assert text.quoted("a b") == '"a b"'
    assert text.quoted('a" b') == '"a\\" b"'
    assert text.quoted("a\n") == '"a\\n"'


SHELL = {
    "ssh.service": "ssh.service",
    "getty@tty1.service": "getty@tty1.service",
    "dev-disk-by\\x2duuid.swap": "'dev-disk-by\\x2duuid.swap'",
    "a b": "'a b'",
    "$(id)": "'$(id)'",
    "it's": "'it'\\''s'",
    "; rm -rf /": "'; rm -rf /'",
    "": None,
    "a\nb": None,
    "\x1b": None,
    "x\u202ey": None,
}


@pytest.mark.parametrize(("raw", "word"), SHELL.items())
def test_what_a_person_may_paste_is_one_word_of_the_shell(raw, word):
    assert text.shell_word(raw) == word


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_shell_word_has_no_character_left_to_interpret(raw):
    word = text.shell_word(raw)
    if word is not None and word[0] != "'":
        assert not set(word) & set(' $`"\\;&|<>(){}[]*?~!#\n')


def test_the_shell_reads_back_what_was_quoted():
    names = [name for name in (*SHELL, *HOSTILE) if text.shell_word(name)]
    words = [text.shell_word(name) or "" for name in names]
    script = f"printf '%s\\0' {' '.join(words)}"
    shell = shutil.which("bash") or pytest.skip("no bash to ask")
    done = subprocess.run([shell, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == names


def test_counts_and_lists_read_as_sentences():
    assert text.plural(1, "way") == "1 way"
    assert text.plural(0, "way") == "0 ways"
    assert text.plural(2, "entry", "entries") == "2 entries"
    assert text.joined([]) == ""
    assert text.joined(["a"]) == "a"
    assert text.joined(("a", "b", "c")) == "a, b and c"
    assert text.joined(["a", "b"], "or") == "a or b"
