"""`by` and `when`: what conditions come to, and what is said of those that are none, at which character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.mistakes import is_told_well

from hb_engine.baseline.language import by
from hb_engine.baseline.language.nodes import LONGEST, Mistake
from hb_engine.model.baseline import HOST_FIELDS, OWNER_FIELDS, All, AnyOf, Is, Not

A, B, C = Is("pkg", "a"), Is("pkg", "b"), Is("pkg", "c")


def refused(text, *more):
    with pytest.raises(Mistake) as raised:
        by.parse(text, *more)
    return raised.value.at, f"{raised.value.message} | {raised.value.remedy}"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("pkg:a", A),
        ("pkg:a and pkg:b or pkg:c", AnyOf((All((A, B)), C))),
        ("pkg:a or pkg:b and pkg:c", AnyOf((A, All((B, C))))),
        ("(pkg:a or pkg:b) and pkg:c", All((AnyOf((A, B)), C))),
        ("not pkg:a and pkg:b", All((Not(A), B))),
        ("not (pkg:a and pkg:b)", Not(All((A, B)))),
        ("pkg:a AND NOT pkg:b", All((A, Not(B)))),
        ("pkg:a and(pkg:b)", All((A, B))),
        ("exe:'/opt/My App/(x)' or pkg:c", AnyOf((Is("exe", "/opt/My App/(x)"), C))),
        ('comm:"it\'s"', Is("comm", "it's")),
        ("exe:/usr/bin/prometheus-*exporter", Is("exe", "/usr/bin/prometheus-*exporter")),
        ("image:registry:5000/nginx:1.2", Is("image", "registry:5000/nginx:1.2")),
        ("unit:nginx", Is("unit", "nginx.service")),
        ("unit:nginx.socket", Is("unit", "nginx.socket")),
        ("unit:getty@*", Is("unit", "getty@*")),
        ("unit:org.cups.cupsd", Is("unit", "org.cups.cupsd.service")),
        ("sha256:" + "AB" * 32, Is("sha256", "ab" * 32)),
        ("sha256:ab*", Is("sha256", "ab*")),
    ],
)
def test_conditions(text, condition):
    assert by.parse(text) == condition


def test_conditions_over_machines():
    found = by.parse("group:web and os:linux* or cidr:10.0.0.0/8", HOST_FIELDS, "when")
    assert found == AnyOf((All((Is("group", "web"), Is("os", "linux*"))), Is("cidr", "10.0.0.0/8")))


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("nginx", 0, "'nginx' is no condition | Write unit:nginx, pkg:nginx or exe:*/nginx."),
        ("/usr/sbin/nginx", 0, "'/usr/sbin/nginx' is no condition | Write exe:/usr/sbin/nginx."),
        ("nginx.service", 0, "'nginx.service' is no condition | Write unit:nginx.service."),
        ("unit", 0, "'unit' is no condition | Write unit:nginx.service."),
        ("unit:", 5, "nothing stands after unit: | Write unit:nginx.service."),
        ("unit: nginx", 5, "nothing stands after unit: | Write unit:nginx, without a space."),
        ("unit=nginx", 4, "a field is followed by a colon, not = | Write unit:nginx."),
        ("unit==nginx", 4, "a field is followed by a colon, not == | Write unit:nginx."),
        ("exe!=/x", 3, "a field is followed by a colon, not != | Write not exe:/x."),
        ("process:nginx", 0, "there is no field process: | Write comm:nginx."),
        ("proces:x", 0, "there is no field proces: | Did you mean comm:x?"),
        ("Unit:nginx", 0, "fields are written in small letters: Unit | Write unit:nginx."),
        ("unit:a && pkg:b", 7, "'&&' is written as a word | Write and."),
        ("unit:a || pkg:b", 7, "'||' is written as a word | Write or."),
        ("unit:a & pkg:b", 7, "'&' is written as a word | Write and."),
        ("!unit:a", 0, "! is written as a word | Write not unit:a."),
        ("not", 3, "by ends after 'not' | It goes on with a condition, such as unit:nginx.service."),
        ("unit:a and", 10, "by ends after 'and' | It goes on with a condition, such as unit:nginx.service."),
        (
            "and unit:a",
            0,
            "a condition is missing before 'and' | Write one such as unit:nginx.service, or leave and out.",
        ),
        (
            "unit:a or or unit:b",
            10,
            "a condition is missing before 'or' | Write one such as unit:nginx.service, or leave or out.",
        ),
        ("(unit:a", 0, "this bracket is never closed | Close it with )."),
        ("unit:a)", 6, "this bracket was never opened | Leave it out, or open one before."),
        ("()", 1, "a condition is missing before this bracket | Leave it out, or say what stands in it."),
        ("unit:a unit:b", 7, "a word is missing here | Write and, or or, before 'unit:b'."),
        ("unit:a, unit:b", 6, "',' says nothing here | Conditions are joined with and, or."),
        ("unit:a andd unit:b", 7, "'andd' is no word here | Did you mean and?"),
        (
            "exe:/opt/My App/x",
            12,
            "'App/x' says nothing here | A pattern with spaces stands in quotes: exe:'/opt/My App/run'.",
        ),
        ("exe:'/opt/My App/x", 4, "this quote is never closed | Close it with '."),
        ("exe:''", 4, "nothing stands between the quotes after exe: | Write exe:*."),
        ("sha256:abc", 7, "a SHA-256 has 64 digits of 0 to 9 and a to f | This has 3."),
        (
            "host:web",
            0,
            (
                "host: speaks of machines, and stands in when | "
                "In by there are unit, exe, pkg, user, comm, script, container, image, cgroup, "
                "sha256, signed and kernel."
            ),
        ),
        (
            "foo:bar",
            0,
            (
                "there is no field foo: | "
                "There are unit, exe, pkg, user, comm, script, container, image, cgroup, sha256, signed and kernel."
            ),
        ),
        ("unit:a not unit:b", 7, "a word is missing here | Write and, or or, before 'not'."),
        ("unit:a (unit:b)", 7, "a word is missing here | Write and, or or, before '('."),
        ("port:443", 0, 'there is no field port: | Ports stand in listen, such as listen = "tcp/443".'),
        (
            "(unit:a and) or pkg:b",
            11,
            "a condition is missing before this bracket | Leave it out, or say what stands in it.",
        ),
        (
            "unit:nginx pkg",
            11,
            "'pkg' says nothing here | A pattern with spaces stands in quotes: exe:'/opt/My App/run'.",
        ),
        ("exe:/a/(b)", 7, "a word is missing here | Write and, or or, before '('."),
    ],
)
def test_sentences_that_are_none(text, at, told):
    assert refused(text) == (at, told)


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("web", 0, "'web' is no condition | Write group:web, or host:web."),
        ("10.0.0.0/8", 0, "'10.0.0.0/8' is no condition | Write cidr:10.0.0.0/8."),
        (
            "unit:nginx",
            0,
            "unit: speaks of openings, and stands in by | In when there are host, cidr, os, group, label and role.",
        ),
        (
            "cidr:10.0.0.5/8",
            5,
            (
                "'10.0.0.5/8' is an address inside of a network | "
                "Write 10.0.0.0/8 for the network, or 10.0.0.5 for the address alone."
            ),
        ),
        ("cidr:x", 5, "'x' is no network | Write one such as 10.0.0.0/8 or fd00::/8."),
        ("hostname:web-*", 0, "there is no field hostname: | Write host:web-*."),
        ("env=prod", 3, "a field is followed by a colon, not = | Write label:env=prod."),
        ("group=web", 5, "a field is followed by a colon, not = | Write group:web."),
        ("tag:x", 0, "there is no field tag: | Write label:x."),
    ],
)
def test_sentences_about_machines_that_are_none(text, at, told):
    assert refused(text, HOST_FIELDS, "when") == (at, told)


def test_nothing_too_long_and_too_deep():
    assert refused(" ") == (0, "by says nothing | Write such as unit:nginx.service and pkg:nginx, or leave by out.")
    assert refused("x" * (LONGEST + 1))[1].startswith(f"by has more than {LONGEST} characters")
    assert "deep" in refused("(" * 2000 + "pkg:a")[1]
    assert "deep" in refused("not " * 1000 + "pkg:a")[1]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("unit:nginx.servce", ("nginx.servce", "nginx.service")),
        ("pkg:a or not unit:ssh.sokcet", ("ssh.sokcet", "ssh.socket")),
        ("unit:nginx", None),
        ("unit:org.cups.cupsd", None),
        ("unit:a.timer and unit:b*", None),
        ("pkg:nginx.servce", None),
    ],
)
def test_units_whose_suffix_is_probably_mistyped(text, slip):
    assert by.unit_slip(by.parse(text)) == slip


words = st.text("abcxyz019/._-*?@%+=~", min_size=1, max_size=8)
parts = st.builds(Is, st.sampled_from(["pkg", "exe", "comm", "user", "image"]), words)
conditions = st.recursive(
    parts,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


def written(part):
    if isinstance(part, Is):
        return f"{part.field}:{part.pattern}"
    if isinstance(part, Not):
        return f"not ({written(part.part)})"
    return (" and " if isinstance(part, All) else " or ").join([f"({written(each)})" for each in part.parts])


@given(conditions)
def test_what_is_written_is_what_is_read(condition):
    assert by.parse(written(condition)) == condition


@given(st.text("unit:pkgexe andornot()'\"&|!=,*", max_size=40) | st.text(max_size=20), st.booleans())
def test_no_text_raises_anything_but_a_mistake_inside_of_it(text, machines):
    assert is_told_well(lambda words: by.parse(words, HOST_FIELDS if machines else OWNER_FIELDS), text)
