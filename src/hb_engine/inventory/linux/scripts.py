"""What an interpreter runs: the script, module, jar or assembly behind python3, java, node and their like.

A packaged interpreter says little about what listens; its command line says the rest. Each family has its own options
that take a value, or that end the options, so that `python3 -W ignore app.py` is app.py and not ignore. A command line
is what its process claims, and it can be rewritten: what comes out of here is a claim too, and whoever uses a path
looks whether it is there. It refuses to guess: a title, a prompt or an unknown shape give None.

Sources: the manual pages and --help texts of the interpreters named here.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MULTICALL = ("busybox", "toybox")  # one file, many names: which one is meant stands in the first argument
NO_FILES = ("http://", "https://", "npm:", "jsr:", "node:", "data:")  # what deno and node run besides files
FLAVOURS = ("", "-static", "-dbg", "-debug")  # behind a name: bash-static; anything else is another program
BUILDS = ("d", "t", "td")  # behind a version: python3.13t without the global lock, python3.11d for debugging


@record
class Grammar:
    """How one family reads its command line, letters for short options and words for long ones.

    The value of `valued` is the rest of the word or the next one; that of `sticky` only the rest of the word. `inline`:
    what runs stands in the command line itself. `quiet`: the same, but a script may still follow (lua -e). `module`:
    the value is the module. `file`: the value is the script. `stdin`: what runs comes from standard input.
    """

    valued: str = ""
    sticky: str = ""
    inline: str = ""
    quiet: str = ""
    module: str = ""
    file: str = ""
    stdin: str = ""
    long_valued: frozenset[str] = frozenset()
    long_inline: frozenset[str] = frozenset()
    bare: bool = True  # whether the first word that is no option is the script


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NODE_VALUED = _words(
    "--require --import --loader --experimental-loader --conditions --env-file --env-file-if-exists --title "
    "--inspect-port --icu-data-dir --openssl-config --input-type --redirect-warnings --diagnostic-dir "
    "--report-directory --watch-path --unhandled-rejections --dns-result-order --experimental-default-type "
    "--max-http-header-size --localstorage-file"
)
GRAMMARS = {
    "python": Grammar(valued="WXQ", inline="c", module="m", long_valued=_words("--check-hash-based-pycs")),
    "perl": Grammar(valued="I", inline="eE", sticky="CDFMVdimx"),
    "ruby": Grammar(
        valued="IrCE", inline="e", sticky="FKWix",
        long_valued=_words("--encoding --external-encoding --internal-encoding"),
    ),
    "sh": Grammar(valued="oO", inline="c", stdin="s", long_valued=_words("--rcfile --init-file")),
    "fish": Grammar(valued="dDCfo", inline="c", long_valued=_words("--init-command --features"),
                    long_inline=_words("--command")),
    "lua": Grammar(valued="lj", quiet="e", sticky="Ob"),
    "php": Grammar(valued="cdgztS", inline="rRBE", file="fF",
                   long_valued=_words("--php-ini --define --zend-extension --server --docroot"),
                   long_inline=_words("--run --process-code")),
    "tclsh": Grammar(long_valued=_words("-encoding")),
    "expect": Grammar(valued="bDc", file="f"),
    "awk": Grammar(valued="Fve", file="fE", long_valued=_words("--assign --field-separator"), bare=False),
    "guile": Grammar(valued="LCxle", inline="c", file="s"),
    "julia": Grammar(valued="JCptLH", inline="eE", sticky="Og", long_inline=_words("--eval --print")),
    "mono": Grammar(long_valued=_words("--config")),
    "node": Grammar(valued="rC", inline="ep", long_valued=_NODE_VALUED, long_inline=_words("--eval --print")),
}  # fmt: skip
FAMILIES = {
    "pypy": "python", "nodejs": "node", "luajit": "lua", "wish": "tclsh", "gawk": "awk", "mawk": "awk", "jruby": "ruby",
    "truffleruby": "ruby", "bash": "sh", "dash": "sh", "ash": "sh", "rbash": "sh", "zsh": "sh", "ksh": "sh",
    "mksh": "sh", "lksh": "sh", "yash": "sh",
}  # fmt: skip


def script_of(exe: str, cmdline: tuple[str, ...], cwd: str | None) -> str | None:
    """What an interpreter runs; None for what is no interpreter, or runs nothing that can be named.

    A path (absolute where `cwd` is known), "module NAME", "class NAME (JAR)", "task NAME", "project NAME", an option
    such as "-c" or "-e" where the text stands in the command line, or "-" for standard input.
    """
    words = list(cmdline)
    name = _basename(exe or (words[0] if words else ""))
    if name in MULTICALL and words:
        words = words[1:] if _basename(words[0]) == name else words
        name = _basename(words[0]).removeprefix("-") if words else ""
    if is_loader(name):
        return _loaded(words[1:], cwd)
    family = family_of(name)
    if not family or len(words) < 2:
        return None
    special = _SPECIAL.get(family)
    found = special(words[1:], cwd) if special else _plain(GRAMMARS[family], words[1:], cwd)
    return found or None


def is_loader(name: str) -> bool:
    """Whether a file is the dynamic loader (ld.so(8)), which runs any program that it is given."""
    return name.startswith(("ld-linux", "ld-musl", "ld.so", "ld64.so", "ld-uClibc")) or (
        name.startswith("ld-") and name.endswith(".so")
    )


_LOADER_VALUED = _words("--library-path --preload --audit --argv0 --inhibit-rpath --glibc-hwcaps-prepend "
                        "--glibc-hwcaps-mask")  # fmt: skip


def _loaded(words: list[str], cwd: str | None) -> str | None:
    """What the loader runs: the script where that is an interpreter, else the program."""
    left = iter(words)
    for word in left:
        if word in _LOADER_VALUED:
            next(left, "")
        elif not word.startswith("-"):
            rest = (word, *left)
            return script_of(word, rest, cwd) or _absolute(word, cwd)
    return None


def script_file(script: str | None) -> str | None:
    """The path in what script_of() gave, or None where it names no file whose path is known."""
    return script if script and script.startswith("/") else None


def family_of(name: str) -> str:
    """The family of a file name (python3.11, nodejs, bash-static); "" for what is no interpreter (node_exporter)."""
    end = 0
    while end < len(name) and name[end].isalpha() and name[end].isascii():
        end += 1
    tail = name[end:]
    numbered = tail.removeprefix("-")
    rest = numbered.lstrip("0123456789.")
    versioned = numbered[:1].isdigit() and (rest.startswith("-") or rest in ("", *BUILDS))
    if tail.lstrip("0123456789.") not in FLAVOURS and not versioned and name != "beam.smp":
        return ""
    family = FAMILIES.get(name[:end], name[:end])
    return family if family in GRAMMARS or family in _SPECIAL else ""


def _plain(grammar: Grammar, words: list[str], cwd: str | None) -> str | None:
    kind, value = _search(grammar, words)
    if kind == "module":
        return f"module {value}" if value else None
    return _absolute(value, cwd) if kind == "file" and value else value or None


def _search(grammar: Grammar, words: list[str]) -> tuple[str, str]:
    """(file, path), (module, name), (inline, option) or ("", "") for a command line behind the interpreter."""
    left, quiet = iter(words), ""
    for word in left:
        if word == "-":
            return "inline", "-"
        if word == "--" or not word.startswith(("-", "+") if grammar.stdin else "-"):
            script = next(left, "") if word == "--" else word
            return ("file", script) if grammar.bare and script else ("inline", quiet)
        option, equals, _ = word.partition("=")
        if option in grammar.long_inline:
            return "inline", option
        if option in grammar.long_valued:
            if not equals:
                next(left, "")
        elif not word.startswith("--"):
            kind, value, takes_next = _cluster(grammar, word)
            value = next(left, "") if takes_next else value
            if kind in ("file", "module", "inline"):
                return kind, value
            quiet = value if kind == "quiet" else quiet
            if kind == "quiet" and takes_next:
                quiet = "-e"
    return "inline", quiet


def _cluster(grammar: Grammar, word: str) -> tuple[str, str, bool]:
    """(what it means, its value, whether that is the next word) of letters behind one hyphen."""
    for at in range(1, len(word)):
        letter, rest = word[at], word[at + 1 :]
        if letter in grammar.inline:
            return "inline", f"-{letter}", False
        if letter in grammar.stdin:
            return "inline", "-", False
        for kind, letters in (("module", grammar.module), ("file", grammar.file)):
            if letter in letters:
                return kind, rest, not rest
        if letter in grammar.quiet:
            return "quiet", f"-{letter}", not rest
        if letter in grammar.valued:
            return "", "", not rest
        if letter in grammar.sticky:
            break
    return "", "", False


def _basename(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(" (deleted)")


def _absolute(path: str, cwd: str | None) -> str:
    """A path as written, or from the process's folder, which holds no link; dots at its start are followed."""
    if not path or path.startswith(("/", *NO_FILES)) or not cwd or not cwd.startswith("/"):
        return path
    while path.startswith(("./", "../")):
        if path.startswith("../"):
            cwd = cwd.rpartition("/")[0] or "/"
        path = path[path.index("/") + 1 :].lstrip("/")
    return f"{cwd.rstrip('/')}/{path}"


