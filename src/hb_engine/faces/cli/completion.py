"""Completion scripts for bash, zsh and fish, generated from the verbs' declarations.

The scripts hold plain word lists and start no hb: a keystroke must not look at the machine. Ports, processes and names
are left to the person; choices and options are completed.
"""

from __future__ import annotations

from hb_engine.faces.cli.options import all_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Option, Verb

FIRST = "summary"


def script(shell: str, verbs: list[Verb]) -> str:
    """The script for bash, zsh or fish."""
    return {"bash": bash, "zsh": zsh, "fish": fish}[shell](verbs)


def bash(verbs: list[Verb]) -> str:
    """A function for complete -F; lists complete their last item."""
    cases = "".join([_bash_verb(verb) for verb in _typed(verbs)])
    names = " ".join([verb.name for verb in _typed(verbs)])
    return f"""# hb: completion for bash, made by: hb completion bash
_hb() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} verb=${{COMP_WORDS[1]}} words=''
    COMPREPLY=()
    if (( COMP_CWORD == 1 )); then
        words='{names} --help --version --json'
    else
        case $verb in
{cases}        esac
    fi
    local before=''
    [[ $current == *,* ]] && before=${{current%,*}},
    COMPREPLY=($(compgen -W "$words" -P "$before" -- "${{current##*,}}"))
}}
complete -F _hb hb
"""


def zsh(verbs: list[Verb]) -> str:
    """A function for compdef, with descriptions."""
    names = "\n".join([f"        {_quoted(f'{verb.name}:{verb.summary}')}" for verb in _typed(verbs)])
    cases = "".join([_zsh_verb(verb) for verb in _typed(verbs)])
    return f"""#compdef hb
# hb: completion for zsh, made by: hb completion zsh
_hb() {{
    local -a verbs
    verbs=(
{names}
    )
    if (( CURRENT == 2 )); then
        _describe 'verb' verbs
        return
    fi
    local verb=$words[2]
    shift words
    (( CURRENT-- ))
    case $verb in
{cases}    esac
}}
compdef _hb hb
"""


def fish(verbs: list[Verb]) -> str:
    """Lines of complete -c hb."""
    lines = ["# hb: completion for fish, made by: hb completion fish", "complete -c hb -f"]
    for verb in _typed(verbs):
        lines.append(f"complete -c hb -n __fish_use_subcommand -a {verb.name} -d {_quoted(verb.summary)}")
        seen = f"-n '__fish_seen_subcommand_from {verb.name}'"
        lines += [f"complete -c hb {seen} {_fish_option(option)}" for option in all_options(verb)]
        if verb.argument and verb.argument.choices:
            lines.append(f"complete -c hb {seen} -a {_quoted(' '.join(verb.argument.choices))}")
    return "\n".join(lines) + "\n"


def _typed(verbs: list[Verb]) -> list[Verb]:
    return [verb for verb in verbs if verb.name != FIRST]


def _bash_verb(verb: Verb) -> str:
    lines = [f"        {verb.name})", f"            words='{' '.join(_bash_words(verb))}'"]
    chosen = [option for option in all_options(verb) if option.value]
    if chosen:
        lines += ["            case $previous in", *[_bash_values(option) for option in chosen], "            esac"]
    return "\n".join([*lines, "            ;;"]) + "\n"


def _bash_words(verb: Verb) -> list[str]:
    return [*[f"--{option.name}" for option in all_options(verb)], *(verb.argument.choices if verb.argument else ())]


def _bash_values(option: Option) -> str:
    names = "|".join([f"--{option.name}", *([f"-{option.short}"] if option.short else [])])
    return f"                {names}) words='{' '.join(option.choices)}' ;;"


def _zsh_verb(verb: Verb) -> str:
    specs = [_zsh_option(option) for option in all_options(verb)]
    if verb.argument:
        action = f"({' '.join(verb.argument.choices)})" if verb.argument.choices else " "
        specs.append(_quoted(f"*:{_plain(verb.argument.name)}:{action}"))
    joined = " \\\n                ".join(specs)
    return f"        {verb.name})\n            _arguments -s \\\n                {joined}\n            ;;\n"


def _zsh_option(option: Option) -> str:
    end = f"[{_plain(option.help)}]"
    if option.value:
        several = (
            f"_values -s , {_plain(option.name)} {' '.join(option.choices)}"
            if option.kind == "list"
            else f"({' '.join(option.choices)})"
        )
        end += f":{_plain(option.value)}:{several if option.choices else ' '}"
    names = [
        f"--{option.name}{'=' if option.value else ''}",
        *([f"-{option.short}{'+' if option.value else ''}"] if option.short else []),
    ]
    return " ".join([_quoted(f"{name}{end}") for name in names])


def _fish_option(option: Option) -> str:
    parts = [f"-l {option.name}", f"-s {option.short}" if option.short else "", "-x" if option.value else ""]
    parts += [f"-a {_quoted(' '.join(option.choices))}" if option.choices else "", f"-d {_quoted(option.help)}"]
    return " ".join([part for part in parts if part])


def _plain(text: str) -> str:
    """Text without the characters that mean something inside a zsh specification."""
    return "".join([" " if character in "[]:|()" else character for character in text]).strip()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
