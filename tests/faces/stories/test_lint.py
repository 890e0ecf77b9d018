"""hb lint's page: every kind of broken file with its whole message, as a person reads it."""

from __future__ import annotations

import pytest
from tests.faces.kit import golden

from hb_engine.app.ruling.lint import Linted
from hb_engine.baseline.language import parse as language
from hb_engine.baseline.language.builder import World
from hb_engine.faces.cli import plain, pretty
from hb_engine.faces.stories import lint
from hb_engine.faces.text import width
from hb_engine.model.baseline import Problem, Where

NOW = 1795356311.0  # 2026-11-22
SERVICES = {"https": (("tcp", 443),), "syslog": (("udp", 514),)}
RULE = '[[allow]]\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n'
# A name, and the lines that stand in a file of rules; each makes one section of the golden page.
RULES = {
    "colon": "[[allow]]\nlisten: tcp/443\n",
    "no equals sign": '[[allow]]\nlisten "tcp/443"\n',
    "no quotes": "[[allow]]\nlisten = tcp/443\n",
    "open quote": '[[allow]]\nlisten = "tcp/443\nwhy = "x"\n',
    "open text over lines": '[[allow]]\nwhy = """\nlisten = "tcp/443"\n',
    "typographic quotes": "[[allow]]\nowner = \u201cteam\u201d\n",
    "two equals signs": '[[allow]]\nowner == "team"\n',
    "no value": "[[allow]]\nowner =\n",
    "quotes inside": '[[allow]]\nwhy = "the "best" one"\n',
    "two keys on a line": '[[allow]]\nwhy = "a" owner = "b"\n',
    "comma at the end": '[[allow]]\nwhy = "a",\n',
    "backslash": '[[allow]]\nby = "exe:C:\\Program Files\\x"\n',
    "comment of another language": "// rules of the web servers\n",
    "half a header": '[[role]\nname = "web"\n',
    "words after a header": '[[allow]] listen = "tcp/443"\n',
    "list without a comma": '[[allow]]\nfrom = ["any" "any"]\n',
    "open list": '[[allow]]\npin = ["sha256"\n',
    "inline table over lines": "defaults = {\n  unmatched = 'note' }\n",
    "key twice": '[[allow]]\nwhy = "a"\nowner = "b"\nwhy = "c"\n',
    "table twice": "[defaults]\n[defaults]\n",
    "single and double brackets": RULE.replace("[[allow]]", "[allow]") + RULE,
    "single brackets": RULE.replace("[[allow]]", "[allow]"),
    "defaults in double brackets": "[[defaults]]\nunmatched = 'note'\n",
    "day without zeros": "[[allow]]\nreview = 2027-6-30\n",
    "day of another country": "[[allow]]\nreview = 30.06.2027\n",
    "month 13": "[[allow]]\nuntil = 2027-13-01\n",
    "True": "[[allow]]\nowner = True\n",
    "a control character": '[[allow]]\nwhy = "a\x07b"\n',
    "a zero byte": "[[allow]]\n\0\n",
    "JSON in a TOML file": '{"allow": []}\n',
    "YAML in a TOML file": "allow:\n  - listen: tcp/443\n",
    "two syntax errors": '[[allow]]\nlisten: x\n[[allow]]\nowner = y\n[[role]]\nname = "web"\nhost = "web-1"\n',
    "unknown table": "[[permit]]\nlisten = 'tcp/443'\n[[widnow]]\n",
    "key outside of all tables": "listen = 'tcp/443'\n",
    "newer language": 'schema = "hb/2"\n',
    "unknown keys": f'{RULE}reason = "x"\nprot = "tcp"\nprocess = "nginx"\nfrobnicate = 1\n',
    "wrong types": '[[allow]]\nlisten = 443\nby = ["pkg:a", "pkg:b"]\nwhy = 5\nowner = ["a"]\n'
    "from = [1]\nreview = 180\n",
    "empty texts": '[[allow]]\nlisten = "tcp/443"\nowner = " "\nwhy = ""\n',
    "nothing said": "[[allow]]\n",
    "unknown words": f'{RULE}severity = "hihg"\npin = ["sha1"]\naccepts = ["writable-pth"]\n',
    "scope mistyped": RULE.replace("tcp/443", "udp/53, tcp/443 on publik"),
    "interface without iface": RULE.replace("tcp/443", "tcp/443 on eth0"),
    "port and transport exchanged": RULE.replace("tcp/443", "443/tcp"),
    "port without transport": RULE.replace("tcp/443", "443"),
    "port too high": RULE.replace("tcp/443", "tcp/80-70000"),
    "range the wrong way round": RULE.replace("tcp/443", "tcp/200-100"),
    "service that nobody knows": RULE.replace("tcp/443", "tcp/htps"),
    "service of another transport": RULE.replace("tcp/443", "tcp/syslog"),
    "network with a host in it": RULE.replace("tcp/443", "tcp/443 on net:10.0.0.1/8"),
    "condition with signs": f'{RULE}by = "unit:nginx && pkg:nginx"\n',
    "unknown field": f'{RULE}by = "unit:nginx and process:nginx"\n',
    "open bracket": f'{RULE}by = "pkg:a and (pkg:b or pkg:c"\n',
    "unit with a slip": f'{RULE}by = "unit:nginx.servce"\n',
    "escapes before the slip": f'{RULE}by = "exe:\\u002fopt\\u002fx andd pkg:x"\n',
    "single quotes": f"{RULE}by = 'unit:nginx nad pkg:x'\n",
    "text over lines": f'{RULE}by = """\nunit:nginx\nand pgk:nginx"""\n',
    "speech": f'{RULE}speaks = "https tls>=1.4"\n',
    "review without accepted": f'{RULE}review = "90d"\n',
    "length without unit": f'{RULE}accepted = 2026-11-01\nreview = "90"\n',
    "months": f'{RULE}accepted = 2026-11-01\nreview = "6mo"\n',
    "in the past": f"{RULE}accepted = 2026-01-01\nreview = 2026-06-30\n{RULE.replace('443', '80')}until = 2026-11-01\n",
    "time without a zone": f"{RULE}until = 2027-06-30T18:00:00\n",
    "id with a space": f'{RULE}id = "web server"\n',
    "id twice": f'{RULE}id = "web"\n{RULE.replace("443", "80")}id = "web"\n',
    "the same rule twice": RULE + RULE,
    "unknown role": f'{RULE}role = "wbe"\n[[role]]\nname = "web"\nhosts = ["web-1"]\nincludes = ["bsae"]\n',
    "circle of roles": "".join(
        [
            f'[[role]]\nname = "{a}"\nincludes = ["{b}"]\n'
            for a, b in (("web", "base"), ("base", "shop"), ("shop", "web"))
        ]
    ),
    "hosts in one text": '[[role]]\nname = "web"\nhosts = ["web-1, web-2"]\n',
    "unknown pack": '[defaults]\npacks = ["debain"]\n',
    "defaults": '[defaults]\nunmatched = "alarm"\nreview = "12h"\nrequire = ["owner", "reason"]\n',
    "window without times": '[[window]]\nname = "x"\nrules = ["web"]\n',
    "window that ends first": '[[window]]\nname = "x"\nmode = "mute"\nstart = 2027-01-02\nend = 2027-01-01\n',
    "window for nobody": '[[window]]\nname = "x"\nevery = "Mon 01:00-02:00"\n',
    "window with mistyped days": '[[window]]\nname = "x"\nmode = "mute"\nevery = "Mon-Fir 01:00-02:00"\n',
    "window with a mistyped zone": '[[window]]\nname = "x"\nmode = "mute"\nevery = "Mon 01:00-02:00 Europe/Berln"\n',
    "the other sentence's field": '[[role]]\nname = "web"\nwhen = "unit:nginx"\n',
}
JSON = {
    "comma at the end": '{"allow": [{"listen": "tcp/443", "why": "x",\n "owner": "y",}]}',
    "comment": '{\n  // the web\n  "allow": []\n}',
    "single quotes": "{'allow': []}",
    "key twice": '{"allow": [],\n "allow": []}',
    "no comma": '{"allow": [\n {"listen": "tcp/443" "why": "x"}]}',
    "never closed": '{"allow": [{"listen": "tcp/443"}',
    "a list": '[{"listen": "tcp/443"}]',
    "sentence": '{"allow": [{"listen": "tcp/443 on \\u0070ublik", "why": "x", "owner": "y"}]}',
    "one table": '{"allow": {"listen": "tcp/443", "why": "x", "owner": "y"}}',
    "unknown key": '{"allow": [{"listen": "tcp/443", "reason": "x", "owner": "y"}]}',
    "missing": '{"allow": [{"why": "x"}]}',
}

