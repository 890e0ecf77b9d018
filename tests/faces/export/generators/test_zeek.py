"""The script is parsed by Zeek where it is installed, else by the grammar that editors use (tree-sitter-zeek).

Whatever is in the rules, nothing but the lists of places differs from one script to another.
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from tests.faces import judged, orders

from hb_engine.faces.export.generators import zeek
from hb_engine.faces.text import escape

STRING = r'"(?:[A-Za-z0-9._ ,:/()=<>-]|\\x[0-9a-f]{2})*"'
NET = r"(?:[0-9.]+|\[[0-9a-f:.]+\])/\d+"
PLACE = re.compile(
    rf"\t\tPlace\(\$proto=(?:tcp|udp), \$first=(\d+), \$last=(\d+), \$rule=({STRING}), \$why=({STRING})"
    rf"(?:, \$sources=set\(({NET}(?:, {NET})*)\))?\),?"
)
MACHINES = re.compile(r"\tconst machines: set\[addr\] = (?:set\(\)|\{ [0-9a-f.:\[\], ]+ \}) &redef;")
FIXED = {
    *(zeek.HEAD + zeek.BODY).splitlines(),
    *("", "\tconst closed = T &redef;", "\tconst closed = F &redef;", "\t) &redef;"),
    *[
        f"\tconst {word}: vector of Place = vector({end}"
        for word in ("forbidden", "allowed")
        for end in ("", ") &redef;")
    ],
}


def text(order):
    return zeek.write(order)[0][1]


def places(order):
    return [line.strip().rstrip(",") for line in text(order).splitlines() if line.startswith("\t\tPlace(")]


def is_known(line):
    return line.lstrip("\t").startswith("#") or line in FIXED or PLACE.fullmatch(line) or MACHINES.fullmatch(line)


@given(orders.texts)
def test_no_text_becomes_syntax(given_):
    for line in text(orders.saying(given_)).splitlines():
        assert is_known(line), line


def test_every_line_is_known():
    for order in orders.ALL.values():
        for line in text(order).splitlines():
            assert is_known(line), line


@given(orders.texts)
def test_strings_hold_the_whole_text(given_):
    shown = zeek.quoted(given_)
    back = re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), shown[1:-1].encode()).decode()
    escaped = escape(given_)
    assert back == (escaped if len(escaped) <= zeek.LONGEST else escaped[: zeek.LONGEST - 3] + "...")
    assert re.fullmatch(STRING, shown)


def test_places():
    found = places(orders.ORDER)
    assert 'Place($proto=tcp, $first=23, $last=23, $rule="no-telnet", $why="Shop")' in found
    assert (
        'Place($proto=tcp, $first=22, $last=22, $rule="ssh", $why="Shop", $sources=set(10.20.0.0/16, [fd00:20::]/32))'
        in found
    )
    assert 'Place($proto=tcp, $first=40000, $last=50000, $rule="rpc", $why="Shop")' in found
    for name in ("no-apache", "local-db", "shop", "ping", "debug"):
        assert not [place for place in found if f'"{name}"' in place], name
    assert "{ 10.0.0.5, 198.51.100.7, [fd00::5], [2001:db8::5] } &redef;" in text(orders.ORDER)


def test_forbidden_and_allowed_are_two_lists():
    forbidden, allowed = text(orders.ORDER).split("const allowed")
    assert '"no-telnet"' in forbidden
    assert '"no-telnet"' not in allowed
    assert '"web-https"' in allowed


def test_what_cannot_be_said_is_said():
    found = text(orders.ORDER)
    for part in (
        "left to you: it forbids unit:apache2.service alone",
        "not said here: who may hold it: unit:nginx.service and pkg:nginx",
        "not said here: tcp/9100: on which of the machine's addresses",
        "tcp/5432 is for this machine alone, and no network shows it",
        "Zeek has no raw ports",
    ):
        assert part in found, part


def test_empty_lists():
    assert "const forbidden: vector of Place = vector() &redef;" in text(orders.EMPTY)
    assert "const machines: set[addr] = set() &redef;" in text(orders.EMPTY)
    assert "const closed = T" in text(orders.CLOSED)


def test_every_bracket_is_closed():
    for order in orders.ALL.values():
        code = "\n".join(
            re.sub(r'"[^"]*"', '""', line) for line in text(order).splitlines() if not line.lstrip().startswith("#")
        )
        for pair in ("()", "{}", "[]"):
            assert code.count(pair[0]) == code.count(pair[1])


@pytest.fixture(scope="module")
def mistakes():
    """The places where a grammar does not understand a script."""
    tree_sitter = pytest.importorskip("tree_sitter", reason="tree-sitter is not installed")
    grammar = pytest.importorskip("tree_sitter_zeek", reason="tree-sitter-zeek is not installed")
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))

    def found(node):
        here = [node.start_point] if node.type == "ERROR" or node.is_missing else []
        return here + [place for child in node.children for place in found(child)]

    return lambda script: found(parser.parse(script.encode()).root_node)


@pytest.mark.slow
def test_the_grammar_takes_it(mistakes):
    for order in (*orders.ALL.values(), *map(orders.saying, judged.AWKWARD)):
        assert mistakes(text(order)) == []
    assert mistakes(text(orders.ORDER).replace("vector of Place = vector(", "vector of = vector(", 1))  # it can refuse


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("zeek"), reason="Zeek is not installed")
def test_zeek_takes_it(tmp_path):
    path = tmp_path / zeek.FILE
    for order in (*orders.ALL.values(), *map(orders.saying, judged.AWKWARD)):
        path.write_text(text(order), encoding="utf-8")
        done = subprocess.run(["zeek", "-a", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
