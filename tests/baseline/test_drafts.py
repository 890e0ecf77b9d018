"""What is drafted is as narrow as lasts: no pid, no version, and never a rule for whoever comes next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.seen import DB, SSH, WEB, opening, owner

from hb_engine.baseline import blocks, drafts
from hb_engine.baseline.deciding.holders import compiled, every, groups
from hb_engine.model.baseline import Is, Listen
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Container, Hold
from hb_engine.model.record import replace

BOX = Container("docker", "4f1c" * 16, "shop", "registry.example:5000/shop:4")


def by(*owners, **more):
    found = drafts.by_of(opening(443, *owners, **more))
    return blocks.condition(found) if found else None


@pytest.mark.parametrize(
    ("owners", "told"),
    [
        ([owner()], "unit:nginx.service and pkg:nginx"),
        ([owner(), owner(pid=101, user="www-data")], "unit:nginx.service and pkg:nginx"),
        ([owner(unit=None)], "exe:/usr/sbin/nginx and pkg:nginx and user:root"),
        ([owner(unit=None), owner(unit=None, pid=2, user="www-data")], "exe:/usr/sbin/nginx and pkg:nginx"),
        ([owner("/opt/app/bin/app", None, "app.service")], "unit:app.service and exe:/opt/app/bin/app"),
        ([owner("/opt/app/bin/app", None, None, user="al")], "exe:/opt/app/bin/app and user:al"),
        ([owner(None, None, None, comm="thing", user="")], "comm:thing"),
        (
            [owner("/usr/bin/python3.11", "python3.11-minimal", None, script="/srv/a b.py", user="al")],
            "exe:/usr/bin/python3.11 and script:/srv/a?b.py and user:al",
        ),
        ([owner("/app", None, None, container=BOX)], "image:registry.example:5000/shop:4 and exe:/app"),
        ([owner("/app", None, None, container=replace(BOX, image=""))], "container:shop and exe:/app"),
        ([owner(None, None, None, container=BOX)], "image:registry.example:5000/shop:4"),
        (
            [
                owner("/usr/sbin/a", "a", "a.service"),
                owner("/usr/sbin/b", "b", "b.service"),
            ],
            "unit:a.service and pkg:a or unit:b.service and pkg:b",
        ),
        ([owner("/tmp/x (deleted)", None, None)], "exe:/tmp/x and user:root"),
        ([owner("C:\\Program Files\\x.exe", None, None, user="")], "exe:C:/Program?Files/x.exe"),
    ],
)  # fmt: skip
def test_owners_are_named_by_what_lasts(owners, told):
    assert by(*owners) == told


def test_a_socket_that_is_kept_for_a_service_is_the_services_before_and_after_its_start():
    keeper = owner("/usr/lib/systemd/systemd", "systemd", "cups.service", pid=1, holds=(Hold("activation", "x"),))
    started = owner("/usr/sbin/cupsd", "cups-daemon", "cups.service")
    assert by(keeper) == "unit:cups.service"
    assert by(started, keeper) == "unit:cups.service and pkg:cups-daemon"
    assert by(replace(keeper, unit=None)) is None


def test_where_no_process_is_named():
    assert by() is None
    assert by(unowned=Unowned("not-permitted"), user="al") is None
    assert by(unowned=Unowned("not-permitted"), unit="a.service") == "unit:a.service"
    assert by(unowned=Unowned("not-permitted"), container=BOX, unit="x.scope") == "image:registry.example:5000/shop:4"
    assert by(unowned=Unowned("kernel", "NFS server")) == "kernel:NFS?server"


def test_places_are_as_observed():
    assert drafts.place_of(WEB) == Listen("tcp", 443, 443)
    assert drafts.place_of(DB) == Listen("tcp", 5432, 5432, scope="loopback")
    assert drafts.place_of(DB, "private").scope == "private"
    assert drafts.place_of(replace(WEB, ephemeral=True)) == Listen("tcp", place="ephemeral")
    tap = replace(WEB, kind="tap", transport="packet", port=None, interface="eth0")
    assert drafts.place_of(tap) == Listen("packet", place="any")
    assert drafts.place_of(replace(WEB, netns=Netns(7, "", "container"))).netns == "container"


def test_a_draft_is_a_block_that_says_what_was_seen():
    rule = drafts.draft(SSH)
    assert blocks.block(rule) == (
        '[[allow]]\nid = "ssh-22"\nlisten = "tcp/22 on public"\nby = "unit:ssh.service and pkg:openssh-server"\n'
    )
    assert drafts.words_of(rule) == "tcp/22 on public"
    assert drafts.draft(SSH, kind="forbid", scope="loopback").kind == "forbid"


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (SSH, "ssh"),
        (DB, "postgresql-15-main"),
        (opening(1, owner(unit="user@1000.service/app.slice/My App.service")), "my-app"),
        (opening(1, owner("/app", None, None, container=BOX)), "shop"),
        (opening(1, owner(unit=None)), "nginx"),
        (opening(1, owner("/usr/bin/python3", "python3", None, script="/srv/serve.py")), "serve-py"),
        (opening(1, owner("/opt/x/Y (deleted)", None, None)), "y"),
        (opening(1, unowned=Unowned("kernel", "NFS server")), "kernel-nfs-server"),
        (opening(1), "unknown"),
        (opening(1, owner("/\u202e\u202e", None, None)), "unknown"),
    ],
)
def test_names(one, name):
    assert drafts.name_of(one) == name


def test_ids_are_nobody_elses():
    place = Listen("udp", 53, 53)
    assert drafts.id_of("dns", [place], ()) == "dns-udp-53"
    assert drafts.id_of("dns", [place], {"dns-udp-53", "dns-udp-53-2"}) == "dns-udp-53-3"
    assert drafts.id_of("x", [Listen("tcp", place="ephemeral")], ()) == "x-ephemeral"


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_whatever_a_process_calls_itself_its_id_is_plain_and_its_pattern_matches_one_letter_for_one(name):
    one = opening(9, owner(f"/tmp/{name}", None, None, comm=name, user=""))
    told = drafts.id_of(drafts.name_of(one), [drafts.place_of(one)], ())
    assert set(told) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(told) <= drafts.LONGEST + 12
    found = drafts.by_of(one)
    assert isinstance(found, Is)
    assert (found.field, len(found.pattern)) == ("exe", len(f"/tmp/{name}".removesuffix(" (deleted)")))
    assert "*" not in found.pattern
    assert every(compiled(found), groups(one))


@given(st.lists(st.text(st.characters(exclude_categories=()), min_size=1, max_size=20), min_size=6, max_size=6))
def test_a_draft_covers_what_it_was_drafted_from(texts):
    exe, name, unit, package, script, user = texts
    for one in (
        owner(exe, package, f"{unit}.service", user=user),
        owner(exe, None, None, comm=name, script=script, user=user),
        owner(None, None, None, comm=name, container=replace(BOX, image=name)),
    ):
        found = drafts.by_of(opening(9, one))
        assert found
        assert every(compiled(found), groups(opening(9, one)))
