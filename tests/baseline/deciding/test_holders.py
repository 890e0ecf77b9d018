"""Who holds an opening: groups, fields, and three answers."""

from __future__ import annotations

import pytest
from tests.kit.deciding import opening, owner

from hb_engine.baseline.deciding import holders
from hb_engine.baseline.deciding.holders import compiled, every, groups, literal, some
from hb_engine.model.baseline import OWNER_FIELDS, All, AnyOf, Is, Not
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Hold, Package

KEEPER = owner(pid=1, comm="systemd", exe="/usr/lib/systemd/systemd", holds=(Hold("activation", "x.socket"),))
OTHER = owner(pid=7, comm="nc", exe="/usr/bin/nc", unit="session-3.scope", package=Package("netcat", "1", "dpkg"))
WORKER = owner(pid=101, user="www-data", uid=33)


def asked(condition, seen, digest=None, *, how=every):
    return how(compiled(condition), groups(seen, digest))


def fits(field, pattern, seen, **more):
    return asked(Is(field, pattern), seen, **more)


def test_every_field_of_the_language_is_read():
    assert set(holders.FIELDS) == set(OWNER_FIELDS)


# -- groups


def test_a_server_and_its_workers_are_one_group():
    assert [len(group.owners) for group in groups(opening(443, "public", owner(), WORKER, WORKER))] == [3]


def test_another_program_script_unit_or_container_is_another_group():
    box = owner(container=Container("docker", "c0"))
    script = owner(script="/srv/a.py")
    assert len(groups(opening(443, "public", owner(), OTHER, box, script))) == 4


def test_who_keeps_a_socket_for_a_service_that_runs_is_left_out():
    assert [group.owners for group in groups(opening(22, "public", owner(), KEEPER))] == [(owner(),)]
    assert groups(opening(22, "public", KEEPER))[0].waiting


def test_an_opening_without_owners_has_one_group():
    assert [group.owners for group in groups(opening(unowned=Unowned("not-permitted")))] == [()]


def test_a_second_program_on_the_same_port_is_not_covered():
    shared = opening(443, "public", owner(), OTHER)
    assert fits("unit", "nginx", shared) is False
    assert fits("unit", "nginx", shared, how=some) is True
    assert fits("exe", "nc", shared, how=some) is True
    assert asked(AnyOf((Is("unit", "nginx"), Is("exe", "nc"))), shared) is True


def test_a_group_has_the_users_of_all_its_processes():
    seen = opening(443, "public", owner(), WORKER)
    assert fits("user", "root", seen) is True
    assert fits("user", "33", seen) is True
    assert asked(Not(Is("user", "root")), seen) is False


# -- fields


@pytest.mark.parametrize(
    ("field", "pattern", "expected"),
    [
        ("unit", "nginx", True),
        ("unit", "apache2", False),
        ("exe", "/usr/sbin/nginx", True),
        ("exe", "nginx", True),
        ("pkg", "nginx", True),
        ("pkg", "apache2", False),
        ("user", "root", True),
        ("user", "0", True),
        ("user", "www-data", False),
        ("comm", "ngi*", True),
        ("script", "*", False),
        ("container", "*", False),
        ("image", "*", False),
        ("signed", "distro", None),
        ("kernel", "yes", False),
        ("sha256", "*", None),
    ],
)
def test_fields_of_an_owner_that_was_seen(field, pattern, expected):
    assert fits(field, pattern, opening()) is expected


@pytest.mark.parametrize("field", [name for name in OWNER_FIELDS if name not in ("unit", "user", "cgroup")])
@pytest.mark.parametrize("reason", ["not-permitted", "outside-pid-namespace", "not-found", "vanished", "in-flight"])
def test_nothing_is_guessed_of_owners_that_are_not_known(field, reason):
    seen = opening(unowned=Unowned(reason))
    assert fits(field, "*", seen) is None
    assert asked(Not(Is(field, "*")), seen) is None