# ---- families with a shape of their own: function(words behind the name, cwd)


_JAVA_VALUED = _words(
    "-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --add-exports --add-opens "
    "--add-reads --limit-modules --enable-native-access --source -d --describe-module --patch-module"
)


def _java(words: list[str], cwd: str | None) -> str | None:
    """java -jar X, -m M/CLASS, or a class with the class path that it comes from."""
    left, classpath = iter(words), ""
    for word in left:
        if word == "-jar":
            jar = next(left, "")
            return _absolute(jar, cwd) if jar else None
        if word in ("-m", "--module"):
            module = next(left, "")
            return f"module {module}" if module else None
        if word.startswith("--module="):
            return f"module {word[9:]}"
        if word in _JAVA_VALUED:
            value = next(left, "")
            classpath = value if word in ("-cp", "-classpath", "--class-path") else classpath
        elif word.startswith("--class-path="):
            classpath = word[13:]
        elif not word.startswith(("-", "@")):
            return _absolute(word, cwd) if word.endswith(".java") else _class(word, classpath)
    return None


def _class(name: str, classpath: str) -> str:
    entries = [entry for entry in classpath.split(":") if entry]
    more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    return f"class {name} ({entries[0]}{more})" if entries else f"class {name}"


_DOTNET_VALUED = _words(
    "--additionalprobingpath --additional-deps --depsfile --runtimeconfig --fx-version --roll-forward "
    "--roll-forward-on-no-candidate-fx"
)


