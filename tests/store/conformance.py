"""What every store does: a suite that is run over each of them, whoever keeps the rows.

test_conformance.py gives it the stores that there are. Each test is a function of one empty store.
"""

from __future__ import annotations

import pytest
from tests.store.kit import (
    BOX,
    CHRONY,
    DNS,
    NOBODY,
    REDIS,
    ROOT,
    SSH,
    START,
    WEB,
    blind,
    daemon,
    kept,
    kinds,
    look,
    on,
    restarted,
)

from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Unowned
from hb_engine.model.record import replace


def an_empty_store_knows_nothing(store):
    assert store.hosts() == ()
    assert store.looks() == ()
    assert store.at(START) is None
    assert (store.history("", None), store.new(0), store.changes(0), store.presence()) == ((), (), (), ())
    assert store.first_seen() == {}
    assert store.trim(START, 1 << 30) == 0


def the_first_look_changes_nothing(store):
    assert store.record(look(0, SSH, WEB)) == ()
    assert store.hosts() == ("web-17",)
    assert store.new(START - 1) == ()
    assert store.changes(0) == ()
    (only,) = store.looks()
    assert (only.host, only.taken_at, only.boot_id, only.privileged, only.openings) == (
        "web-17",
        START,
        "6f1c",
        True,
        2,
    )


def what_was_open_at_a_time(store):
    store.record(look(0, SSH, WEB))
    store.record(look(300, SSH))
    store.record(look(600, SSH, REDIS))
    assert store.at(START - 1) is None
    first, second, third = [store.at(START + after) for after in (299.5, 300, 99999)]
    assert [kept(moment.openings) for moment in (first, second, third)] == [
        kept(x) for x in ([SSH, WEB], [SSH], [SSH, REDIS])
    ]
    assert (first.asked, first.look.taken_at, first.until) == (START + 299.5, START, START + 300)
    assert (second.look.taken_at, second.until) == (START + 300, START + 600)
    assert third.until is None


def spans_tell_between_which_looks(store):
    store.record(look(0, SSH))
    store.record(look(300, SSH, WEB))
    store.record(look(600, SSH, WEB))
    assert kinds(store.record(look(900, SSH))) == [("closed", 443)]
    store.record(look(1200, SSH))
    assert kinds(store.record(look(1500, SSH, restarted(WEB)))) == [("opened", 443)]
    later, earlier = store.history("tcp", 443)
    assert (earlier.before, earlier.first_seen, earlier.last_seen, earlier.gone_at) == (
        START, START + 300, START + 600, START + 900)  # fmt: skip
    assert (later.before, later.first_seen, later.last_seen, later.gone_at) == (
        START + 1200, START + 1500, START + 1500, None)  # fmt: skip
    assert earlier.opening.owners[0].pid == 900
    assert later.opening.owners[0].pid == 7000
    (ssh,) = store.history("", 22)
    assert (ssh.before, ssh.first_seen, ssh.last_seen, ssh.gone_at) == (None, START, START + 1500, None)
    assert store.history("udp", 443) == ()
    assert len(store.history("", None)) == 3


def changes_are_the_latest_first(store):
    store.record(look(0, SSH))
    store.record(look(300, SSH, WEB))
    store.record(look(600, WEB))
    found = store.changes(START)
    assert kinds(found) == [("closed", 22), ("opened", 443)]
    assert [(change.at, change.after) for change in found] == [(START + 600, START + 300), (START + 300, START)]
    assert kinds(store.changes(START + 300)) == [("closed", 22)]


def a_restart_is_no_change_and_the_last_holder_is_kept(store):
    store.record(look(0, SSH, WEB))
    assert store.record(look(300, restarted(SSH), restarted(WEB, 8000))) == ()
    (span,) = store.history("tcp", 22)
    assert (span.first_seen, span.opening.owners[0].pid) == (START, 7000)
    assert store.record(look(600, restarted(SSH), restarted(WEB, 8000), boot="another")) == ()


