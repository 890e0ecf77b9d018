"""Completion scripts know every verb, option and choice, and shells take them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from hb_engine.faces.cli.completion import script
from hb_engine.faces.cli.main import declarations
from hb_engine.faces.cli.options import Argument, Option, Verb, all_options

VERBS = declarations()
SHELLS = ("bash", "zsh", "fish")
HARD = Verb("hard", "it's: [a] (b) | c", Argument("X|Y", ""), (Option("odd", "it's: [a] (b)", "o", "N|M"),))


@pytest.mark.parametrize("shell", SHELLS)
def test_everything_declared_is_in_the_script(shell):
    text = script(shell, VERBS)
    for verb in VERBS[1:]:
        assert verb.name in text
        for option in all_options(verb):
            assert option.name in text
            assert " ".join(option.choices) in text
    assert text.isascii()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("verbs", [VERBS, [*VERBS, HARD]], ids=["ours", "hard to quote"])
def test_the_shell_finds_no_fault_in_it(shell, verbs, tmp_path):
    program = shutil.which(shell) or pytest.skip(f"{shell} is not installed")
    path = tmp_path / "completion"
    path.write_text(script(shell, verbs))
    done = subprocess.run([program, "-n", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


COMPLETED = {
    ("hb", ""): {*[verb.name for verb in VERBS[1:]], "--help", "--version", "--json"},
    ("hb", "p"): {"plan", "port", "propose", "prune"},
    ("hb", "po"): {"port"},
    ("hb", "ls", "--tr"): {"--transport"},
    ("hb", "ls", "-t", "u"): {"udp", "udplite"},
    ("hb", "ls", "--transport", "tcp,ud"): {"tcp,udp", "tcp,udplite"},
    ("hb", "ls", "--sort", "s"): {"scope", "severity", "started"},
    ("hb", "ls", "--port", ""): set(),
    ("hb", "completion", "b"): {"bash"},
    ("hb", "port", "--p"): {"--pressure"},
}


@pytest.mark.parametrize(("typed", "offered"), COMPLETED.items())
def test_bash_offers_what_fits(typed, offered):
    program = shutil.which("bash") or pytest.skip("bash is not installed")
    test = f"""{script("bash", VERBS)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hb; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run([program, "-c", test, "bash", *typed], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == offered