YAML = {
    "a tab": "allow:\n\t- listen: tcp/443\n",
    "key twice": "allow: []\nallow: []\n",
    "a second colon": "allow:\n- listen: tcp/443\n  why: shop: front end\n",
    "indented unlike the line before": "allow:\n- listen: tcp/443\n   why: x\n",
    "open quote": 'allow:\n- listen: "tcp/443\n',
    "a tag": "allow:\n- listen: !secret tcp/443\n  why: x\n  owner: y\n",
    "an alias of nothing": "allow: *rules\n",
    "two documents": "allow: []\n---\nforbid: []\n",
    "one table": "allow:\n  listen: tcp/443\n  why: x\n  owner: y\n",
    "nothing below": "allow:\n",
    "a list": "- listen: tcp/443\n",
    "number of a port": "allow:\n- listen: 443\n  why: x\n  owner: y\n",
    "sexagesimal in other readers": "allow:\n- listen: 22:22\n  why: no\n  owner: 0777\n",
    "quoted sentence": "allow:\n- listen: 'tcp/443 on publik'\n  why: x\n  owner: y\n",
    "block": "allow:\n- listen: |\n    tcp/443 on private,\n    tcp/80 on publik\n  why: x\n  owner: y\n",
    "review without accepted": "allow:\n- listen: tcp/443\n  why: x\n  owner: y\n  review: 90d\n",
    "unknown key": "allow:\n- listen: tcp/443\n  reason: x\n  process: nginx\n  owner: y\n",
}


