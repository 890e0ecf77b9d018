"""Blocks read back as what was written, and a file around them keeps every letter that is not theirs."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline import blocks
from hb_engine.baseline.language import times
from hb_engine.model.baseline import All, AnyOf, Is, Listen, Not, Rule, Speaks

DAY = 86400
RULE = Rule(
    "allow",
    "web-https",
    (Listen("tcp", 443, 443), Listen("tcp", 8000, 8010, scope="private")),
    All((Is("unit", "nginx.service"), Is("pkg", "nginx"))),
    why='Shop "front end"',
    owner="team-web",
    accepted=20000 * DAY,
    until=20000 * DAY + 3600,
)
TEXT = """[[allow]]
id = "web-https"
listen = "tcp/443 on public, tcp/8000-8010 on private"
by = "unit:nginx.service and pkg:nginx"
why = "Shop \\"front end\\""
owner = "team-web"
accepted = 2024-10-04
until = 2024-10-04T01:00:00Z
"""
HOSTILE = st.text(st.characters(exclude_categories=()), max_size=60)


def test_a_rule_is_one_key_a_line_in_a_fixed_order():
    assert blocks.block(RULE) == TEXT
    assert blocks.block(RULE, ("seen since Tuesday",)) == "# seen since Tuesday\n" + TEXT


def test_every_field_has_its_line():
    rule = Rule(
        "require", "x", (Listen("udp", text="udp/domain"),), by_text="user:alice", speaks=Speaks(text="dns"),
        sources=("net:10.0.0.0/8", "any"), why="w", owner="o", review=2 * DAY - 1, severity="high", role="web",
        host="web-1",
        pin=("sha256",), accepts=("writable-path", "no-owner-found"),
    )  # fmt: skip
    read = tomllib.loads(blocks.block(rule))["require"][0]
    assert list(read) == ["id", "role", "host", "listen", "by", "speaks", "from", "why", "owner", "review", "severity",
                          "pin", "accepts"]  # fmt: skip
    assert read["from"] == ["net:10.0.0.0/8", "any"]
    assert (read["pin"], read["listen"], read["by"]) == ("sha256", "udp/domain", "user:alice")
    assert read["review"].isoformat() == "1970-01-02"


def test_a_name_of_several_ports_is_written_once():
    several = (Listen("tcp", 25, 25, text="tcp/smtp"), Listen("tcp", 587, 587, text="tcp/smtp"), Listen("tcp", 9, 9))
    assert 'listen = "tcp/smtp, tcp/9 on public"' in blocks.block(Rule("allow", "x", several))


@given(st.integers(0, 253402300799), st.booleans())
def test_times_are_read_back_as_they_were(at, ends):
    told = blocks.moment(at, ends=ends)
    assert times.moment(told, ends=ends) == (at, False)
    assert tomllib.loads(f"a = {told}")["a"].isoformat()[:10] == told[:10]


@given(HOSTILE)
def test_any_text_reads_back_as_the_very_text(text):
    told = blocks.quoted(text)
    assert told.isprintable()
    read = tomllib.loads(f"a = {told}\nb = 1")
    assert read["b"] == 1
    if not any("\ud800" <= one <= "\udfff" for one in text):
        assert read["a"] == text
    told.encode()  # and the file is UTF-8, whatever the text was


def test_bytes_that_were_no_utf8_are_written_as_in_json():
    assert tomllib.loads(f"a = {blocks.quoted('ba' + chr(0xDC80) + 'd')}")["a"] == "ba\\x80d"
    assert tomllib.loads(f"a = {blocks.quoted(chr(0xD800))}")["a"] == "\\ud800"


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_rules_cannot_leave_their_block(name, why, owner, remark):
    rule = Rule("allow", name, (Listen("tcp", 1, 1),), Is("comm", blocks.pattern(name)), why=why, owner=owner)
    read = tomllib.loads(blocks.block(rule, (remark, why)))
    assert list(read) == ["allow"]
    assert len(read["allow"]) == 1
    assert set(read["allow"][0]) <= {"id", "listen", "by", "why", "owner"}


@given(HOSTILE)
def test_patterns_carry_no_letter_with_a_meaning(text):
    told = blocks.pattern(text)
    assert len(told) == len(text)
    assert not set(told) & set(" \t\n()\"'*[]{}\\,#")
    assert all(one in ("?", other) for one, other in zip(told, text, strict=True))
    told.encode()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Listen("tcp", 443, 443), "tcp/443 on public"),
        (Listen("tcp", 443, 443, scope="loopback"), "tcp/443 on loopback"),
        (Listen("udp", 1, 9, scope="private", netns="container"), "udp/1-9 on private netns:container"),
        (Listen("tcp", 5, 5, networks=("10.0.0.0/8",), interface="eth0"), "tcp/5 on iface:eth0 net:10.0.0.0/8"),
        (Listen("tcp", place="ephemeral"), "tcp/ephemeral on public"),
        (Listen("packet", place="any"), "packet/any on public"),
        (Listen("tcp", 80, 80, text="tcp/http"), "tcp/http"),
    ],
)
def test_places(place, text):
    assert blocks.listen(place) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Is("unit", "a.service"), "unit:a.service"),
        (All((Is("unit", "a"), Is("pkg", "b"))), "unit:a and pkg:b"),
        (AnyOf((All((Is("unit", "a"), Is("pkg", "b"))), Is("exe", "c"))), "unit:a and pkg:b or exe:c"),
        (All((AnyOf((Is("unit", "a"), Is("unit", "b"))), Is("pkg", "b"))), "(unit:a or unit:b) and pkg:b"),
        (Not(AnyOf((Is("user", "root"), Is("user", "0")))), "not (user:root or user:0)"),
        (Not(Is("user", "root")), "not user:root"),
        (All((Is("user", "root"),)), "user:root"),
    ],
)
def test_conditions(part, text):
    assert blocks.condition(part) == text


FILES = [
    "",
    'schema = "hb/1"\n',
    'schema = "hb/1"',
    "# only a remark\n\n\n",
    '[defaults]\nreview = "180d" # half\n\n# the web\n[[allow]]\nid = "a"\nwhy = """\n[[allow]]\nid = "no"\n"""\n',
    "[[allow]]\nid = 'a'\nlisten = [\n  'tcp/1', # ]\n  'tcp/2',\n]\n",
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("text", FILES)
def test_appending_keeps_what_was_there_and_undoing_it_gives_the_file_back(text, ends):
    text = text.replace("\n", ends)
    told = blocks.appended(text, TEXT)
    assert told.startswith(text)
    assert told.endswith(TEXT.replace("\n", "\r\n" if "\r\n" in text else "\n"))
    added = told[len(text) :].replace("\r", "")
    assert added.lstrip("\n") == TEXT
    assert "\n" not in text or (text.rstrip(" \r\n") + added).count("\n\n\n") == 0
    assert tomllib.loads(told)["allow"][-1]["id"] == "web-https"
    number = told[: told.index("web-https")].count("\n")
    assert blocks.removed(told, "allow", number).rstrip("\r\n") == text.rstrip("\r\n")


THREE = """# the file's own remark