def a_new_version_is_a_fact_and_the_opening_goes_on(store):
    old, new = daemon(80, version="1"), daemon(80, version="2", pid=101)
    store.record(look(0, old))
    (change,) = store.record(look(300, new))
    assert (change.kind, change.opening.owners[0].package.version) == ("facts", "2")
    assert change.previous.owners[0].package.version == "1"
    (span,) = store.history("tcp", 80)
    assert (span.first_seen, span.opening.owners[0].package.version) == (START, "2")
    versions = [store.at(START + after).openings[0].owners[0].package.version for after in (0, 299, 300, 301)]
    assert versions == ["1", "1", "2", "2"]


def a_wider_scope_is_one_change(store):
    store.record(look(0, on(REDIS, "loopback")))
    (change,) = store.record(look(300, REDIS))
    assert (change.kind, change.opening.scope, change.previous.scope) == ("widened", "public", "loopback")
    assert kinds(store.record(look(600, on(REDIS, "private")))) == [("narrowed", 6379)]
    assert [span.opening.scope for span in store.history("tcp", 6379)] == ["private", "public", "loopback"]
    assert [span.gone_at for span in store.history("tcp", 6379)] == [None, START + 600, START + 300]


def a_second_wider_socket_is_widened_though_the_first_stays(store):
    store.record(look(0, on(REDIS, "loopback")))
    assert kinds(store.record(look(300, on(REDIS, "loopback"), on(REDIS, "private")))) == [("widened", 6379)]
    assert kinds(store.record(look(600, on(REDIS, "loopback")))) == [("closed", 6379)]


def another_owner_is_one_change(store):
    store.record(look(0, daemon(80, "nginx")))
    (change,) = store.record(look(300, daemon(80, "evil", pid=666)))
    assert (change.kind, change.previous.owners[0].exe, change.opening.owners[0].exe) == (
        "owner", "/usr/bin/nginx", "/usr/bin/evil")  # fmt: skip


def a_look_without_rights_changes_no_owner(store):
    store.record(look(0, SSH, WEB, daemon(8080)))
    assert store.record(look(300, blind(SSH), blind(WEB, unit=True), blind(daemon(8080)), coverage=NOBODY)) == ()
    assert store.record(look(600, SSH, WEB, daemon(8080))) == ()
    assert len(store.history("", None)) == 3
    assert {span.opening.owners[0].pid for span in store.history("", None)} == {712, 900, 100}
    assert store.first_seen()["tcp/public/22/unknown/host"] == START


def rights_name_what_was_seen_without(store):
    store.record(look(0, blind(SSH), blind(daemon(8080)), coverage=NOBODY))
    assert store.record(look(300, SSH, daemon(8080))) == ()
    assert store.first_seen()[SSH.key] == START
    (span,) = store.history("tcp", 22)
    assert (span.first_seen, span.opening.owners[0].pid) == (START, 712)
    assert store.record(look(600, blind(SSH), blind(daemon(8080)), coverage=NOBODY)) == ()


def one_unknown_turns_out_to_be_two(store):
    one, other = daemon(80, "one"), daemon(80, "two", pid=101)
    store.record(look(0, blind(one), coverage=NOBODY))
    assert store.record(look(300, one, other)) == ()
    assert {(span.first_seen, span.opening.owners[0].comm) for span in store.history("tcp", 80)} == {
        (START, "one"),
        (START, "two"),
    }
    assert store.record(look(600, blind(one), coverage=NOBODY)) == ()
    assert kinds(store.record(look(900, one))) == [("closed", 80)]


def nobody_is_not_ignorance(store):
    store.record(look(0, daemon(80)))
    nobody = replace(daemon(80), owners=(), unowned=Unowned("not-found", "every process was asked"))
    assert kinds(store.record(look(300, nobody))) == [("owner", 80)]


def only_a_look_that_would_have_shown_it_closes(store):
    store.record(look(0, SSH, BOX))
    assert store.record(look(300, blind(SSH), coverage=NOBODY)) == ()
    (span,) = store.history("tcp", 8080)
    assert (span.last_seen, span.gone_at) == (START, None)
    assert kept(store.at(START + 300).openings) == kept([SSH, BOX])
    assert kinds(store.record(look(600, SSH))) == [("closed", 8080)]
    (span,) = store.history("tcp", 8080)
    assert (span.last_seen, span.gone_at) == (START, START + 600)


