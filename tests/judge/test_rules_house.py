"""What holds for every rule, those of tomorrow too: a declaration, a test of its own, and no opening that breaks it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.judge import kit, rules
from hb_engine.judge.judgement import judge_opening
from hb_engine.model.assignment import Threat
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.owner import EXE_STATES, Container, Owner, Package
from hb_engine.model.verdict import SEVERITIES

NAMES = sorted(file[:-3] for file in os.listdir(rules.__path__[0]) if file.endswith(".py") and file[0] != "_")
RULES = kit.load(NAMES)
HERE = os.path.dirname(__file__)

# Text that processes really choose: anything, surrogates of undecodable bytes too, and what rules look for.
text = st.one_of(
    st.text(st.characters(), max_size=12),
    st.sampled_from(
        [
            "",
            "/",
            "\\",
            "/tmp/x",
            "/home/a/b",
            "[kworker/0]",
            "kworker/0",
            "nc",
            "--inspect=:1",
            "jdwp address=",
            "\udcff",
        ]
    ),
)
maybe = st.none() | text
words = st.lists(text, max_size=4).map(tuple)
packages = st.none() | st.builds(Package, text, text, text, st.none() | st.booleans(), text)
containers = st.none() | st.builds(Container, text, text, text, text, text)
owners = st.builds(
    Owner,
    st.integers(0, 1 << 22),
    comm=text,
    exe=maybe,
    exe_state=st.sampled_from(EXE_STATES),
    cmdline=words,
    uid=st.none() | st.integers(0, 1 << 32),
    user=text,
    unit=maybe,
    container=containers,
    package=packages,
    script=maybe,
    script_package=packages,
)
openings = st.builds(
    Opening,
    st.sampled_from(KINDS),
    st.sampled_from(TRANSPORTS),
    st.none() | st.sampled_from([1, 23, 2375, 5005, 6379, 9229, 65535]),
    words,
    st.just(("ipv4",)),
    st.sampled_from(SCOPES),
    st.builds(Netns, st.just(1), text, st.sampled_from(["host", "named", "container", "private"])),
    interface=text,
    owners=st.lists(owners, max_size=3).map(tuple),
    unowned=st.none() | st.builds(Unowned, st.sampled_from(["kernel", "not-found", "in-flight", "?"]), text),
    unit=maybe,
    container=containers,
    ephemeral=st.booleans(),
    flags=words,
    notes=words,
    inodes=st.lists(st.integers(1, 3), max_size=2).map(tuple),
)
threats = st.builds(
    Threat, text, st.just("tcp"), st.just(1), st.just(1), text, st.sampled_from(["listen", "scan"]), text, text
)
all_facts = st.builds(
    kit.Facts,
    openings,
    st.lists(threats, max_size=2).map(tuple),
    st.lists(openings, max_size=2).map(tuple),
    packages_asked=st.booleans(),
    coverage=st.builds(Coverage, st.booleans()),
)


@pytest.mark.parametrize("loaded", RULES, ids=NAMES)
def test_a_rule_is_declared_whole(loaded):
    rule = loaded.rule
    assert rule.name == rule.name.lower()
    assert " " not in rule.name
    assert rule.severity in SEVERITIES[1:]
    assert rule.title.endswith(".")
    assert rule.false_positives
    assert all(cause.endswith(".") for cause in rule.false_positives)


def test_names_are_unique():
    assert len({loaded.rule.name for loaded in RULES}) == len(RULES) >= 14


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_a_test_of_both_sides(name):
    with open(os.path.join(HERE, "rules", f"test_{name}.py"), encoding="utf-8") as file:
        text = file.read()
    assert "def test_it_speaks" in text
    assert "def test_it_is_silent" in text


@pytest.mark.slow
@given(all_facts)
@settings(max_examples=300, deadline=None)
def test_no_opening_breaks_a_rule_and_every_reason_is_whole(facts):
    names = {loaded.rule.name for loaded in RULES}
    for reason in judge_opening(facts, RULES).reasons:
        assert reason.rule in names
        assert reason.severity in SEVERITIES[1:]
        assert reason.text
        assert not reason.text.endswith(".")
        assert all(isinstance(line, str) and line for line in reason.evidence)
        assert len(reason.text) < 600


@pytest.mark.slow
@given(all_facts)
@settings(max_examples=50, deadline=None)
def test_rules_are_pure(facts):
    assert judge_opening(facts, RULES) == judge_opening(facts, RULES)