def test_a_sockets_own_unit_user_and_container_count_where_owners_are_not_known():
    box = Container("docker", "c0ffee", "shop", "redis:7")
    seen = opening(unowned=Unowned("not-permitted"), unit="nginx.service", uid=33, user="www-data", container=box)
    assert fits("unit", "nginx", seen) is True
    assert fits("unit", "apache2", seen) is False
    assert fits("user", "www-data", seen) is True
    assert fits("container", "shop", seen) is True
    assert fits("image", "redis:*", seen) is True
    assert asked(All((Is("unit", "nginx"), Is("exe", "nginx"))), seen) is None


def test_who_holds_a_socket_now_counts_before_who_made_it():
    handed_on = opening(443, "public", OTHER, unit="nginx.service")
    assert fits("unit", "nginx", handed_on) is False
    assert fits("unit", "session-3.scope", handed_on) is True
    assert fits("unit", "nginx", opening(443, "public", owner(unit=None), unit="nginx.service")) is True


def test_the_kernel_is_an_owner_that_runs_nothing():
    seen = opening(unowned=Unowned("kernel", "NFS server"))
    assert fits("kernel", "yes", seen) is True
    assert fits("kernel", "NFS*", seen) is True
    assert fits("kernel", "WireGuard", seen) is False
    assert fits("exe", "*", seen) is False
    assert fits("unit", "*", seen) is False
    thread = opening(443, "public", owner(exe=None, exe_state="kernel", unit=None, package=None))
    assert fits("kernel", "any", thread) is True
    assert fits("exe", "*", thread) is False


def test_an_executable_that_could_not_be_read_is_not_seen():
    seen = opening(443, "public", owner(exe=None, package=None))
    assert fits("exe", "*", seen) is None
    assert fits("pkg", "nginx", seen) is None
    assert fits("unit", "nginx", seen) is True


def test_a_service_that_has_not_started_is_known_by_its_unit_alone():
    waiting = opening(22, "public", owner(unit="ssh.service", exe="/usr/lib/systemd/systemd", holds=KEEPER.holds))
    assert fits("unit", "ssh", waiting) is True
    assert fits("exe", "systemd", waiting) is None
    assert fits("pkg", "nginx", waiting) is None


def test_containers_by_name_id_pod_and_image():
    box = Container("docker", "c0ffee", "shop", "redis:7", "prod/shop-1")
    seen = opening(443, "public", owner(container=box, unit=None))
    assert [fits("container", text, seen) for text in ("shop", "c0ffee", "prod/*", "other")] == [
        True,
        True,
        True,
        False,
    ]
    assert fits("image", "redis:7", seen) is True
    nameless = opening(443, "public", owner(container=Container("docker", "1d")))
    assert fits("image", "redis:7", nameless) is None


def test_signed_is_a_package_whose_bytes_run():
    def signed(verified):
        return fits("signed", "distro", opening(443, "public", owner(package=Package("x", "1", "rpm", verified))))

    assert [signed(True), signed(False), signed(None)] == [True, False, None]
    assert fits("signed", "rpm", opening(443, "public", owner(package=Package("x", "1", "rpm", True)))) is True
    assert fits("signed", "distro", opening(443, "public", owner(package=None))) is False


def test_digests_are_asked_of_whoever_can_read_files():
    told = {"/usr/sbin/nginx": "AB" * 32}
    digest = lambda one: told.get(one.exe, "")  # noqa: E731
    assert fits("sha256", "ab" * 32, opening(), digest=digest) is True
    assert fits("sha256", "cd" * 32, opening(), digest=digest) is False
    assert fits("sha256", "ab" * 32, opening(443, "public", OTHER), digest=digest) is None


def test_the_package_of_a_script_counts():
    seen = opening(443, "public", owner(script="/usr/bin/certbot", script_package=Package("certbot", "1", "dpkg")))
    assert fits("pkg", "certbot", seen) is True
    assert fits("script", "certbot", seen) is True


# -- three answers


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
        (False, False, False, False),
    ],
)
def test_and_and_or_of_what_was_not_seen(left, right, both, either):
    parts = {True: Is("unit", "nginx"), False: Is("unit", "apache2"), None: Is("sha256", "x")}
    for one, other in ((left, right), (right, left)):
        assert asked(All((parts[one], parts[other])), opening()) is both
        assert asked(AnyOf((parts[one], parts[other])), opening()) is either


