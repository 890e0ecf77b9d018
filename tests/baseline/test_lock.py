"""hb.lock says the same each time, is read back as it was, and every broken one is told with its line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline import lock as locks
from hb_engine.model.baseline import Lock, LockedHost, Observed
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace

NGINX = Observed(
    "tcp/443/unit:nginx.service/host", "public", "/usr/sbin/nginx", "ab" * 32, "nginx-core", "1.22.1-9", "", "https",
    "nginx 1.22.1", "TLSv1.3", "cd" * 32, 1_795_000_000,
)  # fmt: skip
SSH = Observed("tcp/22/unit:ssh.service/host", "public", "/usr/sbin/sshd")
WEB = LockedHost("web-17", "5f0c", 1_795_000_000, None, (SSH, NGINX))
DB = LockedHost("db-1", "77aa", 1_795_000_001, 1_796_000_000, (SSH,))
TEXT = locks.text(Lock((WEB, DB)))

TIMES = st.integers(0, locks.LATEST)
WORDS = st.text(max_size=20)
OBSERVED = st.builds(
    Observed,
    st.tuples(st.sampled_from(["tcp", "udp"]), st.integers(0, 65535), st.text(max_size=12), st.just("host")).map(
        lambda parts: "/".join(map(str, parts))
    ),
    st.sampled_from(SCOPES),
    *[WORDS] * 9,
    first_seen=st.none() | TIMES,
)
HOSTS = st.builds(
    LockedHost, WORDS, WORDS, TIMES, st.none() | TIMES,
    st.lists(OBSERVED, max_size=4, unique_by=lambda one: locks.plain(one.thread)).map(tuple),
)  # fmt: skip
LOCKS = st.lists(HOSTS, max_size=4, unique_by=lambda one: locks.plain(one.name)).map(lambda hosts: Lock(tuple(hosts)))


def as_written(lock: Lock) -> Lock:
    """A lock as it is read back: sorted, and without half surrogate pairs."""

    def fact(one: Observed) -> Observed:
        texts = {name: locks.plain(getattr(one, name)) for name in (*locks.FACTS, "thread")}
        return replace(one, **texts)

    def host(one: LockedHost) -> LockedHost:
        told = sorted(map(fact, one.observed), key=lambda each: each.thread)
        return replace(one, name=locks.plain(one.name), machine=locks.plain(one.machine), observed=tuple(told))

    return Lock(tuple(sorted(map(host, lock.hosts), key=lambda one: one.name)))


# -- writing and reading


@pytest.mark.slow
@given(LOCKS)
def test_what_was_written_is_read_back(lock):
    assert locks.parse(locks.text(lock), "hb.lock") == as_written(lock)


@pytest.mark.slow
@given(LOCKS)
def test_the_text_is_canonical(lock):
    """The same lock in any order is the same text, and what was read is written as it was."""
    told = locks.text(lock)
    assert locks.text(Lock(tuple(reversed(lock.hosts)))) == told
    assert locks.text(locks.parse(told, "hb.lock")) == told


@pytest.mark.slow
@given(LOCKS)
def test_it_is_toml_of_printable_characters(lock):
    told = locks.text(lock)
    assert tomllib.loads(told)["schema"] == "hb/1"
    assert all(letter.isprintable() for letter in told.replace("\n", ""))
    told.encode("utf-8")


def test_one_opening_is_one_line():
    added = Observed("udp/53/unit:named.service/host", "loopback")
    before = TEXT.splitlines()
    after = locks.text(Lock((replace(WEB, observed=(*WEB.observed, added)), DB))).splitlines()
    assert [line for line in after if line not in before] == [
        '"udp/53/unit:named.service/host" = { scope = "loopback" }'
    ]
    assert len(after) == len(before) + 1


def test_a_line_has_the_facts_that_are_known():
    assert (
        '"tcp/443/unit:nginx.service/host" = { scope = "public", exe = "/usr/sbin/nginx", '
        f'sha256 = "{"ab" * 32}", package = "nginx-core", version = "1.22.1-9", speaks = "https", '
        f'protocol = "nginx 1.22.1", tls = "TLSv1.3", certificate = "{"cd" * 32}", first = 2026-11-18T11:06:40Z }}'
    ) in TEXT
    assert '"tcp/22/unit:ssh.service/host" = { scope = "public", exe = "/usr/sbin/sshd" }' in TEXT


def test_of_two_lines_for_one_thread_the_widest_stays():
    near, far = replace(SSH, scope="loopback"), replace(SSH, scope="private")
    for order in ((near, far), (far, near)):
        read = locks.parse(locks.text(Lock((replace(WEB, observed=order),))), "hb.lock")
        assert [one.scope for one in read.hosts[0].observed] == ["private"]


def test_bytes_that_were_no_text_stand_as_four_characters():
    told = locks.text(Lock((replace(WEB, observed=(Observed("tcp/9/exe:/a\udcff/host", "link"),)),)))
    assert '"tcp/9/exe:/a\\\\xff/host"' in told
    assert locks.parse(told, "hb.lock").hosts[0].observed[0].thread == locks.plain("tcp/9/exe:/a\udcff/host")


@pytest.mark.parametrize(
    ("text", "told"), [("plain", "plain"), ("\udc80", "\\x80"), ("a\ud800b", "a\\ud800b"), ("\u00e9", "\u00e9")]
)
def test_plain(text, told):
    assert locks.plain(text) == told


# -- one machine among many


@pytest.mark.slow
@given(LOCKS, HOSTS)
def test_one_machine_is_put_in_and_all_others_stay_as_they_are(lock, host):
    others = [one for one in lock.hosts if locks.plain(one.name) != locks.plain(host.name)]
    assert locks.merged(locks.text(lock), host) == locks.text(Lock((*others, host)))


@pytest.mark.slow
@given(LOCKS)
def test_a_check_reads_its_own_machine_only(lock):
    told = locks.text(lock)
    for host in as_written(lock).hosts:
        assert locks.parse(told, "hb.lock", host.name) == Lock((host,))
    nobody = "another machine, and a name that nobody has"
    assert locks.parse(told, "hb.lock", nobody) == as_written(lock), "that it holds others is worth a word"


def test_what_others_wrote_by_hand_stays_when_one_machine_is_replaced():
    by_hand = TEXT.replace('machine = "77aa"', '# moved to rack 7\nmachine   =   "77aa"')
    merged = locks.merged(by_hand, replace(WEB, learned_at=1_795_900_000))
    assert "# moved to rack 7" in merged
    assert [line for line in merged.splitlines() if line not in by_hand.splitlines()] == [
        "learned = 2026-11-28T21:06:40Z"
    ]


def test_a_lock_that_is_not_there_yet_begins_with_one_machine():
    assert locks.merged("", WEB) == locks.text(Lock((WEB,)))


# -- what is broken


def refused(text: str, host: str | None = None) -> tuple[str, str]:
    with pytest.raises(BadInput) as raised:
        locks.parse(text, "hb.lock", host)
    return raised.value.message, raised.value.remedy


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


CUT = TEXT[: TEXT.index("package =")]
BROKEN = {
    "no toml": (TEXT.replace('scope = "public"', "scope = public", 1), '"tcp/22', "Invalid value"),
    "a scope that is none": (TEXT.replace('scope = "public"', 'scope = "wide"', 1), '"tcp/22', "scope is one of"),
    "a text that is a number": (TEXT.replace('exe = "/usr/sbin/sshd"', "exe = 7", 1), '"tcp/22', "exe must be a text"),
    "a date that is a text": (TEXT.replace("learned = 2026-11-18T11:06:41Z", 'learned = "today"'), '[hosts."db-1"]',
                              "learned must be a date"),
    "an opening that is a number": (TEXT.replace('{ scope = "public", exe = "/usr/sbin/sshd" }', "7", 1), '"tcp/22',
                                    "an opening must be a table"),
    "an opening by another name": (TEXT.replace('"tcp/22/unit:ssh.service/host"', '"ssh"', 1), '"ssh"',
                                   "transport/port/owner/namespace"),
    "a newer schema": (TEXT.replace('"hb/1"', '"hb/2"'), "schema", "of schema 'hb/2', and this hb reads 'hb/1'"),
    "a merge that was not ended": (TEXT.replace("[hosts.", "<<<<<<< HEAD\n[hosts.", 1), "<<<<<<<", "merged"),
    "cut in a line": (CUT, '"tcp/443', ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "part", "what"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_told_with_its_line(text, part, what):
    message, remedy = refused(text)
    assert message.startswith(f"hb.lock:{line_of(text, part)}: "), message
    assert what in message
    assert remedy.endswith(".")


@pytest.mark.parametrize("lines", range(1, TEXT.count("\n")))
def test_a_lock_that_was_written_halfway_is_never_read_as_a_whole_one(lines):
    """Cut between lines it would be good TOML, of fewer openings."""
    cut = "".join(TEXT.splitlines(keepends=True)[:lines])
    for host in (None, "web-17"):
        message, remedy = refused(cut, host)
        assert message.startswith("hb.lock:")
        assert "hb learn" in remedy


def test_a_file_of_another_kind_is_told():
    assert "it says no schema" in refused("[project]\nname = 'x'\n")[0]
    assert "it says no schema" in refused("")[0]


def test_the_wrong_line_of_one_machine_is_told_where_only_that_is_read():
    text = TEXT.replace("public", "wide")
    bad = line_of(text, '[hosts."web-17".openings]') + 1
    assert refused(text, "web-17")[0].startswith(f"hb.lock:{bad}: scope")
    broken = TEXT.replace('machine = "5f0c"', "machine = ")
    assert refused(broken, "web-17")[0].startswith(f"hb.lock:{line_of(broken, 'machine = ' + chr(10))}: ")


def test_a_newer_schema_is_not_to_be_repaired():
    assert "newer" in refused(BROKEN["a newer schema"][0])[1]


def test_nesting_without_end_is_an_error_like_any_other():
    assert refused(f'schema = "hb/1"\nx = {"[" * 100_000}\n')[0].startswith("hb.lock:")


DATES = {"2026-11-25": 1795564800, "2026-11-25T01:00:00Z": 1795568400, "2026-11-25T01:00:00+01:00": 1795564800,
         "2026-11-25T01:00:00": 1795568400}  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), DATES.items())
def test_dates_may_be_written_as_people_write_them(text, seconds):
    read = locks.parse(TEXT.replace("2026-11-18T11:06:41Z", text), "hb.lock", "db-1")
    assert read.hosts[0].learned_at == seconds


@given(st.text(max_size=200) | st.tuples(st.integers(0, len(TEXT)), st.text(max_size=8)).map(
    lambda cut: TEXT[: cut[0]] + cut[1] + TEXT[cut[0] :]))  # fmt: skip
def test_no_text_raises_anything_but_what_is_documented(text):
    for host in (None, "web-17"):
        try:
            locks.parse(text, "hb.lock", host)
        except BadInput as error:
            assert error.message.startswith("hb.lock:")  # noqa: PT017 - any text may be a good lock too