def what_nobody_could_have_seen_before_is_not_new(store):
    store.record(look(0, blind(SSH), coverage=NOBODY))
    assert store.record(look(300, SSH, BOX)) == ()
    assert store.new(START) == ()
    store.record(look(600, SSH))
    store.record(look(900, blind(SSH), coverage=NOBODY))
    (change,) = store.record(look(1200, SSH, replace(BOX, port=8081)))
    assert (change.kind, change.at, change.after) == ("opened", START + 1200, START + 600)
    (span,) = store.history("tcp", 8081)
    assert span.before == START + 600


def new_is_what_was_never_there_before(store):
    store.record(look(0, SSH, WEB))
    store.record(look(300, SSH))
    store.record(look(600, SSH, WEB, REDIS))
    assert [span.opening.port for span in store.new(START)] == [6379]
    assert store.new(START + 600) == ()
    assert store.first_seen()[WEB.key] == START


def clients_come_and_go_under_one_key(store):
    many = [replace(CHRONY, port=40000 + place, inodes=(place,)) for place in range(200)]
    store.record(look(0, *many))
    assert store.record(look(300, *[replace(one, port=one.port + 500) for one in many[:3]])) == ()
    assert len(store.history("", None)) == 1
    assert len(store.at(START + 300).openings) == 1


def two_of_one_key_are_both_kept(store):
    other = replace(BOX, addresses=("172.17.0.4",), netns=replace(BOX.netns, id=7, name="shop-2"))
    store.record(look(0, other, BOX))
    assert kept(store.at(START).openings) == kept([BOX, other])
    assert store.record(look(300, BOX, other)) == ()
    (change,) = store.record(look(600, BOX))
    assert change.kind == "facts"


def machines_are_told_apart(store):
    store.record(look(0, SSH))
    store.record(look(10, WEB, host="db-1"))
    assert store.hosts() == ("db-1", "web-17")
    assert kept(store.at(START + 10, "db-1").openings) == kept([WEB])
    assert kept(store.at(START + 10, "web-17").openings) == kept([SSH])
    assert store.record(look(5, SSH)) == ()  # later than the last of this machine
    for ask in (store.looks, store.presence, store.first_seen):
        with pytest.raises(BadInput, match="2 machines"):
            ask()
    with pytest.raises(BadInput, match="no history of a machine named 'db-2'"):
        store.at(START, "db-2")
    assert [look.host for look in store.looks("db-1")] == ["db-1"]
    assert set(store.first_seen("db-1")) == {WEB.key}


def an_older_look_is_refused_and_the_same_is_kept_once(store):
    store.record(look(300, SSH))
    with pytest.raises(BadInput, match="a later look at web-17 is kept already") as caught:
        store.record(look(0, SSH, WEB))
    assert "--repair" in caught.value.remedy
    assert store.record(look(300, SSH)) == ()
    assert len(store.looks()) == 1
    assert set(store.first_seen()) == {SSH.key}


def what_is_no_history_is_refused(store):
    for seen, reason in (
        (look(0, SSH, coverage=replace(ROOT, partial="ports 22")), "a part only"),
        (look(0, SSH, host=""), "no name"),
        (look(-START - 5, SSH), "no time"),
        (look(1e12, SSH), "no time"),
        (replace(look(0, SSH), taken_at=float("nan")), "no time"),
    ):
        with pytest.raises(BadInput, match=reason):
            store.record(seen)
    assert store.hosts() == ()


def looks_tell_their_gaps_and_are_bounded(store):
    gaps = (Gap("vsock sockets", "no module", "load it", "vsock"),)
    for after in range(0, 3000, 300):
        store.record(look(after, SSH, coverage=Coverage(True, ("a", "b"), gaps if after % 600 else ())))
    assert [found.taken_at - START for found in store.looks(limit=3)] == [2700, 2400, 2100]
    assert len(store.looks(since=START + 1500)) == 5
    assert store.looks(limit=1)[0].gaps == gaps
    assert store.looks(limit=0) == ()


