"""The option parser takes what people type, and tells them what they meant where they slipped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.cli.options import JSON, Argument, Asked, Option, Verb, parse, usage
from hb_engine.model.errors import BadInput

VERB = Verb(
    "list",
    "a verb for tests",
    Argument("WORD", "words"),
    (
        Option("port", "ports", "p", "22,80", "list"),
        Option("process", "processes", "", "NAME"),
        Option("sort", "order", "s", "KEY", "text", ("port", "user")),
        Option("transport", "transports", "t", "NAME", "list", ("tcp", "udp")),
        Option("days", "days", "d", "N", "int", (), 1, 30),
        Option("wide", "more", "w"),
        Option("all", "all", "a"),
        JSON,
    ),
)


def asked(*line):
    return parse(VERB, list(line))


def refused(*line):
    with pytest.raises(BadInput) as caught:
        asked(*line)
    return f"{caught.value.message} | {caught.value.remedy}"


@pytest.mark.parametrize(
    "line", [["--sort=user"], ["--sort", "user"], ["-s", "user"], ["-suser"], ["-s=user"], ["--so", "user"]]
)
def test_every_way_to_give_a_value(line):
    assert asked(*line).text("sort") == "user"


def test_flags_may_share_a_dash_and_the_last_may_take_a_value():
    found = asked("-wasuser", "word")
    assert found.flag("wide")
    assert found.flag("all")
    assert found.text("sort") == "user"
    assert found.words == ("word",)
    assert asked("-wp", "22").many("port") == ("22",)


def test_what_was_not_given_is_empty():
    found = asked()
    assert not found.flag("wide")
    assert found.text("sort") == ""
    assert found.many("port") == ()
    assert found.number("days") is None
    assert found.words == ()


def test_what_was_given_as_another_kind_is_empty_too():
    found = Asked({"x": True, "n": 3, "t": "y", "l": ("z",)}, ())
    assert found.text("x") == ""
    assert found.number("x") is None
    assert found.many("t") == ()
    assert not found.flag("n")


def test_lists_take_commas_and_repetition():
    assert asked("-p", "22,80", "--port=443", "-p8080-8090,").many("port") == ("22", "80", "443", "8080-8090")
    assert asked("--port", " 22 , 80 ").many("port") == ("22", "80")


def test_a_repeated_option_takes_the_last():
    assert asked("--sort=port", "--sort=user").text("sort") == "user"


def test_two_dashes_end_the_options():
    assert asked("-w", "--", "--sort", "-x").words == ("--sort", "-x")


def test_a_dash_alone_and_a_negative_number_are_words():
    assert asked("-", "-1", "-65536").words == ("-", "-1", "-65536")


def test_numbers_know_their_range():
    assert asked("--days", "30").number("days") == 30
    assert asked("-d7").number("days") == 7
    assert refused("--days", "31") == "--days cannot be 31 | It is a number from 1 to 30."
    assert refused("--days", "0").startswith("--days cannot be 0")
    assert refused("--days=-5").startswith("--days cannot be -5")
    assert refused("--days", "x").startswith("--days needs a number, not 'x'")
    assert refused("--days", "9" * 5000).startswith("--days needs a number")
    assert refused("--days", "٣").startswith("--days needs a number")


def test_choices_say_what_was_meant():
    assert refused("--sort", "usr") == "--sort cannot be 'usr' | Did you mean user?"
    assert refused("--sort", "qqq") == "--sort cannot be 'qqq' | It is one of port, user."
    assert refused("-t", "tcp,upd") == "-t cannot be 'upd' | Did you mean udp?"


def test_abbreviations_must_be_unambiguous():
    assert asked("--trans", "udp").many("transport") == ("udp",)
    assert refused("--p", "1") == "--p could be --port or --process | Type more letters of it."
    assert asked("--port", "1").many("port") == ("1",)


def test_unknown_options_say_what_was_meant():
    assert refused("--prot", "1") == "hb list has no option --prot | Did you mean --port?"
    assert refused("--frob") == "hb list has no option --frob | See hb list --help."
    assert refused("-x") == "hb list has no option -x | See hb list --help."
    assert refused("-json") == "hb list has no option -j | Did you mean --json?"
    assert refused("-wx") == "hb list has no option -x (in -wx) | See hb list --help."
    assert refused("--=3").startswith("hb list has no option --")


def test_values_that_are_missing_or_too_many():
    assert refused("--sort") == "--sort needs a value: KEY | It is one of port, user."
    assert refused("--process", "--wide") == "--process needs a value: NAME | It takes processes."
    assert refused("-p") == "-p needs a value: 22,80 | It takes ports."
    assert refused("--port=") == "--port needs a value: 22,80 | It takes ports."
    assert refused("--wide=yes") == "--wide takes no value | Type --wide alone."
    assert asked("--process=").text("process") == ""


def test_words_are_counted():
    one = Verb("one", "", Argument("PORT", "a port", 1, 1, ("a", "b")))
    assert parse(one, ["a"]).words == ("a",)
    for line, message in (
        ([], "hb one needs PORT: a port"),
        (["a", "b"], "'b' is one word too many"),
        (["c"], "hb one knows no 'c'"),
    ):
        with pytest.raises(BadInput) as caught:
            parse(one, line)
        assert caught.value.message == message
    with pytest.raises(BadInput, match="takes no 'x'"):
        parse(Verb("none", ""), ["x"])


def test_help_is_asked_for_before_anything_is_missing():
    assert parse(Verb("one", "", Argument("PORT", "a port", 1)), ["-h"]).flag("help")
    assert parse(VERB, ["--help"]).flag("help")


def test_a_digit_may_be_an_option_where_one_is_declared():
    verb = Verb("v", "", Argument("W", ""), (Option("ipv4", "", "4"),))
    assert parse(verb, ["-4"]).flag("ipv4")
    assert parse(verb, ["-1"]).words == ("-1",)


def test_usage_shows_what_may_be_left_out():
    assert usage(VERB) == "hb list [OPTIONS] [WORD...]"
    assert usage(Verb("one", "", Argument("PORT", "", 1, 1))) == "hb one [OPTIONS] PORT"
    assert usage(Verb("summary", "")) == "hb [OPTIONS]"


@given(st.lists(st.text(max_size=12), max_size=6))
def test_no_line_raises_anything_but_bad_input(line):
    try:
        asked(*line)
    except BadInput as error:
        assert error.message  # noqa: PT017 - either outcome is right


@given(
    st.lists(
        st.sampled_from(["-w", "-a", "-p", "22", "--port=1,2", "--sort", "user", "--", "-tudp", "word", "-", "--al"])
    )
)
def test_no_line_of_known_pieces_raises_anything_but_bad_input(line):
    try:
        found = asked(*line)
    except BadInput:
        return
    assert set(found.words) <= set(line)


def test_a_length_of_time_may_begin_with_a_dash():
    """--at -2d: no option begins with a digit."""
    verb = Verb("ls", "", None, (Option("at", "", "", "TIME"), Option("all", "", "a")))
    assert parse(verb, ["--at", "-2d"]).text("at") == "-2d"
    with pytest.raises(BadInput, match="--at needs a value"):
        parse(verb, ["--at", "-a"])