def services(name):
    return SERVICES.get(name, ())


def told(name, text):
    """The page of one file, rendered as a pipe gets it."""
    world = World(
        lambda name: SERVICES.get(name, ()),
        lambda _: tuple(SERVICES),
        lambda zone: zone == "UTC",
        ("writable-path",),
        NOW,
    )
    parsed = language.read([(name, text)], lambda _: None, known_packs=("debian",), world=world)
    lines = text.split("\n")
    kept = {
        (each.where.file, each.where.line): lines[each.where.line - 1] for each in parsed.problems if each.where.line
    }
    found = parsed.baseline
    counts = len(found.rules), len(found.roles), len(found.windows)
    return plain.render(lint.page(Linted((name,), (name,), *counts, parsed.problems, kept)))


def pages(name, table):
    return "\n".join([f"== {what}\n{told(name, text)}" for what, text in table.items()])


def test_mistakes_in_toml():
    golden("lint-toml.txt", pages("web.toml", RULES))


def test_mistakes_in_json():
    golden("lint-json.txt", pages("web.json", JSON))


def test_mistakes_in_yaml():
    pytest.importorskip("yaml")
    golden("lint-yaml.txt", pages("web.yaml", YAML))


@pytest.mark.parametrize(("name", "table"), [("web.toml", RULES), ("web.json", JSON)])
def test_each_of_them_is_a_mistake_and_points_at_a_character(name, table):
    for what, text in table.items():
        page = told(name, text)
        assert "error: " in page or "warning: " in page, what
        assert "Traceback" not in page
        assert "^" in page or "\0" in text, what


def test_nothing_is_wrong():
    assert told("web.toml", RULE) == "Nothing is wrong: 1 rule in 1 file.\n"


def test_warnings_alone_can_be_used():
    assert told("web.toml", RULES["unit with a slip"]).endswith("1 warning: 1 rule in 1 file can be used.\n")


def test_many_problems_are_cut_and_counted():
    problems = tuple([Problem(Where("a.toml", number + 1, 1), "x") for number in range(lint.MOST + 7)])
    page = plain.render(lint.page(Linted(("a.toml",), ("a.toml",), 0, 0, 0, problems, {})))
    assert "7 more problems left out: correct these first." in page
    assert page.endswith("207 errors: 0 rules in 1 file.\n")


def test_a_file_as_a_whole():
    problem = Problem(Where("hb.d/a.toml"), "this cannot be read: Permission denied", "Run as who may read it.")
    page = plain.render(lint.page(Linted(("hb.d",), ("hb.d/a.toml",), 0, 0, 0, (problem,), {})))
    assert page.startswith("hb.d/a.toml: error: this cannot be read: Permission denied\n    Run as who may read it.\n")


# -- the window of a line


def test_a_line_as_it_is():
    assert lint.window('listen = "tcp/443"', 11, 80) == ('listen = "tcp/443"', 10)
    assert lint.window("\tlisten", 2, 80) == ("    listen", 4)


@pytest.mark.parametrize("column", [1, 40, 200, 999, 1000])
@pytest.mark.parametrize("room", [24, 52, 72])
def test_a_long_line_is_cut_around_the_caret(column, room):
    source = "".join([chr(97 + number % 26) for number in range(1000)])
    shown, caret = lint.window(source, column, room)
    assert width(shown) <= room
    assert shown[caret] in (source[column - 1], "\u2026")


def test_a_line_that_fits_is_not_cut():
    source = 'listen = "tcp/443 on private, udp/443 on publik"'
    assert lint.window(source, 42, len(source)) == (source, 41)


def test_a_caret_stands_under_its_letter_behind_wide_and_invisible_ones():
    shown, caret = lint.window("\u6f22\u5b57\x1b[31m x", 8, 80)
    assert shown == "\u6f22\u5b57\\x1b[31m x"
    assert caret == width("\u6f22\u5b57\\x1b[31m")


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_a_terminal_gets_lines_that_fit_and_a_caret_in_its_place(columns):
    text = 'listen = "tcp/443 on private, udp/443 on publik"'
    problem = Problem(Where("hb.d/a.toml", 2, 42), "'publik' is no scope", "Did you mean public, or another? " * 2)
    page = lint.page(Linted(("hb.d",), ("hb.d/a.toml",), 0, 0, 0, (problem,), {("hb.d/a.toml", 2): text}), columns)
    lines = pretty.render(page, columns, colour=False).split("\n")
    assert max(map(width, lines)) <= columns
    at = next(number for number, line in enumerate(lines) if line.startswith("    2 | "))
    assert lines[at][lines[at + 1].index("^")] == "p"


def test_a_terminal_shows_no_strangers_escapes():
    problem = Problem(Where("a.toml", 1, 3), "x \x1b[31m", "y \u202e")
    page = lint.page(Linted(("a.toml",), ("a.toml",), 0, 0, 0, (problem,), {("a.toml", 1): "\x1b]0;t\x07 = 1"}), 80)
    text = pretty.render(page, 80, colour=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
