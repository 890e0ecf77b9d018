"""The house's habits, held by tests: docstrings, twins, sizes, cheap imports, a bare checkout that runs.

ruff, mypy and import-linter hold what they can; this is the rest. A habit that is broken is named with its place, so
that the failing line says what to do. It refuses exceptions: what a module may leave out is said by a rule, not a list.
"""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(TOP, "src", "hb_engine")
TESTS = os.path.join(TOP, "tests")
LONGEST_MODULE, LONGEST_FUNCTION = 500, 60
PRIVATE = ("/.git/", "/.venv/", "/__pycache__/", "_cache/", "/.hypothesis/", "/dist/", "/build/")  # as in .gitignore

# Each costs more than hb port has to give; they may be imported where they are used, and where that is rare.
HEAVY = {
    *("argparse", "collections", "contextlib", "csv", "dataclasses", "datetime", "enum", "functools", "hashlib"),
    *("inspect", "ipaddress", "json", "logging", "pathlib", "re", "shutil", "socket", "sqlite3", "subprocess"),
    *("tempfile", "typing", "urllib"),
}
HOT = (["port", "1703"], ["port", "1703", "--json"], ["ls"], ["ls", "--json"], ["--json"])
HOT_CODE = """
import sys
before = set(sys.modules)
sys.path.insert(0, sys.argv.pop(1))
from hb_engine.faces.cli.main import main
status = main(sys.argv[1:])
sys.stderr.write("\\n" + " ".join(sorted(set(sys.modules) - before)))
sys.exit(status)
"""
# In parts, since no file of the project may have one of them whole, this one included.
REGISTRIES = [".".join(parts) for parts in (("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("pypi", "org"),
              ("pythonhosted", "org"), ("crates", "io"), ("rubygems", "org"), ("golang", "org"))]  # fmt: skip


def files(top: str, ending: str = ".py") -> list[str]:
    """The files below a folder, as paths relative to it, without what is made here."""
    found = []
    for at, _, names in os.walk(top):
        paths = [os.path.join(at, name) for name in names if name.endswith(ending)]
        found += [os.path.relpath(path, top) for path in paths if not any(part in path for part in PRIVATE)]
    return sorted(found)


@functools.cache
def source(name: str) -> str:
    with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
        return file.read()


@functools.cache
def tree(name: str) -> ast.Module:
    return ast.parse(source(name))


MODULES = files(SOURCES)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


# -- what a file says of itself


def test_every_module_says_why_it_is_there():
    """A file without a line of code, which only makes its folder a package, has nothing to say."""
    silent = [name for name in MODULES if source(name).strip() and not ast.get_docstring(tree(name))]
    assert not silent, f"without a docstring: {silent}"


def public(name: str, body: list[ast.stmt], owner: str = ""):
    """The public functions, classes and methods of a body: (where, node)."""
    for node in body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{name}:{node.lineno} {owner}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(name, node.body, f"{node.name}.")


def is_entry(name: str, node: ast.AST) -> bool:
    """The one function of a rule: its module's docstring is its own, and kit.py says what it takes and gives."""
    return name.startswith(os.path.join("judge", "rules") + os.sep) and getattr(node, "name", "") == "judge"


def test_everything_public_is_documented():
    silent = [
        where
        for name in MODULES
        for where, node in public(name, tree(name).body)
        if not ast.get_docstring(node) and not is_entry(name, node)
    ]
    assert not silent, f"without a docstring: {silent}"


# -- twins


def twins(name: str, tests: frozenset[str] = frozenset(files(TESTS))) -> list[str]:
    """The tests of a module: in the mirrored folder, named test_<module>.py, or test_<module>_<what>.py.

    tests/inventory is tests/inventory/linux: Linux is the room's main part. Tests of a folder's own code (__init__.py)
    are named after the folder.
    """
    folder, file = os.path.split(name)
    module = file.removesuffix(".py") if file != "__init__.py" else os.path.basename(folder)
    mirrored = {folder, os.sep.join([part for part in folder.split(os.sep) if part != "linux"])}
    starts = [os.path.join(place, f"test_{module}") for place in mirrored]
    return [test for test in tests for start in starts if test == f"{start}.py" or test.startswith(f"{start}_")]


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("wire/btf.py", "wire/test_btf.py"),
        ("inventory/linux/walk.py", "inventory/test_walk.py"),
        ("inventory/linux/packages/__init__.py", "inventory/packages/test_packages.py"),
        ("faces/cli/verbs/completion.py", "faces/cli/verbs/test_completion_verb.py"),
    ],
)
def test_what_a_twin_is(module, test):
    assert twins(module, frozenset((test, "wire/test_btfs.py", "faces/test_walk.py"))) == [test]