def presence_counts_looks_days_and_boots(store):
    day = 86400
    store.record(look(0, SSH, BOX))
    store.record(look(day, SSH, BOX, boot="second"))
    store.record(look(day + 300, blind(SSH), coverage=NOBODY, boot="second"))
    store.record(look(2 * day, SSH, boot="second"))
    store.record(look(3 * day, SSH, BOX, boot="third"))
    found = {one.opening.port: one for one in store.presence()}
    ssh, box = found[22], found[8080]
    assert (ssh.shown, ssh.asked, ssh.days, ssh.boots) == (5, 5, 4, 3)
    assert (box.shown, box.asked, box.days, box.boots) == (3, 4, 3, 3)
    assert (box.first_seen, box.last_seen) == (START, START + 3 * day)
    late = {one.opening.port: one for one in store.presence(since=START + 3 * day)}
    assert (late[8080].shown, late[8080].asked, late[8080].days) == (1, 1, 1)


def forgetting_keeps_what_is_open(store):
    store.record(look(0, SSH, WEB))
    store.record(look(300, SSH))
    store.record(look(600, SSH, REDIS))
    store.record(look(900, SSH))
    store.record(look(1200, SSH, REDIS))
    assert store.trim(START + 700, 1 << 30) == 1
    assert store.history("tcp", 443) == ()
    assert len(store.history("tcp", 6379)) == 2
    assert store.first_seen()[SSH.key] == START
    assert kinds(store.changes(0)) == [("opened", 6379), ("closed", 6379)]
    assert kept(store.at(START + 700).openings) == kept([SSH, REDIS])
    assert store.at(START + 300) is None
    assert store.trim(START + 700, 1 << 30) == 0


def forgetting_by_size_takes_the_oldest(store):
    store.record(look(0, SSH))
    for turn in range(1, 25):
        store.record(look(turn * 300, SSH, daemon(10_000 + turn)))
    assert store.trim(0, 0) == 23
    assert [span.opening.port for span in store.history("", None)] in ([22, 10024], [10024, 22])
    assert kept(store.at(START + 90000).openings) == kept([SSH, daemon(10024)])
    assert kinds(store.record(look(9000, SSH))) == [("closed", 10024)]


def names_of_strangers_come_back(store):
    names = ["byte\udcff", "two\nlines", "zero\0", "\u9b54\u738b", "'; DROP TABLE span; --", "x" * 5000]
    openings = [daemon(100 + place, name) for place, name in enumerate(names)]
    store.record(look(0, *openings))
    assert store.record(look(300, *openings)) == ()
    found = {span.opening.port: span.opening.owners[0].comm for span in store.history("", None)}
    assert [found[100 + place] for place in range(1, len(names))] == names[1:]
    assert found[100] == "byte\\xff"  # as it stands in JSON


def sockets_without_ports_have_a_history(store):
    from tests.faces.kit import TAP

    store.record(look(0, SSH))
    assert [change.opening.kind for change in store.record(look(300, SSH, TAP))] == ["tap"]
    assert [span.opening.port for span in store.history("packet", None)] == [None]
    assert kinds(store.record(look(600, SSH, DNS))) == [("opened", 68), ("closed", None)]


SUITE = (
    an_empty_store_knows_nothing,
    the_first_look_changes_nothing,
    what_was_open_at_a_time,
    spans_tell_between_which_looks,
    changes_are_the_latest_first,
    a_restart_is_no_change_and_the_last_holder_is_kept,
    a_new_version_is_a_fact_and_the_opening_goes_on,
    a_wider_scope_is_one_change,
    a_second_wider_socket_is_widened_though_the_first_stays,
    another_owner_is_one_change,
    a_look_without_rights_changes_no_owner,
    rights_name_what_was_seen_without,
    one_unknown_turns_out_to_be_two,
    nobody_is_not_ignorance,
    only_a_look_that_would_have_shown_it_closes,
    what_nobody_could_have_seen_before_is_not_new,
    new_is_what_was_never_there_before,
    clients_come_and_go_under_one_key,
    two_of_one_key_are_both_kept,
    machines_are_told_apart,
    an_older_look_is_refused_and_the_same_is_kept_once,
    what_is_no_history_is_refused,
    looks_tell_their_gaps_and_are_bounded,
    presence_counts_looks_days_and_boots,
    forgetting_keeps_what_is_open,
    forgetting_by_size_takes_the_oldest,
    names_of_strangers_come_back,
    sockets_without_ports_have_a_history,
)
