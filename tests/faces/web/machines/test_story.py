"""One opening told whole: every fact that was read, none that was not, and the chain from its first cause."""

from __future__ import annotations

import pytest
from tests.faces.kit import BACKDOOR, DETAILS, HTTPS, LOOK, POSTGRES, SSH, VXLAN, WEBBOX, hostile_look, opening

from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.machines import story
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import EXE_STATES, ORIGINS, Origin, Owner, Package
from hb_engine.model.record import replace

ENGLISH = language("en")


def told(one, details=None, word=None):
    """The facts as text: all of them, or one by its word."""
    found = {
        fact.word: " | ".join([", ".join([part.text for part in line]) for line in fact.lines])
        for fact in story.facts(ENGLISH, one, details or {})
    }
    return found.get(word, "") if word else found


def test_the_backdoor():
    facts = told(BACKDOOR, DETAILS[BACKDOOR.key])
    assert facts["who"] == 'calls itself "kworker/u8:1", pid 4117, user root, in unit cron.service'
    assert "/dev/shm/.x (deleted), 48 KiB, sha256 9f31" in facts["runs"]
    assert "in no package that is known" in facts["runs"]
    assert facts["reach"].startswith("open to: everyone, 0.0.0.0 and [::]")
    assert "policy accept" in facts["reach"]
    assert facts["held"] == "pid 4117: thread 4120, fd 5"
    assert facts["queue"] == "128 connections may wait"  # evidence that joins no line stands on its own


@pytest.mark.parametrize(("code", "listed"), [("de", "0.0.0.0 und [::]"), ("ja", "0.0.0.0\u3001[::]")])
def test_addresses_are_listed_as_the_language_lists(code, listed):
    lines = next(fact.lines for fact in story.facts(language(code), BACKDOOR, {}) if fact.word == "reach")
    assert lines[0][1].text == listed


def test_what_was_not_read_is_left_out():
    facts = told(SSH)
    assert set(facts) == {"who", "runs", "reach"}
    assert "sha256" not in facts["runs"]


def test_a_package_that_differs_says_so():
    owner = replace(SSH.owners[0], package=Package("ssh", "1", "dpkg", verified=False, detail="md5 differs"))
    assert "DIFFER" in told(replace(SSH, owners=(owner,)), word="runs")
    owner = replace(owner, package=Package("ssh", "1", "dpkg"))
    assert "not verified" in told(replace(SSH, owners=(owner,)), word="runs")


def test_people_of_one_program_are_told_together():
    who = told(HTTPS, word="who")
    assert "pid 900, user root" in who
    assert "pid 901 and 902, user www-data" in who


def test_nobody_is_told_with_the_reason():
    blind = opening(1, unowned=Unowned("not-permitted", "its descriptors are not yours"), unit="a.service", uid=7)
    who = told(blind, word="who")
    assert "Nobody is named: a process that hb may not read (its descriptors are not yours)." in who
    assert "in unit a.service" in who
    assert "no reason is known" in told(opening(1), word="who")
    assert "VXLAN" in told(VXLAN, word="who")


def test_a_container_and_its_script():
    facts = told(WEBBOX)
    assert "in container docker shop, image registry.example/shop:4" in facts["who"]
    assert facts["script"].startswith("/app/server.js")
    assert "in network namespace shop" in facts["reach"]


@pytest.mark.parametrize("scope", SCOPES)
def test_how_far_it_reaches(scope):
    assert told(replace(SSH, scope=scope), word="reach").startswith("open to: ")


def test_many_addresses_are_counted():
    many = replace(SSH, addresses=tuple([f"10.0.0.{n}" for n in range(20)]))
    assert "and 12 more addresses" in told(many, word="reach")


def test_the_chain_begins_with_its_first_cause():
    chain = story.chain(ENGLISH, BACKDOOR)
    assert [link.text for link in chain] == [
        "cron: cron.service, of root", "cron -f", "CRON -f", "sh -c /dev/shm/.x", "kworker/u8:1",
    ]  # fmt: skip
    assert chain[0].origin
    assert [link.pid for link in chain[1:]] == [611, 4110, 4116, 4117]
    assert story.chain(ENGLISH, VXLAN) == ()


@pytest.mark.parametrize("kind", ORIGINS)
def test_every_origin_has_words(kind):
    one = replace(SSH, owners=(replace(SSH.owners[0], origin=Origin(kind, "", "ann", "192.0.2.1"), parents=()),))
    first = story.chain(ENGLISH, one)[0].text
    assert first
    assert kind == "unknown" or first.endswith("of ann from 192.0.2.1")


def test_a_login_without_a_user_tells_its_address():
    one = replace(SSH, owners=(replace(SSH.owners[0], origin=Origin("login", "", "", "192.0.2.1"), parents=()),))
    assert story.chain(ENGLISH, one)[0].text == "a login, from 192.0.2.1"


@pytest.mark.parametrize("state", EXE_STATES)
def test_every_state_of_an_executable_has_words(state):
    one = replace(SSH, owners=(replace(SSH.owners[0], exe_state=state),))
    assert (state == "present") == ("(" not in told(one, word="runs").split(",")[0])
    nameless = replace(SSH, owners=(Owner(3, "x", None, state),))
    assert told(nameless, word="runs")


def test_flags_and_namespaces():
    one = replace(SSH, flags=tuple(story.FLAGS), netns=Netns(9, "", "named"), interface="eth1")
    reach = told(one, word="reach")
    for word in ("Multipath", "IPv6 only", "namespace 9", "device eth1", "no list of the kernel"):
        assert word in reach


@pytest.mark.parametrize("code", CODES)
def test_every_opening_is_told_in_every_language(code):
    for one in (*LOOK.openings, *hostile_look().openings):
        assert story.facts(language(code), one, DETAILS.get(one.key, {}))
        story.chain(language(code), one)


def test_words_of_thousands_of_letters_are_cut():
    for one in hostile_look().openings:
        for fact in story.facts(ENGLISH, one, {"noted": "x" * 9000}):
            assert max([len(part.text) for line in fact.lines for part in line]) <= 4 * story.LONGEST
        assert max([len(link.text) for link in story.chain(ENGLISH, one)]) <= 4 * story.LONGEST


def test_the_title_and_the_start():
    assert story.title(POSTGRES) == "tcp 5432"
    assert story.since(POSTGRES) == POSTGRES.owners[0].started_at
    assert story.since(VXLAN) is None