def _dotnet(words: list[str], cwd: str | None) -> str | None:
    """dotnet [exec] [options] APP.dll, or dotnet run --project X."""
    left = iter(words)
    for word in left:
        if word in _DOTNET_VALUED:
            next(left, "")
        elif word in ("run", "watch", "test"):
            rest = list(left)
            named = [rest[at + 1] for at in range(len(rest) - 1) if rest[at] in ("--project", "-p")]
            return f"project {named[0]}" if named else None
        elif word.lower().endswith((".dll", ".exe")):
            return _absolute(word, cwd)
        elif word != "exec" and not word.startswith("-"):
            return None  # a tool of the SDK
    return None


@record
class Verbs:
    """A program with subcommands: those that run a file, those that run a task, and how text is given."""

    runs: tuple[str, ...]
    tasks: tuple[str, ...]
    text: tuple[str, ...]
    valued: frozenset[str]


_DENO = Verbs(
    runs=("run", "serve", "test", "bench"),
    tasks=("task",),
    text=("eval",),
    valued=_words("-c --config --import-map --lock -L --log-level --cert --location --seed --ext --host --port"),
)
_BUN = Verbs(
    runs=("run", "test"),
    tasks=("x",),
    text=("-e", "--eval", "-p", "--print"),
    valued=_words("-c --config --cwd -r --preload --require --import --port -d --define -l --loader"),
)


def _deno(words: list[str], cwd: str | None) -> str | None:
    """deno [run|serve] [options] SCRIPT, deno task NAME, deno eval TEXT."""
    return _subcommands(words, cwd, _DENO)


def _bun(words: list[str], cwd: str | None) -> str | None:
    """bun [run] [options] SCRIPT or NAME, bun -e TEXT."""
    return _subcommands(words, cwd, _BUN)


def _subcommands(words: list[str], cwd: str | None, verbs: Verbs) -> str | None:
    left, verb = iter(words), ""
    for word in left:
        if word in verbs.text:
            return "-e"
        if word == "-":
            return "-"
        if word in verbs.valued:
            next(left, "")
        elif word.startswith("-"):
            continue
        elif not verb and word in (*verbs.runs, *verbs.tasks):
            verb = word
        elif verb in verbs.tasks or (verb and not _looks_like_file(word)):
            return f"task {word}"
        else:
            return _absolute(word, cwd) if _looks_like_file(word) else None
    return None


