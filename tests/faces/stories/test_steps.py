"""What to do: evidence first, nothing for what is quiet, and no stranger's name as a command."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import HOSTILE, said

from hb_engine.faces.document import Document, Fields
from hb_engine.faces.stories import steps
from hb_engine.model.opening import Netns
from hb_engine.model.owner import Container, Origin
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason


def commands(opening):
    return {step.what: step.command for step in steps.steps(opening)}


def judged(opening, severity, *remedies):
    return replace(
        opening, verdict=Judgement(severity, tuple(Reason("r", severity, "t", (), each) for each in remedies))
    )


def test_a_quiet_opening_asks_for_nothing():
    assert steps.steps(kit.SSH) == []
    assert steps.steps(judged(kit.SSH, "info", "x")) == []
    assert steps.steps(replace(kit.SSH, verdict=None)) == []
    assert said(Document((Fields((steps.field([]),)),))) == " do  nothing to do\n"


def test_a_stranger_is_kept_cut_off_and_traced():
    found = commands(kit.BACKDOOR)
    assert list(found) == ["keep the evidence", "cut it off", "take that back", "find the way in"]
    assert found["keep the evidence"].startswith("cp /proc/4117/exe /root/tcp-1703.exe; hb why 1703 --json")
    assert "tcp dport 1703 drop" in found["cut it off"]
    assert found["take that back"] == "nft delete table inet hb_cut"
    assert found["find the way in"].startswith("crontab -l -u root")


def test_a_packaged_service_is_not_evidence_but_its_set_up_matters():
    found = commands(kit.REDIS)
    assert "keep the evidence" not in found
    assert "bind it to 127.0.0.1 in /etc/redis/redis.conf, then systemctl restart redis-server" in found
    assert found["see how it is set up"].startswith("systemctl cat redis-server.service")


def test_a_look_of_low_severity_does_not_cut_anything_off():
    assert list(commands(judged(kit.SSH, "low", "ask its owner"))) == ["ask its owner", "see how it is set up"]


def test_this_machine_only_needs_no_cutting_off():
    assert "cut it off" not in commands(judged(kit.POSTGRES, "high"))


def test_without_a_port_there_is_no_rule_to_cut_it_off():
    found = commands(judged(kit.TAP, "critical"))
    assert "cut it off" not in found
    strange = replace(kit.TAP.owners[0], package=None)
    assert commands(judged(replace(kit.TAP, owners=(strange,)), "critical"))["keep the evidence"].startswith(
        "cp /proc/3000/exe /root/packet-3000.exe; hb why 3000"
    )


def test_remedies_that_send_people_here_lose_that_part():
    opening = judged(
        kit.SSH, "medium", "hb why 22", "find out what it is: hb why 22", "a; hb why 22", "see hb why 22 again"
    )
    assert steps.remedies(opening) == ["find out what it is", "a", "see the lines above again"]
    twice = judged(kit.SSH, "medium", "bind it", "bind it", "")
    assert steps.remedies(twice) == ["bind it"]


def test_what_was_said_already_is_not_said_again():
    opening = judged(kit.BACKDOOR, "critical", "keep the evidence first (cp /proc/4117/exe evidence); stop the service")
    told = [step.what for step in steps.steps(opening)]
    assert told[:2] == ["keep the evidence", "cut it off"]
    assert told[-1] == "stop the service"


NAMESPACES = [
    (Netns(1, "", "host"), (kit.BACKDOOR_OWNER,), "nft '"),
    (Netns(2, "blue", "named"), (kit.BACKDOOR_OWNER,), "nsenter -t 4117 -n nft '"),
    (Netns(2, "blue", "named"), (), "ip netns exec blue nft '"),
    (Netns(2, "a b; rm", "named"), (), "ip netns exec 'a b; rm' nft '"),
]


@pytest.mark.parametrize(("netns", "owners", "begins"), NAMESPACES)
def test_it_is_cut_off_where_it_is(netns, owners, begins):
    assert commands(replace(kit.BACKDOOR, netns=netns, owners=owners))["cut it off"].startswith(begins)


@pytest.mark.parametrize("netns", [Netns(3, "", "private"), Netns(3, "x\x1b", "named")])
def test_a_namespace_that_nobody_can_enter_by_name_has_no_command(netns):
    assert "cut it off" not in commands(replace(kit.BACKDOOR, netns=netns, owners=()))


def traced(origin, **changes):
    owner = replace(kit.BACKDOOR_OWNER, origin=origin, **changes)
    return commands(replace(kit.BACKDOOR, owners=(owner,))).get("find the way in")


def test_the_way_in_depends_on_what_started_it():
    assert traced(Origin("login", user="deploy", remote="198.51.100.7")) == "last -i -n 20 deploy"
    assert traced(Origin("login")) == "last -i -n 20"
    assert traced(Origin("cron")) == "ls -la --time-style=full-iso /etc/cron* /var/spool/cron"
    assert traced(Origin("service", "x.service")).startswith("journalctl _PID=4117")
    assert traced(None).startswith("journalctl _PID=4117")
    box = Container("docker", "3f1c", "shop")
    assert traced(Origin("container"), container=box) == "docker logs --since 1h shop"
    assert traced(Origin("container"), container=Container("docker", "\n")) is None


@pytest.mark.parametrize("name", HOSTILE)
def test_no_stranger_s_name_is_more_than_a_word_of_a_command(name):
    owner = replace(kit.BACKDOOR_OWNER, origin=Origin("login", name, name, name), unit=name, comm=name)
    for opening in (replace(kit.BACKDOOR, owners=(owner,)), judged(replace(kit.SSH, owners=(), unit=name), "high")):
        for command in commands(opening).values():
            assert name not in command or f"'{name}'" in command or name == "a" * 4096 or name.isalnum()


def test_steps_are_numbered_and_their_commands_aligned():
    told = said(Document((Fields((steps.field(steps.steps(kit.BACKDOOR)),)),)), 200).split("\n")
    assert [each.split()[0 if number else 1] for number, each in enumerate(told[:4])] == ["1", "2", "3", "4"]
    assert told[0].index("cp /proc") == told[2].index("nft delete")
