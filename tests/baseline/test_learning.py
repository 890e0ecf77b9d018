"""What is learned is what was seen, and how far learning has come is counted from looks."""

from __future__ import annotations

import tomllib

from tests.baseline.seen import DAY, DB, HOST, NOW, SSH, WEB, inventory, opening, owner

from hb_engine.baseline import learning, lock
from hb_engine.baseline.learning import Standing
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Lock, LockedHost
from hb_engine.model.history import Look, Presence
from hb_engine.model.identity import Identity
from hb_engine.model.record import replace


def test_a_look_becomes_a_part_of_the_lock():
    told = learning.learned(
        inventory(SSH, WEB),
        Lock(),
        until=int(NOW) + 5,
        answers={SSH.key: Answer("tcp", 22, "open", "conn-accepted", identity=Identity("ssh", "OpenSSH", "9.2p1"))},
        digests={WEB.key: "ab" * 32},
        first_seen={WEB.key: 1000.5},
    )
    assert told.added == (SSH.thread, WEB.thread)
    assert (told.host.name, told.host.machine, told.host.learned_at) == ("web-17", "m1", int(NOW))
    assert told.host.learning_until == int(NOW) + 5
    ssh, web = told.host.observed
    assert (ssh.speaks, ssh.protocol, ssh.package, ssh.scope) == ("ssh", "OpenSSH 9.2p1", "openssh-server", "public")
    assert (web.sha256, web.first_seen, web.exe) == ("ab" * 32, 1000, "/usr/sbin/nginx")
    assert ssh.first_seen == int(NOW)
    assert lock.parse(lock.text(Lock((told.host,))), "hb.lock") == Lock((told.host,))


def test_learning_again_tells_what_came_and_what_went():
    before = Lock((learning.learned(inventory(SSH, WEB), Lock()).host, LockedHost("other")))
    told = learning.learned(inventory(WEB, DB, at=NOW + DAY), before)
    assert (told.added, told.gone) == ((DB.thread,), (SSH.thread,))
    assert told.host.learned_at == int(NOW + DAY)
    assert learning.host_of(before, "other") == LockedHost("other")
    assert learning.host_of(before, "third") is None


def test_what_was_asked_once_stays_known_until_it_is_asked_again():
    heard = {SSH.key: Answer("tcp", 22, "open", "conn-accepted", identity=Identity("ssh", "OpenSSH", "9.2p1"))}
    first = learning.learned(inventory(SSH), Lock(), answers=heard, first_seen={SSH.key: 5.0})
    again = learning.learned(inventory(SSH, at=NOW + DAY), Lock((first.host,)), digests={SSH.key: "ab" * 32})
    assert again.host.observed[0] == replace(first.host.observed[0], sha256="ab" * 32)
    asked = learning.learned(inventory(SSH, at=NOW + DAY), Lock((first.host,)), answers={})
    assert (asked.host.observed[0].speaks, asked.host.observed[0].first_seen) == ("", 5)


def test_a_look_without_privileges_makes_nothing_unknown():
    before = Lock((learning.learned(inventory(SSH, DB), Lock()).host,))
    told = learning.learned(inventory(WEB, privileged=False), before)
    assert {one.thread for one in told.host.observed} == {SSH.thread, DB.thread, WEB.thread}
    assert (told.added, told.gone) == ((WEB.thread,), ())


def test_another_machine_of_this_name_is_not_taken_for_this_one():
    theirs = replace(HOST, machine="m2")
    before = Lock((learning.learned(inventory(SSH, DB, host=theirs), Lock(), first_seen={SSH.key: 5.0}).host,))
    told = learning.learned(inventory(SSH, privileged=False), before)
    assert told.other
    assert (told.added, told.gone) == ((SSH.thread,), ())
    assert [(one.thread, one.first_seen) for one in told.host.observed] == [(SSH.thread, int(NOW))]
    unknown = replace(HOST, machine="")
    assert not learning.learned(inventory(SSH, host=unknown), before).other


def test_names_that_were_no_text_are_found_again():
    odd = replace(HOST, name="w\udcff")
    one = opening(9, owner("/opt/\udc80", None, None))
    told = learning.learned(inventory(one, host=odd), Lock())
    kept = lock.parse(lock.text(Lock((told.host,))), "hb.lock")
    assert learning.host_of(kept, "w\udcff") == told.host
    assert learning.learned(inventory(one, host=odd), kept).added == ()


def test_progress_is_counted_from_looks():
    looks = tuple([Look(number, "web-17", number * DAY / 2) for number in range(1, 9)])
    presence = (
        Presence(SSH, 0.0, NOW, 8, 8, 5, 1),
        Presence(WEB, 3 * DAY, NOW, 7, 8, 4, 1),
        Presence(DB, 0.0, NOW, 0, 0, 0, 0),
    )
    host = LockedHost("web-17", learned_at=0, learning_until=int(14 * DAY))
    told = learning.standing(host, looks, presence)
    assert told == Standing(0, int(14 * DAY), 5, 8, 3, 1, 4 * DAY, 3 * DAY)
    assert not told.is_over(13 * DAY)
    assert told.is_over(14 * DAY)
    assert learning.standing(LockedHost("x"), (), ()) == Standing(0, None, 0, 0, 0, 0)
    assert Standing(0, None, 0, 0, 0, 0).is_over(0)


def test_the_first_file_is_toml_and_says_how_to_go_on():
    text = learning.starter({"debian": "chrony, dhcp", "ssh-admin": "sshd"})
    read = tomllib.loads(text)
    assert read["defaults"]["packs"] == ["debian", "ssh-admin"]
    assert read["schema"] == "hb/1"
    assert set(read) == {"schema", "defaults"}
    assert "# sshd" in text
    assert tomllib.loads(learning.starter({}))["defaults"]["packs"] == []
    commented = text[text.index("# [[allow]]") :].replace("# ", "")
    assert tomllib.loads(commented)["allow"][0]["id"] == "web-https"
    assert max(map(len, text.splitlines())) <= 120
