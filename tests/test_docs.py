"""The pages tell the truth: generated ones are current, links lead somewhere, every command shown is one that hb takes.

Commands are only read by the option parser, never run: a page may speak of what this machine cannot do.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import shlex

import pytest

from hb_engine.faces.cli.main import FIRST, declarations, load
from hb_engine.faces.cli.options import parse
from hb_engine.model.errors import BadInput

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)|(?:src|srcset|href)=\"([^\"]+)\"")
ENDS = {"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "#"}
PROMPTS = ("$ ", "# ", "")


def pages() -> list[str]:
    """Every Markdown page of the project, as a path from its top."""
    found = []
    for at, folders, names in os.walk(TOP):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("dist", "build")]
        found += [os.path.relpath(os.path.join(at, name), TOP) for name in names if name.endswith(".md")]
    return sorted(found)


PAGES = pages()


@functools.cache
def text_of(page: str) -> str:
    with open(os.path.join(TOP, page), encoding="utf-8") as file:
        return file.read()


# -- what is generated


@pytest.mark.slow
def test_generated_pages_are_current(capsys):
    status = importlib.import_module("tools.build_docs").main(["--check"])
    assert status == 0, capsys.readouterr().err


# -- links


def links(page: str) -> list[str]:
    """Where a page leads inside the project."""
    prose = SPAN.sub("", FENCE.sub("", text_of(page)))
    targets = [first or second for first, second in LINK.findall(prose)]
    return [target for target in targets if not re.match(r"[a-z][a-z+.-]*:", target)]


def anchors(page: str) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        there = os.path.exists(os.path.join(TOP, target))
        if not there or (anchor and target.endswith(".md") and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


# -- commands


def shown(text: str) -> list[str]:
    """The command lines that a page shows: in blocks of shell, after prompts in other blocks, and in running text."""
    found = []
    for language, body in FENCE.findall(text):
        prompts = PROMPTS if language in ("sh", "bash", "shell") else PROMPTS[:2] if language == "console" else ("$ ",)
        for line in body.replace("\\\n", " ").splitlines():
            found += [line.removeprefix(prompt) for prompt in prompts if line.startswith(prompt)][:1]
    found += [span.replace("\\|", "|") for span in SPAN.findall(FENCE.sub("", text))]
    return found + [inner for line in found for inner in re.findall(r"\$\(([^()]+)\)", line)]


def words_of(line: str) -> list[str]:
    """The words of the first command of a line, sudo and variables left out; none for what is no command line."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = "#"
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe: prose
        return []
    end = next((place for place, word in enumerate(words) if word in ENDS), len(words))
    words = words[:end]
    while words and (words[0] == "sudo" or re.fullmatch(r"[A-Z_]+=\S*", words[0])):
        del words[0]
    return words


def asked_of(name: str, page: str) -> list[list[str]]:
    """What a page asks of a program: the words after its name."""
    lines = [words_of(line) for line in shown(text_of(page))]
    return [words[1:] for words in lines if words[:1] in ([name], [f"./{name}"])]


def taken(words: list[str]) -> str:
    """Nothing for words that hb takes, else its complaint. A verb alone is its name, and need not be whole."""
    if words[:1] in (["--version"], ["--help"], ["help"]) or "[OPTIONS]" in "".join(words) or words[:1] == ["VERB"]:
        return ""
    verb, rest = (words[0], words[1:]) if words and not words[0].startswith("-") else (FIRST, words)
    try:
        module = load(verb)
        if rest:
            parse(module.VERB, rest)
    except BadInput as error:
        return f"hb {' '.join(words)}: {error.message}"
    return ""


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_hb_is_one_that_it_takes(page):
    assert not [complaint for words in asked_of("hb", page) if (complaint := taken(words))]


@pytest.mark.parametrize("verb", declarations(), ids=lambda verb: verb.name)
def test_every_example_of_a_verb_is_one_that_it_takes(verb):
    assert verb.examples
    for line, does in verb.examples:
        inner = re.findall(r"\$\(([^()]+)\)", line) or [line]
        assert words_of(inner[0])[0] == "hb"
        assert not taken(words_of(inner[0])[1:])
        assert does


def targets() -> set[str]:
    """What make can make here."""
    with open(os.path.join(TOP, "Makefile"), encoding="utf-8") as file:
        return set(re.findall(r"^([a-z]+):", file.read(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_exists(page):
    asked = [word for words in asked_of("make", page) for word in words if word.isalpha() and word.islower()]
    assert not set(asked) - targets()


def test_the_readme_begins_with_the_two_commands():
    assert [] in asked_of("hb", "README.md"), "the README does not show ./hb"
    assert ["test"] in asked_of("make", "README.md"), "the README does not show make test"
    assert os.access(os.path.join(TOP, "hb"), os.X_OK)
    with open(os.path.join(TOP, ".ci", "run"), encoding="utf-8") as file:
        assert "make test" in file.read()


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("```sh\nsudo ./hb ls -t udp | head\nmake test # all\n```", [["ls", "-t", "udp"]]),
        ("```\n$ hb why 1703\nhb 0.1.0\n```", [["why", "1703"]]),
        ("see `HB_BPF=no hb ls`, or `hb.pyz`, and hb itself", [["ls"]]),
        ('| `eval "$(hb completion bash)"` |', [["completion", "bash"]]),
        ("| `hb ls --json \\| jq .` |", [["ls", "--json"]]),
    ],
)
def test_how_commands_are_found(text, commands, monkeypatch):
    monkeypatch.setitem(globals(), "text_of", lambda _: text)
    assert asked_of("hb", "") == commands


def test_a_wrong_command_is_found():
    assert "no verb 'lss'" in taken(["lss"])
    assert "--jsn" in taken(["ls", "--jsn"])
