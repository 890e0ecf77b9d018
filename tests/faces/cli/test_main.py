"""The command line finds verbs, keeps its exit statuses, and shows no traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import Full, Gone, Pipe, Terminal, is_safe, output

from hb_engine.faces.cli import main as cli
from hb_engine.model.errors import BadInput, CannotLook, HbError, TooSoon

VERBS = [
    *("accept", "check", "completion", "diff", "explain", "generate", "history", "learn", "lint", "ls", "plan", "port"),
    *("propose", "prune", "record", "register", "review", "scan", "scope", "serve", "snapshot", "summary"),
    *("update", "why"),
]


def run(*line, stdout=None):
    stdout, stderr = stdout or Pipe(), Pipe()
    status = cli.main(list(line), output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_the_folder_is_the_list_of_verbs():
    assert cli.names() == VERBS
    assert [verb.name for verb in cli.declarations()] == ["summary", *[name for name in VERBS if name != "summary"]]


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_s_module_declares_itself(name):
    module = cli.load(name)
    assert module.VERB.name == name
    assert callable(module.run)


def test_no_verb_is_the_summary(app):
    assert run()[0] == 0
    assert app.asked[0][0] == "look"
    assert json.loads(run("--json")[1])["kind"] == "inventory"


@pytest.mark.parametrize(
    "line", [["--help"], ["-h"], ["help"], ["--help", "ls"], ["help", "ls"], ["ls", "--help"], ["ls", "-h"]]
)
def test_help_is_found_however_it_is_asked_for(line):
    status, out, err = run(*line)
    assert (status, err) == (0, "")
    assert "hb ls" in out


def test_the_version():
    for line in (["--version"], ["-V"]):
        assert run(*line)[1].startswith("hb 0.")


MISTAKES = {
    ("lss",): "Did you mean hb ls?",
    ("prot", "1703"): "Did you mean hb port?",
    ("frobnicate",): "See hb --help.",
    ("1703",): "Did you mean hb port 1703, or hb why 1703?",
    ("tcp/1703",): "Did you mean hb port tcp/1703, or hb why tcp/1703?",
    ("../../etc",): "See hb --help.",
    ("__init__",): "See hb --help.",
    ("",): "See hb --help.",
    ("ls", "--prot", "22"): "Did you mean --port?",
    ("--jsn",): "Did you mean --json?",
    ("help", "lss"): "Did you mean hb ls?",
    ("port",): "Usage: hb port [OPTIONS] PORT|NAME...",
}


@pytest.mark.parametrize(("line", "remedy"), MISTAKES.items())
def test_mistakes_are_named_and_remedied(line, remedy):
    status, out, err = run(*line)
    assert status == 2
    assert out == ""
    assert err.startswith("hb: ")
    assert remedy in err


@pytest.mark.parametrize("word", ["\x1b[31m", "a\nb", "\u202e", "\udcff", "x" * 5000])
def test_mistakes_are_repeated_without_what_a_terminal_obeys(word):
    status, _, err = run(word)
    assert status == 2
    assert is_safe(err)


def test_an_error_is_a_document_too_where_json_was_asked_for():
    status, out, err = run("ls", "--port", "70000", "--json")
    told = json.loads(out)
    assert status == 2
    assert (told["schema"], told["kind"], told["error"]) == ("hb/1", "error", "bad-input")
    assert told["message"] in err
    assert run("ls", "--port", "70000", "--", "--json")[1] == ""


@pytest.mark.parametrize(
    "error",
    [BadInput("a", "b"), CannotLook("netlink refused", "Run as root."), TooSoon("wait", "5 minutes"), HbError("x")],
)
def test_every_error_of_ours_is_exit_2_with_its_remedy(app, error):
    def refuse(*_, **__):
        raise error

    app.answers["look"] = refuse
    status, out, err = run("ls")
    assert (status, out) == (2, "")
    assert error.message in err
    assert error.remedy in err


def test_an_unforeseen_error_is_one_line_and_a_way_to_report_it(app, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("division by\nzero")

    app.answers["look"] = fail
    monkeypatch.delenv("HB_DEBUG", raising=False)
    status, _, err = run("ls")
    assert status == 2
    assert "ZeroDivisionError: division by\\nzero" in err
    assert "HB_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("HB_DEBUG", "1")
    assert "Traceback" in run("ls")[2]


def test_an_interrupt_is_130(app):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    app.answers["look"] = interrupt
    assert run("ls") == (130, "", "")


def test_a_reader_that_has_enough_is_no_trouble(app):
    assert run("ls", stdout=Gone())[0] == 0
    assert run("ls", "--json", stdout=Gone())[0] == 0


def test_a_full_disk_is_trouble_and_its_json_too(app):
    status, _, err = run("ls", stdout=Full())
    assert status == 2
    assert "No space left on device" in err
    assert run("ls", "--json", stdout=Full())[0] == 2


def test_only_the_verb_that_was_asked_for_is_imported(app, monkeypatch):
    imported = []
    original = cli._module

    def remember(name):
        imported.append(name)
        return original(name)

    monkeypatch.setattr(cli, "_module", remember)
    run("ls")
    assert imported == ["ls"]


def test_where_there_is_no_folder_the_names_decide(app, monkeypatch):
    monkeypatch.setattr(cli, "_path", lambda _: "/nowhere")
    assert run("ls")[0] == 0
    assert run("lss")[0] == 2


def test_a_terminal_is_told_in_colour(app):
    stdout = Terminal()
    assert run("why", "1703", stdout=stdout)[0] == 0
    assert "\x1b[1;31m" in stdout.getvalue()


@given(st.lists(st.text(max_size=8), max_size=4))
def test_no_words_bring_a_traceback(words):
    # a verb that looks at the machine is another test's; here the first word is never one
    line = [f"?{word}" if word in VERBS or not word.startswith("-") else word for word in words] or ["?"]
    line = line if line[0].startswith("?") else ["?", *line]
    status, _, err = run(*line)
    assert status == 2
    assert is_safe(err)
