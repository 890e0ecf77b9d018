"""`hb completion SHELL`: a script that completes verbs, options and choices, made from the declarations."""

from __future__ import annotations

from hb_engine.faces.cli.options import Argument, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

SHELLS = ("bash", "zsh", "fish")
VERB = Verb(
    "completion",
    "completion for a shell",
    Argument("SHELL", "bash, zsh or fish", 1, 1, SHELLS),
    examples=(
        ('eval "$(hb completion bash)"', "in ~/.bashrc"),
        ('eval "$(hb completion zsh)"', "in ~/.zshrc, after compinit"),
        ("hb completion fish > ~/.config/fish/completions/hb.fish", "once"),
    ),
)


def run(asked: Asked, output: Output) -> int:
    """Write the script. Returns 0."""
    from hb_engine.faces.cli.completion import script  # help needs none of it
    from hb_engine.faces.cli.main import declarations  # as above

    output.write(script(asked.words[0], declarations()))
    return 0