def test_groups_together():
    unseen = owner(pid=9, comm="x", exe=None, unit="x.service", package=None)
    seen = opening(443, "public", owner(), unseen)
    assert fits("exe", "nginx", seen) is None
    assert fits("exe", "nginx", seen, how=some) is True
    assert fits("exe", "nc", seen) is False
    assert fits("exe", "nc", seen, how=some) is None


# -- finding rules by owners


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Is("unit", "nginx"), ("unit", "nginx.service")),
        (Is("unit", "nginx.socket"), ("unit", "nginx.socket")),
        (Is("unit", "nginx*"), None),
        (Is("exe", "/usr/sbin/nginx"), ("exe", "/usr/sbin/nginx")),
        (Is("exe", "nginx"), None),
        (Is("exe", "C:\\web.exe"), None),
        (Is("pkg", "nginx"), ("pkg", "nginx")),
        (Is("user", "root"), None),
        (All((Is("user", "root"), Is("pkg", "nginx"))), ("pkg", "nginx")),
        (AnyOf((Is("pkg", "nginx"), Is("pkg", "apache2"))), None),
        (Not(Is("pkg", "nginx")), None),
        (None, None),
    ],
)
def test_what_a_condition_cannot_do_without(condition, expected):
    assert literal(condition) == expected


def test_what_a_condition_needs_is_among_what_a_group_has():
    seen = opening(
        443, "public", owner(unit="user@1000.service/app.slice/dev.service", exe="/usr/sbin/nginx (deleted)")
    )
    found = holders.literals(groups(seen)[0])
    assert found is not None
    assert {("exe", "/usr/sbin/nginx"), ("pkg", "nginx")} <= set(found)
    assert ("unit", "user@1000.service/app.slice/dev.service") in found
    assert ("unit", "dev.service") not in found  # a user may call a unit as the machine's is called
    assert holders.literals(groups(opening(443, "public", owner(exe="C:\\a.exe")))[0]) is None
    assert holders.literals(groups(opening(unowned=Unowned("not-found")))[0]) is None


def test_the_fields_of_a_condition():
    assert holders.fields(All((Is("unit", "a"), Not(AnyOf((Is("exe", "b"), Is("pkg", "c"))))))) == {
        "unit",
        "exe",
        "pkg",
    }
    assert holders.fields(None) == frozenset()


def test_a_fact_that_nobody_tells_is_no_fact():
    """A list without packages and units says of no program that it is in none."""
    one = opening(443, "public", owner(package=None, unit=None))
    for field in ("pkg", "unit", "signed"):
        asked = compiled(Is(field, "nginx*"))
        assert every(asked, groups(one)) is False
        assert every(asked, groups(one, untold=frozenset((field,)))) is None
    told = groups(one, untold=frozenset(("exe", "pkg")))
    assert every(compiled(Is("exe", "/usr/sbin/nginx")), told) is True
    assert every(compiled(Is("exe", "/usr/sbin/httpd")), told) is False


def test_a_path_of_files_that_a_user_laid_over_the_machines_fits_no_rule():
    """Such a process may stand under any path, that of a server that is allowed too."""
    asked = holders.compiled(Is("exe", "/usr/sbin/nginx"))
    (laid,) = groups(opening(443, "public", owner(exe="/usr/sbin/nginx", exe_state="elsewhere", package=None)))
    (plain,) = groups(opening(443, "public", owner(exe="/usr/sbin/nginx")))
    assert (asked(laid), asked(plain)) == (False, True)


def test_a_program_laid_over_the_path_is_not_covered_by_the_one_that_shares_its_port():
    both = opening(443, "public", owner(exe="/usr/sbin/nginx"), owner(exe="/usr/sbin/nginx", exe_state="elsewhere"))
    assert holders.every(holders.compiled(Is("exe", "/usr/sbin/nginx")), groups(both)) is False


def test_a_user_without_a_name_may_be_anybody_but_root():
    nameless = groups(opening(443, "public", owner(user="", uid=33)))
    assert every(compiled(Is("user", "www-data")), nameless) is None
    assert every(compiled(Is("user", "33")), nameless) is True
    assert every(compiled(Is("user", "34")), nameless) is False
    root = groups(opening(443, "public", owner(user="", uid=0)))
    assert every(compiled(Is("user", "root")), root) is True
    assert every(compiled(Is("user", "www-data")), root) is False
