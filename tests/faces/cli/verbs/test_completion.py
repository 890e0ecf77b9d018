"""hb completion writes a script for a shell that it knows."""

from __future__ import annotations

import pytest
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.cli.verbs.completion import SHELLS


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["completion", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(shell):
    status, script, err = run(shell)
    assert (status, err) == (0, "")
    assert f"completion for {shell}" in script


@pytest.mark.parametrize("line", [[], ["tcsh"], ["bash", "zsh"]])
def test_other_shells_are_refused(line):
    status, script, err = run(*line)
    assert (status, script) == (2, "")
    assert "bash" in err or "Usage" in err