[defaults]
unmatched = "alert"

# about a
[[allow]]
id = "a" # first
why = '''
[[allow]]
# not a header
'''

# about b
# and more of it
[[allow]]
id = "b"
listen = ["tcp/1", "tcp/[2]",
  "tcp/3"]
until = 2026-01-01

[[forbid]]
id = "c"
"""


def test_a_block_goes_with_its_own_comments_and_nothing_else():
    assert blocks.removed(THREE, "allow", 16) == THREE.replace(
        THREE[THREE.index("# about b") : THREE.index("[[forbid]]")], ""
    )
    assert blocks.removed(THREE, "forbid", 22) == THREE[: THREE.index("\n[[forbid]]")]
    assert blocks.removed(THREE, "allow", 7) == THREE.replace(
        THREE[THREE.index("# about a") : THREE.index("# about b")], ""
    )


@pytest.mark.parametrize(("kind", "number"), [("forbid", 16), ("allow", 10), ("allow", 0), ("allow", 99)])
def test_what_is_no_header_takes_nothing_along(kind, number):
    assert blocks.removed(THREE, kind, number) == THREE
    assert blocks.changed(THREE, kind, number, "until", "2027-01-01") == THREE


def test_a_key_is_changed_or_added_in_its_place():
    told = blocks.changed(THREE, "allow", 16, "until", "2027-01-01")
    assert told == THREE.replace("2026-01-01", "2027-01-01")
    told = blocks.changed(THREE, "allow", 7, "until", "2027-01-01")
    assert told == THREE.replace("'''\n\n# about b", "'''\nuntil = 2027-01-01\n\n# about b")
    assert blocks.changed('[[allow]]\nid = "a"', "allow", 1, "until", "2027-01-01").endswith(
        '"a"\nuntil = 2027-01-01\n'
    )
    told = blocks.changed(THREE, "allow", 16, "listen", '"tcp/9"')
    assert tomllib.loads(told)["allow"][1] == {
        "id": "b",
        "listen": "tcp/9",
        "until": tomllib.loads("a=2026-01-01")["a"],
    }


def test_tables_are_found_where_toml_has_them():
    assert [(table.name, table.first, table.head, table.end) for table in blocks.tables(THREE)] == [
        ("defaults", 2, 2, 4), ("allow", 5, 6, 12), ("allow", 13, 15, 20), ("forbid", 21, 21, 23),
    ]  # fmt: skip
    more = '[[ "allow" ]] # x\nid = 1\n[allow.more]\na = {b = [1]}\n[[forbid]]\n'
    assert [(table.name, table.end) for table in blocks.tables(more)] == [("allow", 4), ("forbid", 5)]


@given(st.text("[]\"'#=a\n\r\\{} ", max_size=80), st.integers(0, 9))
def test_no_text_is_too_broken_to_be_kept(text, number):
    assert blocks.appended(text, TEXT).startswith(text)
    assert all(table.first <= table.head < table.end for table in blocks.tables(text))
    assert isinstance(blocks.removed(text, "a", number), str)
    assert isinstance(blocks.changed(text, "a", number, "a", "1"), str)


BLOCKS = st.lists(st.tuples(st.sampled_from(["allow", "forbid"]), HOSTILE, HOSTILE), min_size=1, max_size=6)


@given(BLOCKS, st.data())
def test_taking_one_block_out_leaves_the_others_to_the_letter(wanted, data):
    text = ""
    for kind, name, why in wanted:
        text = blocks.appended(text, blocks.block(Rule(kind, name, (), why=why), (why,)))
    found = blocks.tables(text)
    assert [table.name for table in found] == [kind for kind, _, _ in wanted]
    index = data.draw(st.integers(0, len(wanted) - 1))
    left = ""
    for kind, name, why in [*wanted[:index], *wanted[index + 1 :]]:
        left = blocks.appended(left, blocks.block(Rule(kind, name, (), why=why), (why,)))
    assert blocks.removed(text, found[index].name, found[index].head + 1) == left