def _looks_like_file(word: str) -> bool:
    return "/" in word or "." in word or word.startswith(NO_FILES)


def _node(words: list[str], cwd: str | None) -> str | None:
    """node's own grammar, node --run TASK and node inspect SCRIPT."""
    for at, word in enumerate(words):
        if word.startswith("--run=") or (word == "--run" and at + 1 < len(words)):
            return f"task {word[6:] or words[at + 1]}"
        if not word.startswith("-"):
            break
    return _plain(GRAMMARS["node"], words[1:] if words[0] == "inspect" else words, cwd)


def _php(words: list[str], cwd: str | None) -> str | None:
    """php's own grammar; its built-in server without a router serves a folder."""
    found = _plain(GRAMMARS["php"], words, cwd)
    if found or not any(word in ("-S", "--server") for word in words):
        return found
    named = [words[at + 1] for at in range(len(words) - 1) if words[at] in ("-t", "--docroot")]
    return _absolute(named[0], cwd) if named else cwd


def _r(words: list[str], cwd: str | None) -> str | None:
    """R --file=SCRIPT, as Rscript calls it, R -f SCRIPT and Rscript SCRIPT."""
    left = iter(words)
    for word in left:
        if word.startswith("--file="):
            return _absolute(word[7:], cwd)
        if word in ("-f", "--file"):
            script = next(left, "")
            return _absolute(script, cwd) if script else None
        if word == "-e":
            return "-e"
        if word == "--args":
            return None
        if not word.startswith("-"):
            return _absolute(word, cwd)
    return None


_UWSGI_FILES = _words("--wsgi-file --file --ini --yaml --json --xml --psgi --rack --lua --php-app")


def _uwsgi(words: list[str], cwd: str | None) -> str | None:
    """uwsgi --wsgi-file X, --module X or a file of settings."""
    left = iter(words)
    for word in left:
        option, equals, value = word.partition("=")
        if option in ("--module", "--wsgi", "-w"):
            named = value if equals else next(left, "")
            return f"module {named}" if named else None
        if option in _UWSGI_FILES:
            return _absolute(value if equals else next(left, ""), cwd)
        if not word.startswith("-") and word.endswith((".ini", ".yaml", ".yml", ".json", ".xml", ".py", ".wsgi")):
            return _absolute(word, cwd)
    return None


def _beam(words: list[str], _cwd: str | None) -> str | None:
    """Erlang's machine: the first module that -s or -run starts. (Its options -- and -root come before.)"""
    for at in range(len(words) - 1):
        if words[at] in ("-s", "-run") and not words[at + 1].startswith("-"):
            return f"module {words[at + 1]}"
    return None


def _pwsh(words: list[str], cwd: str | None) -> str | None:
    """pwsh -File X, -Command TEXT or a script alone; options are case-blind and may be cut short."""
    left = iter(words)
    for word in left:
        option = word.lower()
        if option in ("-f", "-file", "-fi"):
            return _absolute(next(left, ""), cwd) or None
        if option in ("-c", "-command", "-e", "-ec", "-encodedcommand"):
            return "-c"
        if not word.startswith("-"):
            return _absolute(word, cwd) if option.endswith(".ps1") else None
        if option not in ("-noprofile", "-nop", "-noninteractive", "-nologo", "-noexit", "-login", "-mta", "-sta"):
            next(left, "")
    return None


def _env(words: list[str], cwd: str | None) -> str | None:
    """env, seen in the moment before it becomes what it starts."""
    left = iter(words)
    for word in left:
        if word in ("-u", "--unset", "-C", "--chdir"):
            next(left, "")
        elif word.startswith(("-S", "--split-string=")):
            text = word[2:] if word.startswith("-S") else word[15:]
            return _started(((text or next(left, "")).split() + list(left)), cwd)
        elif not word.startswith("-") and "=" not in word:
            return _started([word, *left], cwd)
    return None


def _started(words: list[str], cwd: str | None) -> str | None:
    return script_of(words[0], tuple(words), cwd) if words and _basename(words[0]) != "env" else None


_SPECIAL: dict[str, Callable[[list[str], str | None], str | None]] = {
    "java": _java, "dotnet": _dotnet, "deno": _deno, "bun": _bun, "node": _node, "php": _php, "R": _r, "Rscript": _r,
    "uwsgi": _uwsgi, "beam": _beam, "pwsh": _pwsh, "env": _env,
}  # fmt: skip
