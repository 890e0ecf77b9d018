"""What holds for every rule, those of tomorrow too: a declaration, a test of its own, and no opening that breaks it."""

from __future__ import annotations

import os
import sys
from inspect import getsource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.app.looking.look import rule_names
from hb_engine.judge import kit
from hb_engine.judge.judgement import judge_opening
from hb_engine.model.answer import HELD, Answer
from hb_engine.model.assignment import Threat
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.identity import PROOFS, Certificate, Identity, Tls
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Netns, Opening, Registered, Unowned
from hb_engine.model.owner import EXE_STATES, ORIGINS, Container, Origin, Owner, Package
from hb_engine.model.record import replace
from hb_engine.model.verdict import SEVERITIES

NAMES = sorted(rule_names())
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
            "sshd: /usr/sbin/sshd -f x",
            "/usr/sbin/sshd",
            "/usr/bin/ssh",
            "/usr/bin/node",
            "-f",
            "-S",
            "hidden",
            "filter",
            "leads to 127.0.0.1:1",
            "0.0.0.0",
            "::",
        ]
    ),
)
maybe = st.none() | text
words = st.lists(text, max_size=4).map(tuple)
packages = st.none() | st.builds(Package, text, text, text, st.none() | st.booleans(), text)
containers = st.none() | st.builds(Container, text, text, text, text, text)
origins = st.none() | st.builds(Origin, st.sampled_from(ORIGINS), text, text, text)
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
    origin=origins,
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
    st.sampled_from([("ipv4",), ("ipv6",), ("ipv4", "ipv6")]),
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
    protocol=text,
)
threats = st.builds(
    Threat, text, st.just("tcp"), st.just(1), st.just(1), text, st.sampled_from(["listen", "scan"]), text, text
)
moments = st.integers(-(1 << 40), 1 << 40)
services = text | st.sampled_from(
    ["http", "ssh", "redis", "telnet", "smtp", "imap", "docker", "socks5", "vnc", "microsoft-ds", "nbd", "ssl", "X11"]
)
certificates = st.none() | st.builds(
    Certificate,
    text,
    text,
    words,
    moments,
    moments,
    key=text | st.sampled_from(["RSA 512", "RSA x", "RSA \u00b2", "DSA", "EC P-192", "EC P-256"]),
    signature=text | st.sampled_from(["sha1WithRSAEncryption", "ecdsa-with-SHA1"]),
    self_signed=st.booleans(),
)
versions = text | st.sampled_from(["SSLv3", "TLSv1", "TLSv1.2", "TLSv1.3"])
tls = st.none() | st.builds(
    Tls,
    versions,
    text | st.sampled_from(["NULL-SHA", "RC4-MD5", "TLS_AES_256_GCM_SHA384"]),
    text,
    st.sampled_from(["implicit", "starttls"]),
    st.lists(versions, max_size=3).map(tuple),
    certificates,
    text,
)
identities = st.none() | st.builds(
    Identity,
    services,
    text,
    text,
    text | st.sampled_from(["protocol 1.99", "SMB 1 accepted", "open to everybody", "no authentication"]),
    proof=st.sampled_from(PROOFS),
    evidence=text | st.sampled_from(["+PONG", "ApiVersion 1", "CONNACK 0"]),
    guarded=st.booleans(),
    starttls=st.sampled_from(["", "offered", "required", "absent"]),
    tls=tls,
    facts=st.lists(
        st.tuples(text | st.sampled_from(["server", "realm", "authentication", "security", "exports"]), text),
        max_size=3,
    ).map(tuple),
)
answers = st.none() | st.builds(
    Answer,
    st.sampled_from(["tcp", "udp"]),
    st.integers(0, 65535),
    st.just("open"),
    st.just("syn-ack"),
    registered=st.lists(st.builds(Registered, text), max_size=1).map(tuple),
    identity=identities,
    held=st.sampled_from(["", *HELD]),
    mismatch=text,
    fingerprint=text,
)
all_facts = st.builds(
    kit.Facts,
    openings,
    st.lists(threats, max_size=2).map(tuple),
    st.lists(openings, max_size=2).map(tuple),
    packages_asked=st.booleans(),
    coverage=st.builds(Coverage, st.booleans()),
    now=st.none() | moments.map(float),
    answer=answers,
    first_seen=st.none() | moments.map(float),
    looking_since=st.none() | moments.map(float),
    local_ports=st.none() | st.tuples(st.integers(0, 65535), st.integers(0, 65535)),
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


def test_a_rule_is_named_as_its_file_is():
    """Whoever knows the files knows the names that a baseline may accept, without a rule being loaded."""
    assert [loaded.rule.name for loaded in RULES] == [name.rpartition(".")[2].replace("_", "-") for name in NAMES]


def test_names_are_unique():
    assert len({loaded.rule.name for loaded in RULES}) == len(RULES) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_a_test_of_both_sides(name):
    folder, _, module = name.rpartition(".")
    with open(os.path.join(HERE, "rules", folder, f"test_{module}.py"), encoding="utf-8") as file:
        text = file.read()
    assert "def test_it_speaks" in text
    assert "def test_it_is_silent" in text


def test_rules_that_cannot_speak_without_more_stand_in_its_folder():
    """They are loaded where there is more; a rule that can do with less must not stand there."""
    for name, loaded in zip(NAMES, RULES, strict=True):
        source = getsource(sys.modules[loaded.judge.__module__])
        needs = (
            "identity = spoken(facts)",
            "certificate_of(facts)",
            "answer = facts.",
            "answer, identity = facts.answer",
        )
        answered = any(word in source for word in (*needs, "identity = facts.opening, spoken(facts)"))
        assert answered == name.startswith("spoken."), name
        assert ("facts.first_seen" in source) == name.startswith("remembered."), name


@pytest.mark.slow
@given(all_facts)
@settings(max_examples=200, deadline=None)
def test_rules_of_such_a_folder_are_silent_without_it(facts):
    for name, loaded in zip(NAMES, RULES, strict=True):
        if name.startswith("spoken."):
            assert list(loaded.judge(replace(facts, answer=None))) == []
        if name.startswith("remembered."):
            assert list(loaded.judge(replace(facts, first_seen=None))) == []


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
