"""Files into a baseline: all that a person can say, packs, defaults, names across files, each problem in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.reading import PACKS, RULE, problems, read, rule

from hb_engine.baseline.language import parse as language
from hb_engine.model.baseline import All, Baseline, Defaults, Hours, Is, Listen, Role, Rule, Speaks, Where

WHOLE = """\
schema = "hb/1"

[defaults]
unmatched = "note"
severity = "low"
review = "30d"
require = ["why"]

[[role]]
name = "web"
hosts = ["web-1", "10.0.3.0/28"]
when = "os:linux*"
includes = ["base"]
packs = ["web"]

[[role]]
name = "base"

[[require]]
id = "web-https"
role = "web"
listen = "tcp/443, udp/443 on private"
by = "unit:nginx  and pkg:nginx"
speaks = "https tls>=1.2"
from = ["net:10.0.0.0/8", "any"]
why = "Shop  front end"
owner = "team-web"
accepted = 2026-11-01
until = 2026-12-31
severity = "high"
pin = "sha256"
accepts = ["writable-path"]

[[window]]
name = "nights"
rules = ["web-https", "ssh/sshd", "web/telnet@web"]
every = "Mon 22:00-02:00 Europe/Berlin"

[[window]]
name = "feast"
mode = "mute"
when = "role:web"
start = 2026-12-24
end = 2026-12-26
"""


def test_a_whole_baseline():
    parsed = read(WHOLE, packs=("ssh",))
    assert parsed.problems == ()
    found = parsed.baseline
    assert found.files == ("a.toml",)
    assert found.defaults == Defaults("note", "low", 30, ("why",), ())
    assert found.roles == (
        Role("web", ("web-1", "10.0.3.0/28"), Is("os", "linux*"), ("base",), ("web",), Where("a.toml", 9, 1)),
        Role("base", where=Where("a.toml", 16, 1)),
    )
    day = 1793491200  # 2026-11-01
    assert found.rules[0] == Rule(
        "require",
        "web-https",
        (
            Listen("tcp", 443, 443, text="tcp/443"),
            Listen("udp", 443, 443, scope="private", text="udp/443 on private"),
        ),
        All((Is("unit", "nginx.service"), Is("pkg", "nginx"))),
        Speaks(("https",), "1.2", text="https tls>=1.2"),
        ("net:10.0.0.0/8", "any"),
        "Shop front end",
        "team-web",
        day,
        day + 30 * 86400,
        day + 61 * 86400 - 1,
        "high",
        "web",
        pin=("sha256",),
        accepts=("writable-path",),
        where=Where("a.toml", 19, 1),
        by_text="unit:nginx and pkg:nginx",
    )
    nights, feast = found.windows
    assert (nights.mode, nights.every) == ("only", (Hours((0,), 1320, 120, "Europe/Berlin"),))
    assert (feast.mode, feast.when) == ("mute", Is("role", "web"))
    assert (feast.end or 0) - (feast.start or 0) == 3 * 86400 - 1


def test_the_same_in_json_and_in_yaml():
    pytest.importorskip("yaml")
    toml = rule(RULE + 'by = "unit:nginx"\nfrom = ["any"]\nuntil = 2027-01-01\n')
    pairs = '"listen": "tcp/443", "why": "x", "owner": "y", "by": "unit:nginx", "from": ["any"], "until": "2027-01-01"'
    text = f'{{"allow": [{{{pairs}}}]}}'
    yaml = "allow:\n- listen: tcp/443\n  why: x\n  owner: y\n  by: unit:nginx\n  from: [any]\n  until: 2027-01-01\n"
    for name, written in (("a_json", text), ("a_yaml", yaml)):
        parsed = read(**{name: written})
        assert parsed.problems == ()
        (found,) = parsed.baseline.rules
        assert (found.id, found.listen, found.by, found.sources) == (toml.id, toml.listen, toml.by, toml.sources)
        assert (found.until, found.why) == (toml.until, toml.why)


def test_nothing_is_an_empty_baseline():
    assert read().baseline == Baseline()
    assert read("", "# nothing\n").baseline == Baseline(files=("a.toml", "b.toml"))
    assert language.read([("a.toml", RULE)]).baseline.rules[0].why == "x"


# -- packs


def test_a_pack_for_every_machine():
    found = read(f'[defaults]\npacks = ["ssh"]\n{RULE}').baseline.rules
    assert [(each.id, each.pack, each.role, each.level) for each in found[1:]] == [("ssh/sshd", "ssh", "", "fleet")]
    assert found[1].where == Where("pack:ssh.toml", 1, 1)
    assert read(RULE, packs=("ssh", "ssh")).baseline.rules[1:] == found[1:]


def test_a_pack_for_the_machines_of_roles():
    roles = "".join([f'[[role]]\nname = "{name}"\npacks = ["ssh", "web"]\n' for name in ("a", "b")])
    found = read(roles).baseline.rules
    assert [each.id for each in found if each.pack == "ssh"] == ["ssh/sshd@a", "ssh/sshd@b"]
    assert {each.role for each in found} == {"a", "b"}
    everywhere = read(roles + '[defaults]\npacks = ["ssh"]\n').baseline.rules
    assert [each.id for each in everywhere if each.pack == "ssh"] == ["ssh/sshd"]


def test_packs_need_no_owner_and_take_no_days_from_defaults():
    found = read('[defaults]\npacks = ["web"]\nrequire = ["owner", "until"]\n')
    assert found.problems == ()
    assert [each.kind for each in found.baseline.rules] == ["require", "forbid"]


def test_packs_that_are_not_there():
    assert problems('[defaults]\npacks = ["shs"]\n[[role]]\nname = "x"\npacks = ["wbe"]\n') == [
        "a.toml:2:10 error: there is no pack 'shs' | Did you mean ssh?",
        "a.toml:5:10 error: there is no pack 'wbe' | Did you mean web?",
    ]


def test_what_has_no_place_in_a_pack(monkeypatch):
    text = (
        '[defaults]\nreview = "1d"\n[[allow]]\nlisten = "tcp/1"\nrole = "x"\n[[allow]]\nlisten = "tcp/zero"\n[[allow]\n'
    )
    monkeypatch.setitem(PACKS, "bad", text)
    assert problems('[defaults]\npacks = ["bad"]\n') == [
        "pack:bad.toml:1:1 error: a pack holds rules only, and no defaults | Move it to hb.d.",
        "pack:bad.toml:5:1 error: a rule of a pack has no role: a pack does not know who uses it | Leave role out.",
        "pack:bad.toml:7:15 error: no service is called 'zero' | Did you mean tcp/https or tcp/syslog?",
        "pack:bad.toml:8:1 error: the brackets of this 'allow' do not match | Write [[allow]].",
    ]


# -- names and defaults across files


def test_roles_and_ids_of_other_files_are_known():
    assert (
        problems(
            RULE + 'role = "web"\nid = "one"\n',
            '[[role]]\nname = "web"\n[[window]]\nname = "x"\nrules = "one"\nevery = "01:00-02:00"\n',
        )
        == []
    )


def test_a_name_is_known_even_where_its_own_table_has_an_error():
    found = problems('[[role]]\nname = "web"\nhsots = []\n[[allow]]\nid = "one"\n' + RULE + 'role = "web"\n')
    assert [line for line in found if "there is no" in line] == []


def test_behind_a_syntax_error_no_name_is_missed():
    assert problems(RULE + 'role = "web"\n', '[[role]]\nname: "web"\n') == [
        'b.toml:2:5 error: a key is followed by =, not : | Write name = "web".'
    ]


def test_defaults_stand_once_in_the_whole_folder():
    first, second = '[defaults]\nseverity = "low"\n', '[defaults]\nunmatched = "note"\nseverity = "high"\n'
    parsed = read(first + RULE, second)
    assert (parsed.baseline.defaults.severity, parsed.baseline.defaults.unmatched) == ("low", "note")
    (told,) = problems(first, second)
    assert told.startswith("b.toml:3:1 error: severity was set before, at a.toml:2:1 | Leave one of them out: each")


def test_defaults_hold_for_rules_that_stand_before_them():
    parsed = read(RULE + "accepted = 2026-11-01\n", '[defaults]\nreview = "10d"\nseverity = "critical"\n')
    (found,) = parsed.baseline.rules
    assert found.severity == "critical"
    assert (found.review or 0) - (found.accepted or 0) == 10 * 86400


def test_ids_of_two_files_that_are_the_same():
    assert problems(RULE + 'id = "x"\n', RULE.replace("443", "80") + 'id = "x"\n') == [
        "b.toml:1:1 error: the id x is taken by the rule at a.toml:1:1 | Give it another."
    ]


def test_a_rule_that_has_an_error_is_left_out_and_the_others_stay():
    parsed = read(RULE + RULE.replace("443", "0") + RULE.replace("443", "80"))
    assert [each.listen[0].first for each in parsed.baseline.rules] == [443, 80]
    assert len(parsed.errors) == 1


def test_problems_are_sorted_by_file_line_and_column():
    found = read("[[allow]]\nx = 1\n", "[[role]\n", c_json="[]", d_txt="x")
    assert [one.where.text for one in found.problems] == [
        *("a.toml:1:1", "a.toml:1:1", "a.toml:1:1", "a.toml:2:1", "b.toml:1:1", "c.json:1:1", "d.txt:1:1")
    ]


# -- whatever is in a file

keys = st.sampled_from(
    ["listen", "by", "speaks", "from", "until", "review", "accepted", "id", "role", "every", "hosts", "x"]
)
words = st.text("tcp/43 onublic&|(),:-'abx", max_size=12)
tables = st.sampled_from(
    ["[[allow]]", "[[require]]", "[[role]]", "[[window]]", "[defaults]", "[[x]]", "[allow]", "[[role]"]
)


@given(
    st.lists(tables | st.builds(lambda key, word: f'{key} = "{word}"', keys, words) | words, max_size=12).map("\n".join)
)
def test_no_file_raises_and_every_problem_has_a_place_and_a_hint(text):
    parsed = read(text)
    lines = text.split("\n")
    for one in parsed.problems:
        assert one.message
        assert one.hint
        assert 1 <= one.where.line <= len(lines)
        assert 1 <= one.where.column <= len(lines[one.where.line - 1]) + 1
    for each in parsed.baseline.rules:
        assert each.id
        assert each.listen


@given(st.binary(max_size=60), st.sampled_from(["toml", "json", "yaml"]))
def test_no_bytes_raise(data, ending):
    read(**{f"a_{ending}": data.decode("utf-8", "replace")})


@pytest.mark.slow
def test_many_rules_are_read():
    blocks = [
        f'[[allow]]\nid = "r{n}"\nlisten = "tcp/{n % 60000 + 1}"\nby = "unit:s{n}"\nwhy = "x"\nowner = "y"\n'
        for n in range(20_000)
    ]
    texts = ["\n".join(blocks[at : at + 5000]) for at in range(0, len(blocks), 5000)]
    parsed = read(**{f"f{number:02d}_toml": text for number, text in enumerate(texts)})
    assert len(parsed.baseline.rules) == 20_000
    assert parsed.problems == ()
    assert parsed.baseline.rules[-1].where == Where("f03.toml", 4999 * 7 + 1, 1)