def has_code(name: str) -> bool:
    """Whether there is anything to test: __main__ is run by a test here, and a bare __init__ does nothing."""
    if os.path.basename(name) == "__main__.py":
        return False
    return os.path.basename(name) != "__init__.py" or any(isinstance(node, FUNCTIONS) for node in tree(name).body)


def test_every_module_has_a_twin():
    alone = [name for name in MODULES if has_code(name) and not twins(name)]
    assert not alone, f"without a test file of its own: {alone}"


def test_no_test_file_is_empty_and_no_name_is_misspelt():
    """A file that pytest does not collect, or finds nothing in, would be a twin in name only."""
    hollow = []
    for name in files(TESTS):
        with open(os.path.join(TESTS, name), encoding="utf-8") as file:
            text = file.read()
        if os.path.basename(name).startswith("test_") != ("\ndef test_" in text or "\n    def test_" in text):
            hollow.append(name)
    assert not hollow, f"named as a test and without one, or the other way round: {hollow}"


def test_the_tests_are_at_least_as_long_as_the_sources():
    lines = {}
    for top in (SOURCES, TESTS):
        lines[top] = 0
        for name in files(top):
            with open(os.path.join(top, name), encoding="utf-8") as file:
                lines[top] += sum(1 for _ in file)
    assert lines[TESTS] >= lines[SOURCES]


# -- sizes


def test_no_module_is_longer_than_a_person_reads_at_once():
    long = {name: count for name in MODULES if (count := len(source(name).splitlines())) > LONGEST_MODULE}
    assert not long, f"more than {LONGEST_MODULE} lines: {long}; a file that wants more wants a second room"


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"more than {LONGEST_FUNCTION} lines: {long}"


# -- what is imported


def imported(body: list[ast.stmt]):
    """The modules that running a module's body imports: not what is for type checkers, nor a fallback's own."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.If) and not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield from imported(node.body + node.orelse)
        elif isinstance(node, ast.If):
            yield from imported(node.orelse)
        elif isinstance(node, (ast.Try, ast.With, ast.ClassDef)):
            yield from imported(node.body)


def is_of_the_pages(name: str) -> bool:
    """faces/web: it is loaded by hb serve alone, once, with a web framework beside it."""
    return name.startswith(os.path.join("faces", "web") + os.sep)


def test_nothing_heavy_is_imported_at_the_top_of_a_module():
    heavy = [
        f"{name} imports {module}"
        for name in MODULES
        if not is_of_the_pages(name)
        for module in imported(tree(name).body)
        if module.split(".")[0] in HEAVY
    ]
    assert not heavy, f"import it in the function that needs it, and say why: {heavy}"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere psutil brings half of the library along")
@pytest.mark.parametrize("bpf", ["yes", "no"], ids=["bpf", "walk"])
@pytest.mark.parametrize("line", HOT, ids=" ".join)
def test_what_people_ask_most_needs_nothing_heavy(line, bpf, tmp_path):
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "HB_BPF": bpf}
    command = [sys.executable, "-I", "-S", "-c", HOT_CODE, os.path.join(TOP, "src"), *line]
    for _ in range(2):  # the first time hb learns about this kernel and its packages, and may take longer
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.rpartition("\n")[2].split())
    assert "hb_engine.inventory.linux.collect" in loaded, done.stderr
    assert not loaded & HEAVY


# -- the checkout


def test_a_bare_checkout_runs_without_any_package():
    """-S leaves site-packages out: no environment, no installation."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-S", "-m", "hb_engine", "--version"]
    done = subprocess.run(command, cwd=TOP, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("hb ")


@pytest.mark.parametrize("order", [("", "src"), ("src", "")], ids=["top first", "src first"])
def test_the_real_package_is_found_with_the_checkouts_top_on_the_path(order):
    paths = [os.path.join(TOP, part) for part in order]
    code = f"import sys; sys.path[:0] = {paths!r}; import hb_engine.model.errors; print(hb_engine.__version__)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(".") == 2


def test_no_file_names_the_host_of_a_package_registry():
    """Where packages come from is for each machine to say, in its own configuration."""
    named = []
    for name in files(TOP, ""):
        with open(os.path.join(TOP, name), "rb") as file:
            text = file.read()
        named += [f"{name}: {host}" for host in REGISTRIES if host.encode() in text]
    assert not named
